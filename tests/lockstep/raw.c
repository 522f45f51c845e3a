/* Lockstep below the compiler: random memory images that only keep array.md's rules (what they
 * compute is nonsense, but defined), random jobs, on the Verilated RTL and on the clock-by-clock
 * reference, both behind the byte protocol. Every state word at every sampling point and the
 * counters must agree. Usage: raw [--jobs N] [--seed N] ARRAY...   SPDX-License-Identifier:
 * Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "array/coupling_word.h"
#include "array/protocol.h"
#include "base/rng.h"
#include "transports/transports.h"
#include "wire/client.h"

enum { MAX_SDEPTH = 2048, MAX_SAMPLES = 64 };

struct image {
    struct glb_program p; /* only the images and segments */
    struct glb_run runs[GLB_MAX_TILES * GLB_MAX_LANES];
    int nruns;
    size_t nwords;
};

static uint32_t below(struct glb_rng *r, uint32_t n) {
    return glb_rng_below(r, n);
}

/* Which bank's word arrives at each tile, by walking the butterfly. */
static void route(const struct glb_array *a, const uint16_t *net, int *bank) {
    for (int t = 0; t < a->tiles; t++)
        bank[t] = t;
    for (int s = 0; s < a->ns; s++)
        for (int k = 0; k < a->tiles / 2; k++) {
            const int bit = s * a->tiles / 2 + k, p = (k >> s << (s + 1)) | (k & ((1 << s) - 1)),
                      q = p | 1 << s;
            if (net[bit / 16] >> bit % 16 & 1) {
                const int swap = bank[p];
                bank[p] = bank[q];
                bank[q] = swap;
            }
        }
}

static uint64_t random_ctrl(const struct glb_array *a, struct glb_rng *r, int lane, int we) {
    const int nz = a->lanes > 1 && below(r, 4) == 0;
    return glb_ctrl_word(a, (int)below(r, 1u << (a->acc - 1)), below(r, 3) == 0, below(r, 3) != 0,
                         we, nz, lane);
}

static uint64_t random_read(const struct glb_array *a, struct glb_rng *r) {
    const uint64_t payload = glb_rng_u64(r) & ((UINT64_C(1) << a->pw) - 1);
    const uint64_t flag = below(r, 3) ? 0 : 1 + below(r, (uint32_t)a->lanes);
    return payload << a->ow | flag;
}

/* One segment of len clocks at s_start; entries from c_start on. Returns the entries used. */
static int fill_segment(struct image *im, struct glb_rng *r, struct glb_segment *seg, int c_room) {
    const struct glb_array *a = &im->p.array;
    static uint8_t writes[MAX_SDEPTH + 64][GLB_MAX_TILES];
    int used[GLB_MAX_TILES] = {0}, closed[GLB_MAX_TILES][GLB_MAX_LANES] = {{0}},
        bank[GLB_MAX_TILES];
    const int chunks = (a->nb + 15) / 16;
    memset(writes, 0, sizeof writes);
    seg->flips = 0;
    for (int c = 0; c < seg->s_len; c++) {
        uint16_t *net = im->p.net + (size_t)(seg->s_start + c) * chunks;
        for (int k = 0; k < chunks; k++)
            net[k] = (uint16_t)glb_rng_u64(r);
        route(a, net, bank);
        for (int t = 0; t < a->tiles; t++) {
            const uint32_t addr = below(r, 1u << a->aw), lane = below(r, (uint32_t)a->lanes),
                           dice = below(r, 10);
            uint32_t op = 0;
            uint64_t *entry = im->p.coupling + (size_t)t * im->p.c_used + seg->c_start + used[t];
            if (dice < 3)
                op = 1 + lane;
            else if (dice < 9 && used[t] < c_room) {
                const int full = seg->wp_start + closed[t][lane] >= 1 << a->gw;
                if (dice == 8 && !full) {
                    const int we = below(r, 5) != 0;
                    *entry = random_ctrl(a, r, (int)lane, we);
                    closed[t][lane]++;
                    writes[c + a->wl][t] = (uint8_t)we;
                    seg->flips += (uint32_t)a->chains;
                    op = (uint32_t)a->ctrl;
                } else if (!writes[c][bank[t]]) {
                    *entry = random_read(a, r);
                    op = (uint32_t)a->ctrl;
                }
                used[t] += op != 0;
            }
            im->p.sched[(size_t)(seg->s_start + c) * a->tiles + t] = addr << a->ow | op;
        }
    }
    int most = 0;
    for (int t = 0; t < a->tiles; t++)
        if (used[t] > most)
            most = used[t];
    return most;
}

static void make_image(struct image *im, const struct glb_array *a, struct glb_rng *r) {
    memset(im, 0, sizeof *im);
    im->p.array = *a;
    const int depth = a->sdepth < MAX_SDEPTH ? a->sdepth : MAX_SDEPTH;
    im->p.s_used =
        below(r, 4) ? 8 + (int)below(r, (uint32_t)depth / 2 - 8) : depth; /* now and then full */
    im->p.c_used = a->cdepth;
    im->p.sched = calloc((size_t)im->p.s_used * a->tiles, sizeof *im->p.sched);
    im->p.net = calloc((size_t)im->p.s_used * ((a->nb + 15) / 16), sizeof *im->p.net);
    im->p.coupling = calloc((size_t)a->tiles * a->cdepth, sizeof *im->p.coupling);
    int s = 0, c = 0;
    while (s < im->p.s_used && im->p.nseg < GLB_SEGMENTS) {
        struct glb_segment *seg = &im->p.seg[im->p.nseg++];
        seg->s_start = s;
        seg->s_len = 1 + (int)below(r, (uint32_t)(im->p.s_used - s));
        seg->c_start = c;
        seg->wp_start = (int)below(r, 1u << a->gw);
        c += fill_segment(im, r, seg, a->cdepth - c);
        s += seg->s_len;
    }
    for (int l = 0; l < a->tiles * a->lanes; l++) {
        im->runs[im->nruns++] = (struct glb_run){.tile = (uint16_t)(l / a->lanes),
                                                 .addr = (uint16_t)(l % a->lanes << a->gw),
                                                 .count = (uint16_t)(1 << a->gw)};
        im->nwords += (size_t)1 << a->gw;
    }
}

static void free_image(struct image *im) {
    free(im->p.sched);
    free(im->p.net);
    free(im->p.coupling);
}

struct tape {
    uint64_t *words; /* [MAX_SAMPLES][nwords] */
    size_t nwords;
    uint32_t samples;
};

static int record(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                  size_t stride) {
    struct tape *t = user;
    (void)sweep, (void)stride;
    if (sample < MAX_SAMPLES)
        memcpy(t->words + sample * t->nwords, words, t->nwords * sizeof *words);
    t->samples = sample + 1;
    return 0;
}

static enum glb_status run_one(struct glb_client *c, const struct image *im,
                               const struct glb_job *j, const uint64_t *start, struct tape *t,
                               struct glb_job_counters *k) {
    enum glb_status s = glb_client_load(c, &im->p);
    if (!s)
        s = glb_client_set_state(c, &im->p.array, j->page, im->runs, im->nruns, start, 1);
    return s ? s : glb_client_run(c, &im->p.array, j, record, t, k);
}

/* First difference of two tapes, or 0. */
static int compare(const struct tape *a, const struct tape *b, const struct glb_job_counters *x,
                   const struct glb_job_counters *y) {
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
                printf("# sample %u, word %zu: reference %llx, sim %llx\n", s, i,
                       (unsigned long long)a->words[s * a->nwords + i],
                       (unsigned long long)b->words[s * a->nwords + i]);
                return 1;
            }
    return 0;
}

/* One job on both; 0 if they agree. */
static int one_job(struct glb_client *ref, struct glb_client *sim, const struct glb_array *a,
                   uint64_t seed, uint32_t number, uint64_t *flips) {
    struct glb_rng r = glb_rng_at(seed, 0x726177, number);
    struct image im;
    make_image(&im, a, &r);
    struct glb_beta_step steps[5];
    struct glb_job j = {
        .id = number, .seed = glb_rng_u64(&r), .steps = steps, .runs = im.runs, .nruns = im.nruns};
    j.nsteps = 1 + (int)below(&r, 5);
    for (int i = 0; i < j.nsteps; i++) {
        steps[i].k = (uint32_t)(glb_rng_u64(&r) >> (32 + below(&r, 32)));
        steps[i].sweeps = below(&r, 6);
    }
    j.burn_in = below(&r, 4);
    j.interval = below(&r, 4);
    j.page = (uint8_t)below(&r, 2);
    j.flags = (uint8_t)(below(&r, 4) | GLB_RUN_SAMPLE_FINAL);
    j.nseg = (uint8_t)(1 + below(&r, GLB_SEGMENTS));
    for (int i = 0; i < j.nseg; i++)
        j.seg[i] = (uint8_t)below(&r, (uint32_t)im.p.nseg);
    struct tape t[2];
    struct glb_job_counters k[2] = {{0}, {0}};
    uint64_t *start = malloc(im.nwords * sizeof *start);
    for (size_t i = 0; i < im.nwords; i++)
        start[i] = glb_rng_u64(&r) & ((UINT64_C(1) << a->chains) - 1);
    for (int i = 0; i < 2; i++)
        t[i] = (struct tape){calloc(MAX_SAMPLES * im.nwords, sizeof *t[i].words), im.nwords, 0};
    int bad =
        run_one(ref, &im, &j, start, &t[0], &k[0]) || run_one(sim, &im, &j, start, &t[1], &k[1]);
    if (bad)
        printf("# %s\n", glb_error());
    else
        bad = compare(&t[0], &t[1], &k[0], &k[1]);
    *flips += k[1].flips;
    free(start);
    free(t[0].words);
    free(t[1].words);
    free_image(&im);
    return bad;
}

static int test_array(const char *name, uint64_t seed, int jobs) {
    const struct glb_array *a = glb_array_find(name);
    struct glb_transport tr, ts;
    struct glb_client *ref = NULL, *sim = NULL;
    uint64_t flips = 0;
    int bad = !a || glb_emu_port_open(name, NULL, &tr) || glb_client_open(&tr, &ref) ||
              glb_sim_transport_open(name, NULL, &ts) || glb_client_open(&ts, &sim) ||
              glb_client_check(ref, a) || glb_client_check(sim, a);
    if (bad)
        printf("# %s\n", glb_error());
    for (int j = 0; j < jobs && !bad; j++)
        if ((bad = one_job(ref, sim, a, seed, (uint32_t)j, &flips)))
            printf("# array %s, seed %llu, job %d\n", name, (unsigned long long)seed, j);
    printf("%s - raw images on %s: %d jobs, %llu updates\n", bad ? "not ok" : "ok", name, jobs,
           (unsigned long long)flips);
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
