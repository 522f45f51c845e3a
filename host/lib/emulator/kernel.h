/* The emulator's kernels: the same bits from plain C, AVX2 and AVX-512.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_KERNEL_H
#define GLB_EMULATOR_KERNEL_H

#include "emulator/adder_plan.h"
#include "emulator/chain_layout.h"
#include "emulator/count.h"

/* One pass over a segment on one block. page: the block's page; lfsr [tiles * lanes][512 / CHAINS];
 * drawn [tiles * lanes]: noise words a lane took since the job's start (64: that or more). */
typedef void glb_emu_kernel(const struct glb_emu_plan *p, uint8_t *page, uint64_t *lfsr,
                            uint8_t *drawn, const int16_t table[1024]);
glb_emu_kernel glb_emu_kernel_portable, glb_emu_kernel_avx2, glb_emu_kernel_avx512;

/* One pass over a counting segment on one block; packed words and sums as count.h says. */
typedef void glb_emu_counter(const struct glb_emu_counts *c, const uint8_t *page, uint8_t *packed,
                             uint16_t *sums, int subtract, int replace);
glb_emu_counter glb_emu_counter_portable, glb_emu_counter_avx2, glb_emu_counter_avx512;

#endif
