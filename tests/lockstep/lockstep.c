/* Lockstep of compiled programs: random graphs (sparse, hubs, isolated p-bits, full memories),
 * clamps, segments, schedules and seeds; the Verilated RTL and the emulator must agree in every
 * state bit at every sampling point. Usage: lockstep [--jobs N] [--updates N] [--seed N]
 * [--device NAME] ARRAY...: on each array at least N jobs and N updates; NAME as for the tool's
 * --device, sim if it is left out. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "device/device.h"
#include "graph/graph.h"
#include "array/protocol.h"
#include "base/rng.h"
#include "random_programs.h"

struct totals {
    int jobs, counting, unfit;
    uint64_t flips, samples, words, sums;
};

static uint32_t below(struct glb_rng *r, uint32_t n) {
    return glb_rng_below(r, n);
}

struct tape {
    uint64_t *words;
    size_t nwords, used, room; /* words of all samples so far */
    uint32_t samples;
};

static int record(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                  size_t stride) {
    struct tape *t = user;
    (void)sweep;
    if (t->used + t->nwords > t->room) {
        t->room = 2 * (t->used + t->nwords);
        t->words = realloc(t->words, t->room * sizeof *t->words);
        if (!t->words)
            abort();
    }
    for (size_t i = 0; i < t->nwords; i++)
        t->words[t->used + i] = words[i * stride];
    t->used += t->nwords;
    t->samples = sample + 1;
    return 0;
}

static int compare(const struct tape *e, const struct tape *s, const struct glb_job_counters *x,
                   const struct glb_job_counters *y) {
    if (e->samples != s->samples || x->sweeps != y->sweeps || x->flips != y->flips ||
        x->run_cycles != y->run_cycles || x->samples != y->samples) {
        printf(
            "# counters emu, sim: samples %u %u, sweeps %u %u, flips %llu %llu, cycles %llu %llu\n",
            e->samples, s->samples, x->sweeps, y->sweeps, (unsigned long long)x->flips,
            (unsigned long long)y->flips, (unsigned long long)x->run_cycles,
            (unsigned long long)y->run_cycles);
        return 1;
    }
    for (size_t i = 0; i < e->used; i++)
        if (e->words[i] != s->words[i]) {
            printf("# sample %zu, word %zu: emu %llx, sim %llx\n", i / e->nwords, i % e->nwords,
                   (unsigned long long)e->words[i], (unsigned long long)s->words[i]);
            return 1;
        }
    return 0;
}

struct pair {
    struct glb_device *emu, *sim;
    const struct glb_array *a;
    struct glb_run runs[GLB_MAX_TILES * GLB_MAX_LANES];
    int nruns;
    size_t nwords;
};

/* The segments that count, as the last ones: after every sweep, or at sampling points. */
static void add_counts(struct glb_job *j, const struct glb_program *p, struct glb_rng *r) {
    j->nsampled = (uint8_t)(below(r, 4) ? p->counts : 0);
    for (int i = 0; i < p->counts; i++)
        j->seg[j->nseg++] = (uint8_t)(p->count_first + i);
    j->flags |= (uint8_t)(below(r, 2) ? GLB_RUN_REPLACE : 0);
    j->flags |= (uint8_t)(below(r, 2) ? GLB_RUN_SUBTRACT : 0);
}

static void random_job(struct glb_job *j, struct glb_beta_step *steps, const struct glb_program *p,
                       struct glb_rng *r, uint32_t sweeps) {
    static const double betas[] = {0, 0.1, 0.3, 1, 3, 100};
    j->seed = glb_rng_u64(r);
    j->steps = steps;
    j->nsteps = 1 + (int)below(r, 8);
    for (int i = 0; i < j->nsteps; i++) {
        if (glb_program_k(p, betas[below(r, 6)], &steps[i].k))
            abort();
        steps[i].sweeps = below(r, sweeps);
    }
    j->burn_in = below(r, sweeps);
    j->interval = 1 + below(r, 1 + sweeps / 4);
    j->page = (uint8_t)below(r, GLB_PAGES);
    j->flags = (uint8_t)(below(r, 4) | (below(r, 6) ? 0 : GLB_RUN_QUIET | GLB_RUN_SAMPLE_FINAL));
    const int shuffled = p->nseg > 1 && below(r, 2);
    j->nseg = (uint8_t)(shuffled ? 1 + below(r, 6) : (uint32_t)p->nseg);
    j->nsampled = (uint8_t)(below(r, 3) ? 0 : below(r, j->nseg));
    for (int i = 0; i < j->nseg; i++) {
        j->seg[i] = (uint8_t)(shuffled ? below(r, (uint32_t)p->nseg) : (uint32_t)i);
        for (int s = p->nseg; s < p->nseg + p->nextra && below(r, 3) == 0; s++)
            if (p->seg[s].mode == GLB_SEGMENT_HOLDS)
                j->seg[i] = (uint8_t)s;
    }
    if (p->ncount && below(r, 3))
        add_counts(j, p, r);
}

/* The job on both devices, both already loaded. */
static int run_both(struct pair *d, const struct glb_job *j, struct glb_rng *r, struct totals *t) {
    struct tape tape[2] = {{.nwords = d->nwords}, {.nwords = d->nwords}};
    struct glb_job_counters k[2] = {{0}, {0}};
    uint64_t *start = malloc(d->nwords * sizeof *start);
    for (size_t i = 0; i < d->nwords; i++)
        start[i] = glb_rng_u64(r) & ((UINT64_C(1) << d->a->chains) - 1);
    int bad = 0;
    for (int i = 0; i < 2 && !bad; i++) {
        struct glb_device *dev = i ? d->sim : d->emu;
        bad = glb_device_set_state(dev, j->page, d->runs, d->nruns, start, 1) ||
              glb_device_run(dev, j, NULL, record, &tape[i], &k[i]);
        if (bad)
            printf("# %s: %s\n", i ? "sim" : "emu", glb_error());
    }
    if (!bad)
        bad = compare(&tape[0], &tape[1], &k[0], &k[1]);
    t->jobs++;
    t->flips += k[1].flips;
    t->samples += tape[1].samples;
    t->words += tape[1].used;
    free(start);
    free(tape[0].words);
    free(tape[1].words);
    return bad;
}

/* Sums are defined once counts have replaced them. */
static int counts_replace(const struct glb_job *j, const struct glb_program *p) {
    const uint64_t total = glb_job_sweeps(j);
    const int counts = p->counts && j->seg[j->nseg - 1] == p->count_first + p->counts - 1;
    return counts && j->flags & GLB_RUN_REPLACE &&
           total >= (j->nsampled ? (uint64_t)j->burn_in + j->interval : 1);
}

static int compare_sums(struct pair *d, const struct glb_program *p, int page, struct totals *t) {
    int64_t *sums = calloc(2 * (size_t)p->ncount + 1, sizeof *sums), *other = sums + p->ncount;
    int bad = glb_device_sums(d->emu, p, page, t->jobs & 1, sums) ||
              glb_device_sums(d->sim, p, page, t->jobs & 1, other);
    if (bad)
        printf("# %s\n", glb_error());
    for (int k = 0; k < p->ncount && !bad; k++)
        if ((bad = sums[k] != other[k]))
            printf("# sum %d of %d: emu %lld, sim %lld\n", k, p->ncount, (long long)sums[k],
                   (long long)other[k]);
    t->sums += (uint64_t)p->ncount;
    t->counting++;
    free(sums);
    return bad;
}

/* One program and two or three jobs with it: as compiled, clamped, with other weights. */
static int one_program(struct pair *d, uint64_t seed, uint32_t number, uint32_t sweeps,
                       struct totals *t) {
    struct glb_rng r = glb_rng_at(seed, 0x6c6f636b, number);
    struct glb_beta_step steps[8];
    struct glb_graph *g = program_graph(d->a, &r);
    if (!g) {
        printf("# %s\n", glb_error());
        return 1;
    }
    struct glb_program *p = program_compile(g, d->a, &r);
    if (!p) { /* graphs are drawn without a look at the memories, so some do not fit */
        t->unfit++;
        glb_graph_free(g);
        return 0;
    }
    int bad = 0, defined = 0;
    for (int round = 0; round < 3 && !bad; round++) {
        if (round == 1) {
            bool *clamped = calloc((size_t)g->n, sizeof *clamped);
            for (int i = 0; i < g->n; i++)
                clamped[i] = below(&r, 4) == 0;
            glb_program_clamp(p, clamped);
            free(clamped);
        } else if (round == 2) {
            for (int k = 0; k < g->m; k++)
                g->J[k] *= 2 * glb_rng_unit(&r) - 1;
            bad = glb_program_set_weights(p, g->J, g->h, NULL) != GLB_OK;
            glb_program_clamp(p, NULL);
        }
        struct glb_job j = {.id = number * 4 + (uint32_t)round, .runs = d->runs, .nruns = d->nruns};
        random_job(&j, steps, p, &r, sweeps);
        bad = bad || (round == 0 ? glb_device_load(d->emu, p) || glb_device_load(d->sim, p)
                                 : glb_device_update(d->emu, p) || glb_device_update(d->sim, p));
        if (bad)
            printf("# %s\n", glb_error());
        bad = bad || run_both(d, &j, &r, t);
        defined |= counts_replace(&j, p);
        if (defined && !bad)
            bad = compare_sums(d, p, (j.page + 1) % GLB_PAGES, t);
        if (bad)
            printf("# seed %llu, program %u (%d p-bits, %d couplings, %d segments), round %d\n",
                   (unsigned long long)seed, number, g->n, g->m, p->nseg, round);
    }
    glb_program_free(p);
    glb_graph_free(g);
    return bad;
}

static int test_array(const char *device, const char *name, uint64_t seed, int jobs,
                      uint64_t updates) {
    struct pair d = {.a = glb_array_find(name)};
    struct totals t = {0};
    int bad = glb_device_open("emu", name, &d.emu) || glb_device_open(device, name, &d.sim);
    if (bad)
        printf("# %s\n", glb_error());
    for (int l = 0; !bad && l < d.a->tiles * d.a->lanes; l++) {
        d.runs[d.nruns++] = (struct glb_run){.tile = (uint16_t)(l / d.a->lanes),
                                             .addr = (uint16_t)(l % d.a->lanes << d.a->gw),
                                             .count = (uint16_t)(1 << d.a->gw)};
        d.nwords += (size_t)1 << d.a->gw;
    }
    for (uint32_t k = 0; !bad && (t.jobs < jobs || t.flips < updates); k++)
        bad = one_program(&d, seed, k, t.jobs < jobs / 2 ? 6 : t.jobs < jobs ? 40 : 400, &t);
    printf("%s - lockstep on %s: %d jobs, %llu updates, %llu samples, %llu state words compared "
           "(%d graphs did not fit), %llu sums after %d jobs\n",
           bad ? "not ok" : "ok", name, t.jobs, (unsigned long long)t.flips,
           (unsigned long long)t.samples, (unsigned long long)t.words, t.unfit,
           (unsigned long long)t.sums, t.counting);
    fflush(stdout);
    glb_device_close(d.emu);
    glb_device_close(d.sim);
    return bad;
}

int main(int argc, char **argv) {
    int jobs = 30, bad = 0;
    uint64_t seed = 1, updates = 0;
    const char *device = "sim";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--jobs") == 0 && i + 1 < argc)
            jobs = atoi(argv[++i]);
        else if (strcmp(argv[i], "--updates") == 0 && i + 1 < argc)
            updates = (uint64_t)strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
        else if (strcmp(argv[i], "--device") == 0 && i + 1 < argc)
            device = argv[++i];
        else
            bad |= test_array(device, argv[i], seed, jobs, updates);
    }
    return bad;
}
