/* Whole jobs on the reference. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "emulator/reference.h"

static int sample(const struct glb_reference *r, const struct glb_job *j, uint32_t sweep,
                  uint64_t *words, glb_sample_fn fn, void *user, struct glb_job_counters *n) {
    size_t w = 0;
    for (int i = 0; i < j->nruns; i++)
        for (int k = 0; k < j->runs[i].count; k++)
            words[w++] = glb_reference_state(r, j->page, j->runs[i].tile, j->runs[i].addr + k);
    const uint32_t number = n->samples++;
    return fn && fn(user, number, sweep, words, 1);
}

static void run_sweep(struct glb_reference *r, const struct glb_job *j, uint64_t sweep,
                      struct glb_job_counters *n) {
    const struct glb_board_memory *m = glb_reference_memory(r);
    const unsigned flags = glb_job_count_flags(j, sweep);
    for (int g = 0; g < glb_job_segments(j, sweep); g++) {
        const struct glb_segment *seg = &m->seg[j->seg[g]];
        glb_reference_segment(r, j->seg[g], j->page, flags);
        n->flips += seg->flips;
        n->run_cycles += (uint64_t)glb_segment_clocks(&m->a, seg);
    }
}

enum glb_status glb_reference_run(struct glb_reference *r, const struct glb_job *j,
                                  glb_sample_fn fn, void *user, struct glb_job_counters *counters) {
    const enum glb_status s = glb_job_check(&glb_reference_memory(r)->a, j);
    if (s != GLB_OK)
        return s;
    struct glb_job_counters n = {0};
    const uint64_t total = glb_job_sweeps(j);
    uint64_t sweep = 0;
    size_t nwords = 0;
    for (int i = 0; i < j->nruns; i++)
        nwords += j->runs[i].count;
    uint64_t *words = malloc((nwords + 1) * sizeof *words);
    if (!words)
        return glb_fail(GLB_ERR_MEMORY, "reference: no memory for a sample of %zu words", nwords);

    glb_reference_begin(r, j->seed);
    if (j->flags & GLB_RUN_SAMPLE_INITIAL)
        n.aborted = sample(r, j, 0, words, fn, user, &n);
    for (int i = 0; i < j->nsteps && !n.aborted; i++) {
        glb_reference_beta(r, j->steps[i].k);
        for (uint32_t k = 0; k < j->steps[i].sweeps && !n.aborted; k++) {
            n.sweeps = (uint32_t)++sweep;
            run_sweep(r, j, sweep, &n);
            if (glb_job_sample_due(j, sweep, total))
                n.aborted = sample(r, j, n.sweeps, words, fn, user, &n);
        }
    }
    if (total == 0 && j->flags & GLB_RUN_SAMPLE_FINAL && !n.aborted)
        n.aborted = sample(r, j, 0, words, fn, user, &n);
    free(words);
    if (counters)
        *counters = n;
    return GLB_OK;
}
