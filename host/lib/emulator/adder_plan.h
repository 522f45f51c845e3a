/* A decoded segment with its weights: carry-save adders over the states' bit planes
 * (chain_layout.h), ready for the kernels. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_ADDER_PLAN_H
#define GLB_EMULATOR_ADDER_PLAN_H

#include "emulator/decode.h"

struct glb_emu_step {       /* a stage, ready to run */
    uint32_t n7, n3;        /* 7:3 counters and full adders */
    const uint32_t *offset; /* byte offsets: 7 a counter, 3 an adder, then one a plane */
    uint8_t plane, nplanes; /* the planes that are not zero lie here */
    uint32_t dst, copy_from;
    uint32_t lane; /* tile * LANES + lane */
    int16_t bias;  /* what is added besides the planes */
    uint8_t noise, copy, keep, dbl, clr, we;
};

struct glb_emu_plan {
    int acc, chains;
    uint32_t
        scratch; /* byte offset of the adders' results: three a counter, two an adder, in order */
    int nsteps;
    struct glb_emu_step *step;
    uint32_t *offset;
    uint32_t page_slots; /* slots that a page needs for this plan */
};

/* Builds the adders for the weights that the images hold now; the old content of *out is reused. */
enum glb_status glb_emu_plan_build(const struct glb_board_memory *m, const struct glb_emu_code *c,
                                   struct glb_emu_plan *out);
void glb_emu_plan_free(struct glb_emu_plan *p);

#endif
