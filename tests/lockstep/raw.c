/* Lockstep below the compiler: random memory images that only keep array.md's rules (what they
 * compute is nonsense, but defined), up to four random jobs in flight, on the Verilated RTL and on
 * the clock-by-clock reference, both behind the byte protocol. Every state word of every sample,
 * the counters and all sums must agree. Usage: raw [--jobs N] [--seed N] ARRAY...
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "raw_images.h"
#include "transports/transports.h"
#include "wire/client.h"

enum { MAX_SAMPLES = 64, MAX_STEPS = 5 };

static uint32_t below(struct glb_rng *r, uint32_t n) {
    return glb_rng_below(r, n);
}

struct totals {
    int jobs, counting;
    uint64_t flips, words, sums;
};

struct tape {        /* what a board returns for a job */
    uint64_t *words; /* [MAX_SAMPLES][nwords] */
    size_t nwords;
    uint32_t samples, stop_at; /* the callback ends the job at this sample; 0: never */
    struct glb_job_counters n;
};

static int record(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                  size_t stride) {
    struct tape *t = user;
    (void)sweep, (void)stride;
    if (sample < MAX_SAMPLES)
        memcpy(t->words + sample * t->nwords, words, t->nwords * sizeof *words);
    t->samples = sample + 1;
    return t->stop_at && t->samples == t->stop_at;
}

static struct tape tape_new(size_t nwords) {
    return (struct tape){calloc(MAX_SAMPLES * nwords + 1, sizeof(uint64_t)), nwords, 0, 0, {0}};
}

/* Jobs that are in flight together, each in a page of its own. */
struct jobs {
    int n;
    struct glb_job j[GLB_JOB_SLOTS];
    struct glb_beta_step steps[GLB_JOB_SLOTS][MAX_STEPS];
    uint64_t *start[GLB_JOB_SLOTS]; /* states */
    struct tape tape[2][GLB_JOB_SLOTS];
    uint32_t stop_at; /* of the first one */
};

static bool counts(const struct image *im, const struct glb_job *j) {
    for (int i = 0; i < j->nseg; i++)
        if (im->p.seg[j->seg[i]].mode == GLB_SEGMENT_COUNTS)
            return true;
    return false;
}

static void random_segments(struct glb_job *j, const struct image *im, struct glb_rng *r) {
    int lasting = 0;
    j->nseg = (uint8_t)(1 + below(r, GLB_SEGMENTS));
    j->nsampled = (uint8_t)(below(r, 2) ? below(r, j->nseg) : 0);
    for (int i = 0; i < j->nseg; i++) {
        j->seg[i] = (uint8_t)(below(r, 12) ? below(r, (uint32_t)im->p.nseg)
                                           : (uint32_t)im->dumps +
                                                 below(r, (uint32_t)(GLB_SEGMENTS - im->dumps)));
        lasting |= im->lasting >> j->seg[i] & 1;
    }
    if (lasting) /* the own words are defined before any count */
        j->seg[0] = (uint8_t)im->takes;
}

static void random_job(struct glb_job *j, struct glb_beta_step *steps, const struct image *im,
                       struct glb_rng *r) {
    const uint32_t first = below(r, 3) ? 0 : below(r, (uint32_t)im->nruns);
    *j = (struct glb_job){.id = (uint32_t)glb_rng_u64(r),
                          .seed = glb_rng_u64(r),
                          .steps = steps,
                          .nsteps = 1 + (int)below(r, MAX_STEPS),
                          .burn_in = below(r, 4),
                          .interval = below(r, 4),
                          .runs = im->runs + first,
                          .nruns = im->nruns - (int)first,
                          .flags = (uint8_t)(below(r, 16) | GLB_RUN_SAMPLE_FINAL |
                                             (below(r, 4) ? 0 : GLB_RUN_QUIET))};
    for (int i = 0; i < j->nsteps; i++) {
        steps[i].k = (uint32_t)(glb_rng_u64(r) >> (32 + below(r, 32)));
        steps[i].sweeps = below(r, 6);
    }
    random_segments(j, im, r);
}

static void random_jobs(struct jobs *k, const struct image *im, struct glb_rng *r) {
    const uint32_t first_page = below(r, GLB_PAGES), schedule = below(r, 2);
    memset(k, 0, sizeof *k);
    k->n = 1 + (int)below(r, GLB_JOB_SLOTS);
    k->stop_at = below(r, 8) ? 0 : 1 + below(r, 3);
    for (int i = 0; i < k->n; i++) {
        struct glb_job *j = &k->j[i];
        random_job(j, k->steps[i], im, r);
        if (i && schedule) { /* as the one before has it, so that it is behind that at once */
            memcpy(k->steps[i], k->steps[i - 1], sizeof k->steps[i]);
            j->nsteps = k->j[i - 1].nsteps;
        }
        j->page = (uint8_t)((first_page + (uint32_t)i) % GLB_PAGES);
        k->start[i] = malloc(im->nwords * sizeof *k->start[i]);
        const uint32_t zeros = below(r, 5);
        for (size_t w = 0; w < im->nwords; w++)
            k->start[i][w] = below(r, 4) < zeros
                                 ? 0
                                 : glb_rng_u64(r) & ((UINT64_C(1) << im->p.array.chains) - 1);
        for (int b = 0; b < 2; b++)
            k->tape[b][i] = tape_new(im->nwords);
    }
}

static void free_jobs(struct jobs *k) {
    for (int i = 0; i < k->n; i++) {
        free(k->start[i]);
        for (int b = 0; b < 2; b++)
            free(k->tape[b][i].words);
    }
}

static size_t words_of(const struct glb_job *j) {
    size_t n = 0;
    for (int i = 0; i < j->nruns; i++)
        n += j->runs[i].count;
    return n;
}

/* All states first: a list of them takes a wait for what is in flight. */
static enum glb_status run_jobs(struct glb_client *c, const struct image *im, struct jobs *k,
                                int board) {
    const struct glb_array *a = &im->p.array;
    enum glb_status s = glb_client_load(c, &im->p);
    for (int i = 0; i < k->n && !s; i++)
        s = glb_client_set_state(c, a, k->j[i].page, im->runs, im->nruns, k->start[i], 1);
    for (int i = 0; i < k->n && !s; i++) {
        struct tape *t = &k->tape[board][i];
        t->nwords = words_of(&k->j[i]);
        t->stop_at = i ? 0 : k->stop_at;
        s = glb_client_begin(c, a, &k->j[i], record, t, &t->n);
    }
    for (int i = 0; i < k->n && !s; i++)
        s = glb_client_finish(c);
    return s;
}

/* The sums by the dumps of all of them, in a page that nothing else reads. */
static enum glb_status read_sums(struct glb_client *c, const struct image *im, struct tape *t) {
    static const struct glb_beta_step one = {1 << 16, 1};
    const int parts = glb_array_sum_parts(&im->p.array);
    for (int part = 0; part < parts; part++) {
        struct glb_run runs[GLB_MAX_TILES];
        for (int i = 0; i < im->p.array.tiles; i++)
            runs[i] = (struct glb_run){(uint16_t)i, 0, (uint16_t)im->sums};
        const struct glb_job j = {.id = 0xd0 + (uint32_t)part,
                                  .steps = &one,
                                  .nsteps = 1,
                                  .runs = runs,
                                  .nruns = im->p.array.tiles,
                                  .flags = GLB_RUN_SAMPLE_FINAL,
                                  .nseg = 1,
                                  .seg = {(uint8_t)(im->dumps + part)}};
        struct tape one_part = {.words = t->words + (size_t)part * t->nwords, .nwords = t->nwords};
        const enum glb_status s = glb_client_run(c, &im->p.array, &j, record, &one_part, &t->n);
        if (s)
            return s;
    }
    t->samples = (uint32_t)parts;
    return GLB_OK;
}

/* First difference of two tapes, or 0. */
static int compare(const struct tape *a, const struct tape *b, const char *what) {
    const struct glb_job_counters *x = &a->n, *y = &b->n;
    if (a->samples != b->samples || x->sweeps != y->sweeps || x->flips != y->flips ||
        x->run_cycles != y->run_cycles) {
        printf("# counters: %u %u samples, %u %u sweeps, %llu %llu flips, %llu %llu cycles\n",
               a->samples, b->samples, x->sweeps, y->sweeps, (unsigned long long)x->flips,
               (unsigned long long)y->flips, (unsigned long long)x->run_cycles,
               (unsigned long long)y->run_cycles);
        return 1;
    }
    for (uint32_t s = 0; s < a->samples && s < MAX_SAMPLES; s++)
        for (size_t i = 0; i < a->nwords; i++)
            if (a->words[s * a->nwords + i] != b->words[s * a->nwords + i]) {
                printf("# %s %u, word %zu: reference %llx, sim %llx\n", what, s, i,
                       (unsigned long long)a->words[s * a->nwords + i],
                       (unsigned long long)b->words[s * a->nwords + i]);
                return 1;
            }
    return 0;
}

/* A stop comes at any clock: what the jobs had done by then is not the same. */
static int compare_jobs(const struct image *im, const struct jobs *k, struct totals *t) {
    for (int i = 0; i < k->n; i++) {
        if (!k->stop_at && compare(&k->tape[0][i], &k->tape[1][i], "sample")) {
            printf("# job %d of %d in flight\n", i, k->n);
            return 1;
        }
        t->jobs++;
        t->counting += counts(im, &k->j[i]);
        t->flips += k->tape[1][i].n.flips;
        t->words += k->tape[1][i].samples * k->tape[1][i].nwords;
    }
    return 0;
}

static int compare_sums(struct glb_client *ref, struct glb_client *sim, const struct image *im,
                        struct totals *t) {
    struct tape sums[2];
    for (int b = 0; b < 2; b++)
        sums[b] = tape_new((size_t)im->p.array.tiles * (size_t)im->sums);
    int bad = read_sums(ref, im, &sums[0]) || read_sums(sim, im, &sums[1]);
    if (bad)
        printf("# %s\n", glb_error());
    bad = bad || compare(&sums[0], &sums[1], "sums, part");
    t->sums += sums[0].nwords;
    free(sums[0].words);
    free(sums[1].words);
    return bad;
}

/* One image and some jobs on both; 0 if they agree. */
static int one_round(struct glb_client *ref, struct glb_client *sim, const struct glb_array *a,
                     uint64_t seed, uint32_t number, struct totals *t) {
    struct glb_rng r = glb_rng_at(seed, 0x726177, number);
    struct image im;
    struct jobs k;
    image_make(&im, a, &r);
    random_jobs(&k, &im, &r);
    int bad = run_jobs(ref, &im, &k, 0) || run_jobs(sim, &im, &k, 1);
    if (bad)
        printf("# %s\n", glb_error());
    bad = bad || compare_jobs(&im, &k, t);
    if (!bad && !k.stop_at && im.takes >= 0)
        bad = compare_sums(ref, sim, &im, t);
    free_jobs(&k);
    image_free(&im);
    return bad;
}

static int test_array(const char *name, uint64_t seed, int jobs) {
    const struct glb_array *a = glb_array_find(name);
    struct glb_transport tr, ts;
    struct glb_client *ref = NULL, *sim = NULL;
    struct totals t = {0};
    int bad = !a || glb_emu_port_open(name, NULL, &tr) || glb_client_open(&tr, &ref) ||
              glb_sim_transport_open(name, NULL, &ts) || glb_client_open(&ts, &sim) ||
              glb_client_check(ref, a) || glb_client_check(sim, a);
    if (bad)
        printf("# %s\n", glb_error());
    for (uint32_t k = 0; t.jobs < jobs && !bad; k++)
        if ((bad = one_round(ref, sim, a, seed, k, &t)))
            printf("# array %s, seed %llu, image %u\n", name, (unsigned long long)seed, k);
    printf("%s - raw images on %s: %d jobs, %d of them count, %llu updates, %llu state words and "
           "%llu sums compared\n",
           bad ? "not ok" : "ok", name, t.jobs, t.counting, (unsigned long long)t.flips,
           (unsigned long long)t.words, (unsigned long long)t.sums);
    fflush(stdout);
    glb_client_close(ref);
    glb_client_close(sim);
    return bad;
}

int main(int argc, char **argv) {
    int jobs = 20, bad = 0;
    uint64_t seed = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--jobs") == 0 && i + 1 < argc)
            jobs = atoi(argv[++i]);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
        else
            bad |= test_array(argv[i], seed, jobs);
    }
    return bad;
}
