/* The small job. SPDX-License-Identifier: Apache-2.0 */
#include "support/small_job.h"

#include <stdlib.h>
#include <string.h>

const struct glb_run small_job_runs[2] = {{.tile = 0, .addr = 0, .count = 4},
                                          {.tile = 3, .addr = 16, .count = 2}};

static int on_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                     size_t stride) {
    struct small_job_tape *t = user;
    if (stride != 1 || sample != (uint32_t)t->samples)
        abort();
    t->samples++;
    t->last_sweep = sweep;
    memcpy(t->words, words, sizeof t->words);
    return t->stop_after && t->samples >= t->stop_after ? t->stop_with : 0;
}

struct glb_job small_job(uint32_t id, const struct glb_beta_step *step) {
    return (struct glb_job){.id = id,
                            .seed = 5,
                            .steps = step,
                            .nsteps = 1,
                            .burn_in = 2,
                            .interval = 3,
                            .runs = small_job_runs,
                            .nruns = 2,
                            .flags = GLB_RUN_SAMPLE_FINAL,
                            .nseg = 1};
}

enum glb_status small_job_run(struct glb_client *c, uint32_t sweeps, struct small_job_tape *tape,
                              struct glb_job_counters *n) {
    static uint32_t id;
    const struct glb_array *a = glb_array_find("tiny");
    const struct glb_beta_step step = {1 << 16, sweeps};
    const uint8_t segment[12] = {[2] = 5, [8] = SMALL_JOB_FLIPS}, schedule[2 * 5] = {0};
    struct link *l = glb_client_link(c);
    enum glb_status s = link_write(l, GLB_TARGET_SEG, 0, 0, segment, sizeof segment, 1);
    for (int t = 0; t < a->tiles && !s; t++)
        s = link_write(l, GLB_TARGET_SCHED, t, 0, schedule, (a->sw + 7) / 8, 5);
    const struct glb_job j = small_job(++id, &step);
    return s ? s : glb_client_run(c, a, &j, on_sample, tape, n);
}
