/* Schedules: ramps of beta, sweeps that fit a time, burn-in and interval. SPDX-License-Identifier:
 * Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include "base/seconds.h"
#include "tool/sample/sample_run.h"
#include "tool/value_files.h"

enum { RAMP_STEPS = 200, LOOKS = 100 }; /* of a ramp; at the energy while annealing, by default */
enum { LONGEST_INTERVAL = 1000 };       /* so that a long run which is ended has states to show */

/* Sweeps by default: about as much work for graphs of different sizes. */
static long usual_sweeps(int n) {
    enum { WORK = 1 << 22, LEAST = 1000, MOST = 20000 }; /* updates of a chain; sweeps */
    const long sweeps = WORK / n;
    return sweeps < LEAST ? LEAST : sweeps > MOST ? MOST : sweeps;
}

/* Geometric ramp whose sweeps add up to `sweeps`. */
static enum glb_status make_ramp(struct sample_run *r) {
    const long sweeps = r->o.sweeps ? r->o.sweeps : usual_sweeps(r->g->n);
    const int n = sweeps < RAMP_STEPS ? (int)sweeps : RAMP_STEPS;
    double hot = r->o.beta_range[0], cold = r->o.beta_range[1];
    const enum glb_status s = r->o.range_given ? GLB_OK : glb_beta_range(r->g, &hot, &cold);
    if (s)
        return s;
    free(r->steps);
    if (!(r->steps = malloc((size_t)n * sizeof *r->steps)))
        return glb_fail(GLB_ERR_MEMORY, "no memory for the schedule");
    for (int i = 0; i < n; i++) {
        const long first = sweeps * i / n, next = sweeps * (i + 1) / n;
        r->steps[i] = (struct glb_step){hot * pow(cold / hot, n > 1 ? (double)i / (n - 1) : 1),
                                        (uint32_t)(next - first)};
    }
    r->set.steps = n;
    if (r->o.time > 0 && !r->o.sweeps)
        return GLB_OK; /* to be timed */
    fprintf(r->report, "schedule   beta %.6g to %.6g%s, geometric, %ld sweeps\n", hot, cold,
            r->o.range_given ? "" : " (from the couplings)", sweeps);
    if (r->o.time > 0)
        fprintf(r->report, "time       about %g s; --sweeps %ld gives the same again\n", r->o.time,
                sweeps);
    return GLB_OK;
}

/* Burn-in and interval on a schedule of `sweeps`, which must have room for a sample. */
static enum glb_status fit_to_schedule(struct sample_run *r, uint64_t sweeps) {
    struct glb_settings *set = &r->set;
    if (!r->o.samples_given)
        set->samples = 0; /* as many as there is room for */
    if (r->anneal) {
        const uint64_t part = sweeps / LOOKS;
        if (!r->o.interval_given)
            set->interval = (uint32_t)(part < 1                  ? 1
                                       : part < LONGEST_INTERVAL ? part
                                                                 : LONGEST_INTERVAL);
        if (set->interval > sweeps)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "--interval %u: the run has only %llu sweeps, so no energy would be "
                            "looked at; choose a shorter one",
                            set->interval, (unsigned long long)sweeps);
        set->burn_in = (uint32_t)(sweeps % set->interval); /* the last look is at the end */
        return GLB_OK;
    }
    if (!r->o.burn_in_given && sweeps <= set->burn_in)
        set->burn_in = 0;
    if (set->burn_in + (uint64_t)set->interval > sweeps)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "--schedule %s has only %llu sweeps, and the first sample comes after "
                        "burn-in %u + interval %u; shorten these",
                        r->o.schedule, (unsigned long long)sweeps, set->burn_in, set->interval);
    if ((uint64_t)(set->samples ? set->samples : 1) > (sweeps - set->burn_in) / set->interval)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "--samples %ld: --schedule %s has %llu sweeps, room for %llu samples after "
                        "burn-in %u at interval %u; choose fewer",
                        (long)set->samples, r->o.schedule, (unsigned long long)sweeps,
                        (unsigned long long)(sweeps - set->burn_in) / set->interval, set->burn_in,
                        set->interval);
    return GLB_OK;
}

enum glb_status sample_make_schedule(struct sample_run *r) {
    enum glb_status s = GLB_OK;
    if (r->o.schedule)
        s = cli_read_schedule(r->o.schedule, &r->steps, &r->set.steps);
    else if (r->anneal)
        s = make_ramp(r);
    if (s || !r->steps)
        return s;
    uint64_t sweeps = 0;
    for (int i = 0; i < r->set.steps; i++)
        sweeps += r->steps[i].sweeps;
    r->set.schedule = r->steps;
    return fit_to_schedule(r, sweeps);
}

/* Seconds of the first `sweeps` sweeps of a run like this one, with as many looks a sweep. */
static enum glb_status time_sweeps(struct sample_run *r, uint32_t sweeps, double *seconds) {
    const struct glb_step step = {r->steps[r->set.steps / 2].beta, sweeps};
    struct glb_settings set = r->set;
    set.schedule = &step;
    set.steps = 1;
    set.interval = set.interval < sweeps ? set.interval : sweeps;
    set.burn_in = 0;
    set.samples = 0;
    set.stop_energy = NAN;
    set.certificate = 0;
    set.on_sample = NULL;
    set.on_progress = NULL;
    const enum glb_status s = glb_sampler_run(r->s, &set);
    *seconds = s ? 0 : glb_sampler_result(r->s)->seconds;
    return s;
}

enum glb_status sample_time_run(struct sample_run *r) {
    enum { FIRST = 16 };
    const double part = fmin(0.1 * r->o.time, 0.5); /* of the time, for measuring */
    const double start = glb_seconds(CLOCK_MONOTONIC);
    double seconds = 0;
    uint32_t sweeps = FIRST / 2;
    enum glb_status s = GLB_OK;
    while (!s && seconds < part && sweeps < UINT32_MAX / 4)
        s = time_sweeps(r, sweeps *= 2, &seconds);
    if (s)
        return s;
    const double left = r->o.time - (glb_seconds(CLOCK_MONOTONIC) - start);
    const double fit = seconds > 0 ? sweeps * fmax(left, 0) / seconds : sweeps;
    r->o.sweeps = (long)fmin(fmax(fit, 1), UINT32_MAX);
    return sample_make_schedule(r);
}
