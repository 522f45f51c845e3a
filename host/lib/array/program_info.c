/* A program's figures for programs. SPDX-License-Identifier: Apache-2.0 */
#include "array/program.h"

const struct glb_program_info *glb_program_info(const struct glb_program *p) {
    static _Thread_local struct glb_program_info info;
    info = (struct glb_program_info){.size = sizeof info,
                                     .array = p->array.name,
                                     .pbits = p->n,
                                     .couplings = p->m,
                                     .copies = p->copies,
                                     .chains = p->copies * p->array.chains,
                                     .segments = p->nseg,
                                     .colours = p->colours,
                                     .schedule_used = glb_program_sweep_clocks(p),
                                     .coupling_used = p->c_used,
                                     .u = p->u,
                                     .graph_hash = p->graph_hash,
                                     .sums = p->ncount,
                                     .sum_entries = p->sums,
                                     .count_clocks = glb_program_count_clocks(p)};
    return &info;
}
