/* The loop over a plan's steps, included by every kernel.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Before, they define:
 *   struct lookup, prepare(table, &lookup)         a step's table in the kernel's form
 *   noise_rows(chains, row, n, m, &lookup)         makes n <= ROWS rows
 *   run_group(p, m, g, parts), run_unit(p, m, u, stage, read, parts)
 * and GLB_KERNEL, the function's name. */
#ifndef GLB_KERNEL
#error "define GLB_KERNEL first"
#endif

static inline __attribute__((always_inline)) void run(const struct glb_emu_plan *p,
                                                      const struct glb_emu_machine *m,
                                                      const struct lookup *t, int parts) {
    const struct glb_emu_row *row = p->row;
    const struct glb_emu_group *group = p->group;
    const struct glb_emu_unit *unit = p->unit;
    const struct glb_emu_unit_stage *stage = p->stage;
    const struct glb_emu_unit_read *read = p->read;
    for (const struct glb_emu_step *s = p->step, *end = s + p->nsteps; s < end; s++) {
        for (uint32_t left = s->rows; left > 0;) {
            const int n = left < ROWS ? (int)left : ROWS;
            noise_rows(p->chains, row, n, m, t);
            row += n;
            left -= (uint32_t)n;
        }
        if (s->kind == GLB_STEP_GROUP) {
            run_group(p, m, group++, parts);
        } else if (s->kind == GLB_STEP_UNIT) {
            run_unit(p, m, unit, stage, read, parts);
            for (uint32_t k = unit->stages; k > 0; k--)
                read += (stage++)->reads;
            unit++;
        }
    }
}

void GLB_KERNEL(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                const int16_t table[1024]) {
    struct lookup t;
    prepare(table, &t);
    switch (p->parts) { /* a loop for each, with constants */
    case 1:
        run(p, m, &t, 1);
        break;
    case 2:
        run(p, m, &t, 2);
        break;
    case 4:
        run(p, m, &t, 4);
        break;
    case 8:
        run(p, m, &t, 8);
        break;
    case 16:
        run(p, m, &t, 16);
        break;
    default:
        run(p, m, &t, 32);
    }
}
