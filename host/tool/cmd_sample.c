/* glauber sample, glauber anneal: one run of the sampler with a report. SPDX-License-Identifier:
 * Apache-2.0 */
#include "tool/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "array/array.h"
#include "device/device.h"
#include "graph/graph.h"
#include "files/sample_file.h"
#include "tool/json.h"
#include "array/program.h"
#include "tool/progress.h"

#define COMMON_HELP                                                                                \
    "      --device NAME       emu [default] or sim (built by `make sim ARRAY=NAME`)\n"            \
    "      --array NAME        [ulx3s-85]; glauber info --arrays lists them\n"                     \
    "      --convention NAME   boltzmann [default], zte-2, zte-34, qubo, maxcut\n"                 \
    "      --bias FILE         biases (MatrixMarket array, n x 1)\n"                               \
    "      --seed N            [1]; the same seed gives the same bits on every device\n"           \
    "      --chains N          rounded up to whole boards [one board]\n"                           \
    "      --clamp FILE        lines 'pbit value [value ...]': p-bits from 1; one value, or one "  \
    "a chain (chain c takes\n"                                                                     \
    "                          value c modulo their number); -1 or 0 down, 1 up\n"                 \
    "      --init FILE         start values, the same format; others are random\n"                 \
    "      --program FILE      a compiled program of this graph instead of compiling\n"            \
    "      --effort N          of the compiler, 0 to 2 [1]\n"                                      \
    "      --trace FILE        FST waveform (device sim)\n"                                        \
    "  -o, --output FILE       HDF5: spins, energies, magnetisations, settings\n"                  \
    "      --json              one JSON object as the last line of stdout; the report goes to "    \
    "stderr\n"                                                                                     \
    "Energies are in the units and sign of the convention, before quantisation (maxcut: minus "    \
    "the cut).\n"

static const char sample_help[] =
    "usage: glauber sample GRAPH [options]\n\n"
    "Samples P(m) ~ exp(-beta E). GRAPH is MatrixMarket or G-set text.\n"
    "      --beta B            inverse temperature [1]\n"
    "      --schedule FILE     instead: lines 'beta sweeps'\n"
    "      --burn-in N         sweeps before sampling starts [100]\n"
    "      --samples N         a chain [100; with --schedule as many as it has room for]\n"
    "      --interval N        sweeps between samples [1]\n"
    "      --stop-energy E     stop at the first sample at or below E\n" COMMON_HELP;

static const char anneal_help[] =
    "usage: glauber anneal GRAPH [options]\n\n"
    "Anneals from hot to cold and reports the best energy (maxcut: cut) found. GRAPH is "
    "MatrixMarket or G-set text.\n"
    "      --sweeps N          [1000]\n"
    "      --beta-range H:C    first and last beta, geometric between [from the couplings]\n"
    "      --schedule FILE     instead: lines 'beta sweeps'\n"
    "      --interval N        sweeps between looks at the energy [a hundredth of the run]\n"
    "      --stop-energy E     stop when an energy <= E was seen (maxcut: minus the "
    "cut)\n" COMMON_HELP;

/* One run and everything that must be given back after it. */
struct job {
    struct cli_options o;
    const char *command;
    int anneal;
    FILE *report;
    struct glb_graph *g;
    struct glb_program *p;
    struct glb_device *d;
    struct glb_sampler *s;
    struct glb_settings set;
    struct glb_step *steps;
    int8_t *clamp, *init;
    struct glb_sample_file *h5;
    struct glb_progress bar;
};

static int on_sample(void *user, long sample, int chain, const uint8_t *bits, double energy) {
    struct job *j = user;
    return glb_sample_file_sample(j->h5, sample, chain, bits, energy);
}

static int on_progress(void *user, double fraction, double best) {
    struct job *j = user;
    char note[64];
    snprintf(note, sizeof note, "best energy %.9g", best);
    glb_progress_show(&j->bar, fraction, note);
    return 0;
}

static void release(struct job *j) {
    glb_progress_end(&j->bar);
    glb_sample_file_discard(j->h5);
    glb_sampler_close(j->s);
    glb_device_close(j->d);
    glb_program_free(j->p);
    glb_graph_free(j->g);
    free(j->steps);
    free(j->clamp);
    free(j->init);
}

/* Geometric ramp over at most 200 steps whose sweeps add up to `sweeps`. */
static enum glb_status ramp(struct job *j) {
    const long sweeps = j->o.sweeps;
    const int n = sweeps < 200 ? (int)sweeps : 200;
    double hot = j->o.beta_hot, cold = j->o.beta_cold;
    const enum glb_status s = j->o.has_range ? GLB_OK : glb_beta_range(j->g, &hot, &cold);
    if (s)
        return s;
    if (!(j->steps = malloc((size_t)n * sizeof *j->steps)))
        return glb_fail(GLB_ERR_MEMORY, "no memory for the schedule");
    for (int i = 0; i < n; i++) {
        const long first = sweeps * i / n, next = sweeps * (i + 1) / n;
        j->steps[i] = (struct glb_step){hot * pow(cold / hot, n > 1 ? (double)i / (n - 1) : 1),
                                        (uint32_t)(next - first)};
    }
    j->set.steps = n;
    fprintf(j->report, "schedule   beta %.6g to %.6g%s, geometric, %ld sweeps\n", hot, cold,
            j->o.has_range ? "" : " (from the couplings)", sweeps);
    return GLB_OK;
}

static enum glb_status make_settings(struct job *j) {
    const struct cli_options *o = &j->o;
    enum glb_status s = GLB_OK;
    glb_settings_init(&j->set, sizeof j->set);
    j->set.beta = o->beta;
    j->set.seed = o->seed;
    j->set.chains = (int)o->chains;
    j->set.burn_in = (uint32_t)o->burn_in;
    j->set.interval = (uint32_t)o->interval;
    j->set.samples = o->samples;
    j->set.stop_energy = o->stop_energy;
    j->set.user = j;
    j->set.on_progress = on_progress;
    if (o->schedule)
        s = cli_read_schedule(o->schedule, &j->steps, &j->set.steps);
    else if (j->anneal)
        s = ramp(j);
    j->set.schedule = j->steps;
    if (s)
        return s;
    if (j->steps) {
        uint64_t sweeps = 0;
        for (int i = 0; i < j->set.steps; i++)
            sweeps += j->steps[i].sweeps;
        if (!o->has_samples)
            j->set.samples = 0;
        if (j->anneal) { /* the last look is at the end */
            if (!o->has_interval)
                j->set.interval = (uint32_t)(sweeps < 100                ? 1
                                             : sweeps / 100 < UINT32_MAX ? sweeps / 100
                                                                         : UINT32_MAX);
            j->set.burn_in = (uint32_t)(sweeps % j->set.interval);
        } else if (!o->has_burn_in && sweeps <= j->set.burn_in) {
            j->set.burn_in = 0;
        }
    }
    if (o->clamp) {
        s = cli_read_values(o->clamp, j->g->n, &j->clamp, &j->set.clamp_columns);
        j->set.clamp = j->clamp;
    }
    if (!s && o->init) {
        s = cli_read_values(o->init, j->g->n, &j->init, &j->set.init_columns);
        j->set.init = j->init;
    }
    return s;
}

static enum glb_status prepare(struct job *j) {
    const struct cli_options *o = &j->o;
    const struct glb_array *a = glb_array_find(o->array);
    if (!a)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "--array %s: there is no such array; glauber info --arrays lists them",
                        o->array);
    enum glb_status s = glb_graph_read(o->positional[0], o->bias, o->convention, &j->g);
    if (s)
        return s;
    fprintf(j->report, "graph      %s: %d p-bits, %d couplings, hash %016llx\n", o->positional[0],
            j->g->n, j->g->m, (unsigned long long)j->g->hash);
    s = make_settings(j);
    if (!s)
        s = o->program ? glb_program_load(o->program, &j->p)
                       : glb_program_compile(j->g, a->name, (int)o->effort, &j->p);
    if (!s)
        s = glb_device_open(o->device, a->name, &j->d);
    if (!s && o->trace)
        s = glb_device_trace(j->d, o->trace);
    if (!s)
        s = glb_sampler_new(j->g, j->p, j->d, &j->s);
    if (s)
        return s;
    fprintf(j->report, "program    %s: %d colours, %d clocks of schedule\n", a->name, j->p->colours,
            j->p->s_used);
    if (o->output) {
        j->set.on_sample = on_sample;
        s = glb_sample_file_open(o->output, j->g->n, glb_sampler_chains(j->s, &j->set),
                                 j->set.samples, &j->h5);
    }
    return s;
}

static void print_report(const struct job *j, const struct glb_result *r) {
    FILE *f = j->report;
    if (r->stopped)
        fprintf(f, "%s after %llu sweeps\n", r->reached ? "stop energy reached" : "stopped",
                (unsigned long long)r->sweeps);
    fprintf(f, "device     %s\n", glb_device_describe(j->d));
    fprintf(f, "run        %d chains, %llu sweeps, %ld samples a chain, seed %llu\n", r->chains,
            (unsigned long long)r->sweeps, r->samples, (unsigned long long)j->set.seed);
    if (j->g->convention == GLB_MAXCUT)
        fprintf(f, "cut        best %.9g, mean %.9g +- %.3g\n", -r->best_energy, -r->mean_energy,
                r->mean_energy_stderr);
    else
        fprintf(f, "energy     best %.9g, mean %.9g +- %.3g\n", r->best_energy, r->mean_energy,
                r->mean_energy_stderr);
    fprintf(f, "flips      %llu in %.3f s: %.3g a second\n", (unsigned long long)r->updates,
            r->seconds, r->seconds > 0 ? (double)r->updates / r->seconds : 0);
    fprintf(f, "array      %llu clocks: %.2f flips and %.1f coupling updates a clock\n",
            (unsigned long long)r->clocks, r->updates_per_clock, r->coupling_updates_per_clock);
    if (j->o.output)
        fprintf(f, "written    %s\n", j->o.output);
}

static void print_json(const struct job *j, const struct glb_result *r) {
    struct glb_json out;
    char hash[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)j->g->hash);
    glb_json_begin(&out, stdout);
    glb_json_text(&out, "command", j->command);
    glb_json_int(&out, "pbits", r->pbits);
    glb_json_int(&out, "couplings", r->couplings);
    glb_json_int(&out, "colours", r->colours);
    glb_json_int(&out, "chains", r->chains);
    glb_json_int(&out, "samples", r->samples);
    if (!j->set.schedule)
        glb_json_real(&out, "beta", j->set.beta);
    else { /* the last one: where the run ends */
        glb_json_real(&out, "beta", j->set.schedule[j->set.steps - 1].beta);
        glb_json_real(&out, "beta_first", j->set.schedule[0].beta);
    }
    glb_json_uint(&out, "seed", j->set.seed);
    glb_json_uint(&out, "sweeps", r->sweeps);
    glb_json_uint(&out, "flips", r->updates);
    glb_json_uint(&out, "cycles", r->clocks);
    glb_json_real(&out, "flips_per_cycle", r->updates_per_clock);
    glb_json_real(&out, "coupling_updates_per_cycle", r->coupling_updates_per_clock);
    glb_json_real(&out, "seconds", r->seconds);
    glb_json_real(&out, "mean_energy", r->mean_energy);
    glb_json_real(&out, "mean_energy_stderr", r->mean_energy_stderr);
    glb_json_real(&out, "best_energy", r->best_energy);
    if (j->g->convention == GLB_MAXCUT)
        glb_json_real(&out, "best_cut", -r->best_energy);
    glb_json_reals(&out, "magnetization", r->magnetization, r->pbits);
    glb_json_text(&out, "convention", glb_convention_name(j->g->convention));
    glb_json_text(&out, "array", j->p->array.name);
    glb_json_text(&out, "graph_hash", hash);
    glb_json_text(&out, "device", glb_device_describe(j->d));
    glb_json_bool(&out, "stopped", r->stopped);
    glb_json_text(&out, "version", glb_version());
    glb_json_end(&out);
}

static enum glb_status finish(struct job *j) {
    const struct glb_result *r = glb_sampler_result(j->s);
    enum glb_status s = GLB_OK;
    if (j->h5) {
        const struct glb_sample_file_info info = {.command = j->command,
                                                  .graph = j->o.positional[0],
                                                  .array = j->p->array.name,
                                                  .device = j->o.device,
                                                  .convention =
                                                      glb_convention_name(j->g->convention),
                                                  .graph_hash = j->g->hash};
        s = glb_sample_file_close(j->h5, &info, &j->set, r);
        j->h5 = NULL;
    }
    if (s)
        return s;
    print_report(j, r);
    if (j->o.json)
        print_json(j, r);
    return GLB_OK;
}

static int run(int argc, char **argv, int anneal) {
    struct job j = {.command = argv[0], .anneal = anneal};
    const int bad =
        cli_parse(&j.o, argc, argv, anneal ? "dahvscCIpetojwrSiE" : "dahvscCIpetojbSBniE", 1,
                  anneal ? anneal_help : sample_help);
    if (bad)
        return bad - 1;
    if (j.o.npositional < 1)
        return cli_usage("%s: a graph file is needed; see glauber %s --help", argv[0], argv[0]);
    if (j.o.schedule && (j.o.has_beta || j.o.has_range))
        return cli_usage("%s: --schedule already says every beta; leave %s out", argv[0],
                         j.o.has_beta ? "--beta" : "--beta-range");
    j.report = j.o.json ? stderr : stdout;
    cli_catch_signals();
    enum glb_status s = prepare(&j);
    if (!s) {
        glb_progress_begin(&j.bar, argv[0]);
        cli_cancel_on_signal(j.s);
        s = glb_sampler_run(j.s, &j.set);
        cli_cancel_on_signal(NULL);
        glb_progress_end(&j.bar);
    }
    if (!s)
        s = finish(&j);
    release(&j);
    if (s)
        return cli_fail();
    return cli_stop ? CLI_INTERRUPTED : CLI_OK;
}

int glb_cmd_sample(int argc, char **argv) {
    return run(argc, argv, 0);
}

int glb_cmd_anneal(int argc, char **argv) {
    return run(argc, argv, 1);
}
