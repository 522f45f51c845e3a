/* The emulator's kernels: the same bits from plain C, AVX2, AVX-512 and WebAssembly's vectors.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_KERNELS_KERNEL_H
#define GLB_EMULATOR_KERNELS_KERNEL_H

#include "emulator/count.h"
#include "emulator/plan.h"

struct glb_emu_machine { /* a block, all at multiples of 64 bytes */
    uint8_t *page;       /* zero behind the state words */
    uint8_t *noise;      /* as large as the plan's order needs */
    uint64_t *lfsr;      /* [generators, a multiple of 8], see struct glb_emu_row */
    uint8_t *drawn;      /* [generators] words since the job's start (64: that or more) */
};

/* One pass over a segment on one block. table: at a multiple of 64 bytes. */
typedef void glb_emu_kernel(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                            const int16_t table[1024]);
glb_emu_kernel glb_emu_kernel_portable, glb_emu_kernel_avx2, glb_emu_kernel_avx512,
    glb_emu_kernel_avx512vbmi, glb_emu_kernel_wasm128;

/* One pass over a counting segment on one block; packed words and sums as count.h says. */
typedef void glb_emu_counter(const struct glb_emu_counts *c, const uint8_t *page, uint8_t *packed,
                             uint16_t *sums, int subtract, int replace);
glb_emu_counter glb_emu_counter_portable, glb_emu_counter_avx2, glb_emu_counter_avx512;

#endif
