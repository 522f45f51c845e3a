/* From options to settings, the run and its samples. SPDX-License-Identifier: Apache-2.0 */
#include "tool/sample_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "array/array.h"
#include "tool/cli.h"
#include "tool/value_files.h"

enum { RAMP_STEPS = 200, LOOKS = 100 }; /* of a ramp; at the energy while annealing, by default */

static int on_sample(void *user, int64_t sample, int chain, const uint8_t *bits, double energy) {
    struct sample_run *r = user;
    return glb_sample_file_sample(r->file, sample, chain, bits, energy);
}

static int on_progress(void *user, double fraction, double best) {
    struct sample_run *r = user;
    char note[64];
    snprintf(note, sizeof note, "best energy %.9g", best);
    progress_show(&r->bar, fraction, r->o.statistics ? "" : note);
    return 0;
}

void sample_close(struct sample_run *r) {
    progress_end(&r->bar);
    glb_sample_file_discard(r->file);
    glb_sampler_close(r->s);
    glb_device_close(r->d);
    glb_program_free(r->p);
    glb_graph_free(r->g);
    free(r->steps);
    free(r->clamp);
    free(r->init);
}

/* Geometric ramp whose sweeps add up to `sweeps`. */
static enum glb_status make_ramp(struct sample_run *r) {
    const long sweeps = r->o.sweeps;
    const int n = sweeps < RAMP_STEPS ? (int)sweeps : RAMP_STEPS;
    double hot = r->o.beta_range[0], cold = r->o.beta_range[1];
    const enum glb_status s = r->o.range_given ? GLB_OK : glb_beta_range(r->g, &hot, &cold);
    if (s)
        return s;
    if (!(r->steps = malloc((size_t)n * sizeof *r->steps)))
        return glb_fail(GLB_ERR_MEMORY, "no memory for the schedule");
    for (int i = 0; i < n; i++) {
        const long first = sweeps * i / n, next = sweeps * (i + 1) / n;
        r->steps[i] = (struct glb_step){hot * pow(cold / hot, n > 1 ? (double)i / (n - 1) : 1),
                                        (uint32_t)(next - first)};
    }
    r->set.steps = n;
    fprintf(r->report, "schedule   beta %.6g to %.6g%s, geometric, %ld sweeps\n", hot, cold,
            r->o.range_given ? "" : " (from the couplings)", sweeps);
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
            set->interval = (uint32_t)(part < 1 ? 1 : part < UINT32_MAX ? part : UINT32_MAX);
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

static enum glb_status make_schedule(struct sample_run *r) {
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

static enum glb_status read_clamps(struct sample_run *r) {
    int clamped = 0;
    enum glb_status s = cli_read_values(r->o.clamp, r->g->n, &r->clamp, &r->set.clamp_columns);
    for (int i = 0; !s && i < r->g->n; i++)
        clamped += r->clamp[(size_t)i * r->set.clamp_columns] != 0;
    if (!s)
        fprintf(r->report, "clamped    %s: %d of %d p-bits\n", r->o.clamp, clamped, r->g->n);
    r->set.clamp = r->clamp;
    return s;
}

/* A p-bit in both files keeps the value of --clamp. */
static void warn_of_clamped_starts(const struct sample_run *r) {
    int both = 0;
    for (int i = 0; r->clamp && i < r->g->n; i++)
        both += r->clamp[(size_t)i * r->set.clamp_columns] != 0 &&
                r->init[(size_t)i * r->set.init_columns] != 0;
    if (both)
        cli_warn("--init %s: %d of its p-bits are clamped and keep the values of --clamp",
                 r->o.init, both);
}

/* Edges of a max-cut graph, read as couplings, make a ferromagnet, which is at rest all up. */
static void warn_of_ferromagnet(const struct sample_run *r) {
    const struct glb_graph *g = r->g;
    if (!r->anneal || g->m == 0 || g->convention == GLB_MAXCUT)
        return;
    for (int k = 0; k < g->m; k++)
        if (g->J[k] <= 0)
            return;
    for (int i = 0; i < g->n; i++)
        if (g->h[i] != 0)
            return;
    cli_warn("%s: all couplings are positive, so the lowest energy is that of equal spins; a "
             "max-cut graph needs --convention maxcut",
             r->o.graph);
}

static enum glb_status make_settings(struct sample_run *r) {
    const struct sample_options *o = &r->o;
    glb_settings_init(&r->set, sizeof r->set);
    r->set.beta = o->beta;
    r->set.seed = o->seed;
    r->set.chains = (int)o->chains;
    r->set.burn_in = (uint32_t)o->burn_in;
    r->set.interval = (uint32_t)o->interval;
    r->set.samples = o->samples;
    r->set.stop_energy = o->stop_energy;
    r->set.statistics = o->statistics;
    r->set.user = r;
    r->set.on_progress = on_progress;
    enum glb_status s = make_schedule(r);
    if (!s && !r->steps &&
        (double)o->burn_in + (double)o->samples * (double)o->interval > UINT32_MAX)
        s = glb_fail(GLB_ERR_ARGUMENT,
                     "--samples %ld --interval %ld: more than %u sweeps; choose fewer", o->samples,
                     o->interval, UINT32_MAX);
    if (!s && o->clamp)
        s = read_clamps(r);
    if (!s && o->init) {
        s = cli_read_values(o->init, r->g->n, &r->init, &r->set.init_columns);
        r->set.init = r->init;
        if (!s)
            warn_of_clamped_starts(r);
    }
    return s;
}

static enum glb_status check_outputs(const struct sample_options *o) {
    const char *const inputs[] = {o->graph, o->bias, o->program, o->schedule, o->clamp, o->init};
    enum { INPUTS = sizeof inputs / sizeof inputs[0] };
    if (o->trace && strncasecmp(o->device, "sim", 3) != 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "--trace %s: only the device sim can write a waveform; give --device sim "
                        "or leave --trace out",
                        o->trace);
    enum glb_status s = o->output ? cli_check_output(o->output, inputs, INPUTS) : GLB_OK;
    if (!s && o->output && o->trace && strcmp(o->output, o->trace) == 0)
        s = glb_fail(GLB_ERR_ARGUMENT, "%s: samples and waveform need files of their own",
                     o->output);
    return s || !o->trace ? s : cli_check_output(o->trace, inputs, INPUTS);
}

static enum glb_status prepare(struct sample_run *r) {
    const struct sample_options *o = &r->o;
    const struct glb_array *a;
    enum glb_status s = o->array ? glb_array_require(o->array, &a) : GLB_OK;
    if (!s)
        s = glb_device_name(o->device, NULL);
    if (!s)
        s = check_outputs(o);
    if (s)
        return s;
    s = glb_graph_read(o->graph, o->bias, (enum glb_convention)o->convention, &r->g);
    if (s)
        return s;
    fprintf(r->report, "graph      %s: %d p-bits, %d couplings, hash %016llx\n", o->graph, r->g->n,
            r->g->m, (unsigned long long)r->g->hash);
    warn_of_ferromagnet(r);
    s = make_settings(r);
    if (!s)
        s = sample_open_device(r);
    cli_catch_signals();
    if (!s && o->output && !o->statistics) {
        r->set.on_sample = on_sample;
        s = glb_sample_file_open(o->output, r->g->n, glb_sampler_chains(r->s, &r->set),
                                 r->set.samples, &r->file);
    }
    return s;
}

/* The report's first lines are kept back: a refused input prints nothing but its message. */
static enum glb_status prepare_quietly(struct sample_run *r) {
    FILE *report = r->report;
    char *start;
    size_t size;
    r->report = open_memstream(&start, &size);
    if (!r->report)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the report");
    const enum glb_status s = prepare(r);
    fclose(r->report);
    r->report = report;
    if (!s) {
        fputs(start, report);
        fflush(report);
        sample_warn_of_rounding(r);
    }
    free(start);
    return s;
}

enum glb_status sample_run(struct sample_run *r) {
    enum glb_status s = prepare_quietly(r);
    if (s)
        return s;
    fflush(r->report);
    sample_warn_of_host_counts(r);
    progress_begin(&r->bar, r->command);
    cli_cancel_on_signal(r->s);
    s = glb_sampler_run(r->s, &r->set);
    cli_cancel_on_signal(NULL);
    progress_end(&r->bar);
    if (!s && (r->file || (r->o.statistics && r->o.output)))
        s = sample_write(r);
    if (s)
        return s;
    sample_print_report(r, glb_sampler_result(r->s));
    if (r->o.json)
        sample_print_json(r, glb_sampler_result(r->s));
    return GLB_OK;
}
