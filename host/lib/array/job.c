/* Sampling points of a job, and its limits. SPDX-License-Identifier: Apache-2.0 */
#include "array/job.h"

uint64_t glb_job_sweeps(const struct glb_job *j) {
    uint64_t total = 0;
    for (int i = 0; i < j->nsteps; i++)
        total += j->steps[i].sweeps;
    return total;
}

/* Sampling points that return samples? */
static int returns(const struct glb_job *j) {
    return j->interval > 0 && !(j->flags & GLB_RUN_QUIET);
}

int glb_job_sampling_point(const struct glb_job *j, uint64_t sweep) {
    return j->interval > 0 && sweep > j->burn_in && (sweep - j->burn_in) % j->interval == 0;
}

int glb_job_segments(const struct glb_job *j, uint64_t sweep) {
    return glb_job_sampling_point(j, sweep) ? j->nseg : j->nseg - j->nsampled;
}

unsigned glb_job_count_flags(const struct glb_job *j, uint64_t sweep) {
    const int passed = j->interval > 0 && sweep > (uint64_t)j->burn_in + j->interval;
    return j->flags & (GLB_RUN_SUBTRACT | (passed ? 0u : (unsigned)GLB_RUN_REPLACE));
}

uint32_t glb_job_samples(const struct glb_job *j) {
    const uint64_t total = glb_job_sweeps(j);
    const int initial = (j->flags & GLB_RUN_SAMPLE_INITIAL) != 0;
    const uint64_t periodic =
        returns(j) && total > j->burn_in ? (total - j->burn_in) / j->interval : 0;
    const int on_point = periodic && glb_job_sampling_point(j, total);
    return (uint32_t)(initial + periodic + ((j->flags & GLB_RUN_SAMPLE_FINAL) && !on_point));
}

uint32_t glb_job_sample_sweep(const struct glb_job *j, uint32_t sample) {
    const uint64_t total = glb_job_sweeps(j);
    const uint32_t initial = (j->flags & GLB_RUN_SAMPLE_INITIAL) != 0;
    if (sample < initial)
        return 0;
    const uint64_t at =
        returns(j) ? j->burn_in + (uint64_t)(sample - initial + 1) * j->interval : total;
    return (uint32_t)(at < total ? at : total);
}

int glb_job_sample_due(const struct glb_job *j, uint64_t sweep, uint64_t total) {
    if (sweep == total && j->flags & GLB_RUN_SAMPLE_FINAL)
        return 1;
    return returns(j) && glb_job_sampling_point(j, sweep);
}

enum glb_status glb_job_check(const struct glb_array *a, const struct glb_job *j) {
    if (j->nsteps < 1 || j->nsteps > GLB_BETA_STEPS)
        return glb_fail(GLB_ERR_ARGUMENT, "job: %d beta steps, allowed are 1 to %d", j->nsteps,
                        GLB_BETA_STEPS);
    if (j->nruns < 0 || j->nruns > GLB_RUNS)
        return glb_fail(GLB_ERR_ARGUMENT, "job: %d readout runs, at most %d", j->nruns, GLB_RUNS);
    if (j->page >= GLB_PAGES)
        return glb_fail(GLB_ERR_ARGUMENT, "job: page %d, the last one is %d", j->page,
                        GLB_PAGES - 1);
    if (j->nseg < 1 || j->nseg > GLB_SEGMENTS)
        return glb_fail(GLB_ERR_ARGUMENT, "job: %d segments, allowed are 1 to %d", j->nseg,
                        GLB_SEGMENTS);
    if (j->nsampled >= j->nseg)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "job: %d of %d segments at sampling points only, one has to be in every "
                        "sweep",
                        j->nsampled, j->nseg);
    for (int i = 0; i < j->nseg; i++)
        if (j->seg[i] >= GLB_SEGMENTS)
            return glb_fail(GLB_ERR_ARGUMENT, "job: segment %d, the last one is %d", j->seg[i],
                            GLB_SEGMENTS - 1);
    for (int i = 0; i < j->nruns; i++)
        if (j->runs[i].tile >= a->tiles || j->runs[i].addr + j->runs[i].count > 1 << a->aw)
            return glb_fail(GLB_ERR_ARGUMENT, "job: readout run %d leaves tile %d's memory", i,
                            j->runs[i].tile);
    return GLB_OK;
}
