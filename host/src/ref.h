/* The reference board, step by step: what emu.c falls back to and what emu_port.c puts behind the
 * byte protocol. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_REF_H
#define GLB_REF_H

#include "emu.h"
#include "images.h"

/* A board on images that somebody else owns. */
enum glb_status glb_ref_open_shared(const struct glb_images *m, struct glb_ref **out);

void glb_ref_begin(struct glb_ref *r, uint64_t seed); /* start of a job */
void glb_ref_beta(struct glb_ref *r, uint32_t k);     /* start of a beta step */
void glb_ref_segment(struct glb_ref *r, int segment, int page);
void glb_ref_set_state(struct glb_ref *r, int page, int tile, int addr, uint32_t word);

#endif
