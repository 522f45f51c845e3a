/* From options to settings, the run and its samples. SPDX-License-Identifier: Apache-2.0 */
#include "tool/sample/sample_run.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "array/array.h"
#include "tool/cli.h"
#include "tool/temper/temper_run.h"
#include "tool/value_files.h"

enum { STATES = 10 }; /* that --states writes without --top */

static int on_sample(void *user, int64_t sample, int chain, const uint8_t *bits, double energy) {
    struct sample_run *r = user;
    if (r->best.most && !r->temper)
        best_states_add(&r->best, bits, energy);
    return r->file ? glb_sample_file_sample(r->file, sample, chain, bits, energy) : 0;
}

static int on_progress(void *user, double fraction, double best) {
    struct sample_run *r = user;
    char note[64];
    snprintf(note, sizeof note, "best energy %.9g", best);
    progress_show(&r->bar, fraction, r->o.statistics ? "" : note);
    return 0;
}

static void close_all(struct sample_run *r) {
    progress_end(&r->bar);
    glb_sample_file_discard(r->file);
    best_states_close(&r->best);
    glb_sampler_close(r->s);
    glb_device_close(r->d);
    glb_program_free(r->p);
    glb_graph_free(r->g);
    free(r->steps);
    free(r->clamp);
    free(r->init);
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
    if ((!r->anneal && !r->temper) || g->m == 0 || g->convention == GLB_MAXCUT)
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
    enum glb_status s = r->temper ? temper_settings(r) : sample_make_schedule(r);
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
    if (!s && o->states)
        s = cli_check_output(o->states, inputs, INPUTS);
    if (!s && o->states &&
        ((o->output && strcmp(o->output, o->states) == 0) ||
         (o->trace && strcmp(o->trace, o->states) == 0)))
        s = glb_fail(GLB_ERR_ARGUMENT, "%s: each output needs a file of its own", o->states);
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
    if (!s && r->anneal && o->time > 0)
        s = sample_time_run(r);
    if (!s && (o->top || o->states)) {
        if (!r->temper) /* temper looks at all temperatures */
            r->set.on_sample = on_sample;
        s = best_states_open(&r->best, r->g->n, o->top ? o->top : STATES);
    }
    cli_catch_signals();
    if (!s && o->output && !o->statistics) {
        r->set.on_sample = on_sample;
        s = glb_sample_file_open(o->output, r->g->n, glb_sampler_chains(r->s, &r->set),
                                 r->o.time > 0 ? 0 : r->set.samples, &r->file);
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

static enum glb_status run(struct sample_run *r) {
    enum glb_status s = prepare_quietly(r);
    if (s)
        return s;
    fflush(r->report);
    sample_warn_of_host_counts(r);
    progress_begin(&r->bar, r->command);
    cli_cancel_on_signal(r->s);
    s = r->temper ? temper_go(r) : glb_sampler_run(r->s, &r->set);
    cli_cancel_on_signal(NULL);
    progress_end(&r->bar);
    if (!s && (r->file || (r->o.statistics && r->o.output)))
        s = sample_write(r);
    if (!s && r->o.states)
        s = best_states_write(&r->best, r->o.states, sample_sign(r));
    if (s)
        return s;
    sample_print_report(r, glb_sampler_result(r->s));
    if (r->o.json)
        sample_print_json(r, glb_sampler_result(r->s));
    return GLB_OK;
}

int sample_command(struct sample_run *r) {
    r->report = r->o.json ? stderr : stdout;
    const enum glb_status s = run(r);
    close_all(r);
    if (s)
        return cli_fail();
    return cli_stop ? cli_interrupted() : CLI_OK;
}
