/* The reference board, step by step: what emu.c falls back to and what emu_port.c puts behind the
 * byte protocol. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_REFERENCE_H
#define GLB_EMULATOR_REFERENCE_H

#include "emulator/emulator.h"
#include "emulator/board_memory.h"

/* A board on images that somebody else owns. */
enum glb_status glb_reference_open_shared(const struct glb_board_memory *m,
                                          struct glb_reference **out);

void glb_reference_begin(struct glb_reference *r, uint64_t seed); /* start of a job */
void glb_reference_beta(struct glb_reference *r, uint32_t k);     /* start of a beta step */
void glb_reference_segment(struct glb_reference *r, int segment, int page);
void glb_reference_set_state(struct glb_reference *r, int page, int tile, int addr, uint32_t word);

#endif
