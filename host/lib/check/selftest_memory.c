/* The self-test's hand-written program: every word of the state memories, and the noise of every
 * lane against the definition in docs/design/array.md. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "device/device.h"
#include "array/noise.h"
#include "emulator/emulator.h"
#include "array/protocol.h"
#include "check/selftest.h"

enum { FRAME_WORDS = 20000, SWEEPS = 5, NOISE_K = 8 << 16 };

/* One segment: each lane takes a noise word for every chain and writes the sign to its word 0. */
static enum glb_status make_program(const struct glb_array *a, struct glb_program *p) {
    const int lane_clocks = a->chains + 1, clocks = a->lanes * lane_clocks;
    *p = (struct glb_program){
        .array = *a, .copies = 1, .u = 1, .nseg = 1, .s_used = clocks, .c_used = a->lanes};
    p->seg[0].s_len = clocks;
    p->seg[0].flips = (uint32_t)(a->tiles * a->lanes * a->chains);
    p->sched = calloc((size_t)clocks * a->tiles, sizeof *p->sched);
    p->net = calloc((size_t)clocks * ((a->nb + 15) / 16), sizeof *p->net);
    p->coupling = calloc((size_t)a->tiles * a->lanes, sizeof *p->coupling);
    if (!p->sched || !p->net || !p->coupling)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the self-test's program");
    for (int c = 0; c < clocks; c++)
        for (int t = 0; t < a->tiles; t++)
            p->sched[(size_t)c * a->tiles + t] =
                (uint32_t)(c % lane_clocks < a->chains ? c / lane_clocks + 1 : a->lanes + 1);
    for (int t = 0; t < a->tiles; t++)
        for (int l = 0; l < a->lanes; l++) { /* no bias, clear, write */
            const uint64_t payload = UINT64_C(3) << a->acc | (uint64_t)l << (a->acc + 3);
            p->coupling[t * a->lanes + l] = payload << a->ow | (uint64_t)(a->lanes + 1);
        }
    return GLB_OK;
}

static void free_program(struct glb_program *p) {
    free(p->sched);
    free(p->net);
    free(p->coupling);
}

struct take {
    uint64_t *to;
    size_t n;
};

static int take(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words, size_t stride) {
    const struct take *t = user;
    (void)sample, (void)sweep;
    for (size_t i = 0; i < t->n; i++)
        t->to[i] = words[i * stride];
    return 0;
}

static enum glb_status run(struct glb_device *d, int page, uint32_t sweeps, uint64_t seed,
                           const struct glb_run *runs, int nruns, struct take *t) {
    const struct glb_beta_step step = {NOISE_K, sweeps};
    const struct glb_job j = {.id = 1,
                              .seed = seed,
                              .steps = &step,
                              .nsteps = 1,
                              .runs = runs,
                              .nruns = nruns,
                              .page = (uint8_t)page,
                              .flags = GLB_RUN_SAMPLE_FINAL,
                              .nseg = 1};
    struct glb_job_counters counters;
    t->n = 0;
    for (int i = 0; i < nruns; i++)
        t->n += runs[i].count;
    return glb_device_run(d, &j, NULL, take, t, &counters);
}

static uint64_t pattern(const struct glb_array *a, int kind, int page, int tile, int addr) {
    const uint64_t all = (UINT64_C(1) << a->chains) - 1;
    const uint64_t mixed =
        ((uint64_t)(page << 24 ^ tile << 14 ^ addr) + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 40;
    const uint64_t kinds[] = {0, all, 0x5555, 0xaaaa, mixed, ~mixed};
    return kinds[kind] & all;
}

/* Every word of all pages is written before any is read: a wrong address shows too. */
static enum glb_status march(struct glb_device *d, const struct report *to) {
    enum { KINDS = 6 };
    const struct glb_array *a = glb_device_array(d);
    const int depth = 1 << a->aw,
              group = FRAME_WORDS / depth < a->tiles ? FRAME_WORDS / depth : a->tiles;
    uint64_t *words = malloc((size_t)group * depth * sizeof *words);
    struct glb_run *runs = malloc((size_t)group * sizeof *runs);
    enum glb_status s =
        words && runs ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for the self-test");
    for (int kind = 0; kind < KINDS && !s; kind++)
        for (int step = 0; step < 2 * GLB_PAGES && !s; step++) {
            const int page = step % GLB_PAGES, reading = step / GLB_PAGES;
            for (int t0 = 0; t0 < a->tiles && !s; t0 += group) {
                const int n = a->tiles - t0 < group ? a->tiles - t0 : group;
                struct take got = {.to = words};
                for (int t = 0; t < n; t++)
                    runs[t] = (struct glb_run){(uint16_t)(t0 + t), 0, (uint16_t)depth};
                for (int i = 0; i < n * depth && !reading; i++)
                    words[i] = pattern(a, kind, page, t0 + i / depth, i % depth);
                s = reading ? run(d, page, 0, 1, runs, n, &got)
                            : glb_device_set_state(d, page, runs, n, words, 1);
                for (int i = 0; i < n * depth && reading && !s; i++) {
                    const uint64_t want = pattern(a, kind, page, t0 + i / depth, i % depth);
                    if (words[i] != want)
                        s = glb_fail(GLB_ERR_DEVICE,
                                     "state memory: page %d, tile %d, address %d holds %llx, %llx "
                                     "was written",
                                     page, t0 + i / depth, i % depth, (unsigned long long)words[i],
                                     (unsigned long long)want);
                }
            }
        }
    if (!s)
        report_line(to, "memory     ok: %d patterns in %d words of %d bits", KINDS,
                    GLB_PAGES * a->tiles * depth, a->chains);
    free(words);
    free(runs);
    return s;
}

static enum glb_status noise(struct glb_device *d, uint64_t seed, const struct report *to) {
    const struct glb_array *a = glb_device_array(d);
    const int lanes = a->tiles * a->lanes;
    int16_t table[1024];
    uint64_t *lfsr = malloc((size_t)lanes * sizeof *lfsr),
             *words = malloc((size_t)lanes * sizeof *words);
    struct glb_run *runs = malloc((size_t)GLB_RUNS * sizeof *runs);
    struct take got = {.to = words};
    enum glb_status s =
        lfsr && words && runs ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for the self-test");
    if (!s) {
        glb_noise_table(NOISE_K, a->acc, table);
        glb_noise_seed(seed, lanes, lfsr);
    }
    const int at_once = lanes < GLB_RUNS ? lanes : GLB_RUNS;
    for (int l0 = 0; l0 < lanes && !s; l0 += at_once) {
        const int n = lanes - l0 < at_once ? lanes - l0 : at_once;
        for (int i = 0; i < n; i++)
            runs[i] = (struct glb_run){(uint16_t)((l0 + i) / a->lanes),
                                       (uint16_t)((l0 + i) % a->lanes << a->gw), 1};
        s = run(d, 0, SWEEPS, seed, runs, n, &got);
        for (int i = 0; i < n && !s; i++) {
            uint8_t tail = 0;
            uint64_t want = 0;
            for (int k = 0; k < SWEEPS * a->chains; k++) {
                const int sign = glb_noise_word(&lfsr[l0 + i], &tail, table) >= 0;
                if (k >= (SWEEPS - 1) * a->chains)
                    want |= (uint64_t)sign << k % a->chains;
            }
            if (words[i] != want)
                s = glb_fail(GLB_ERR_DEVICE,
                             "noise of tile %d, lane %d: bits %llx, by the definition %llx (seed "
                             "%llu)",
                             (l0 + i) / a->lanes, (l0 + i) % a->lanes, (unsigned long long)words[i],
                             (unsigned long long)want, (unsigned long long)seed);
        }
    }
    if (!s)
        report_line(to, "noise      ok: %d words of each of %d LFSRs, by the definition",
                    SWEEPS * a->chains, lanes);
    free(lfsr);
    free(words);
    free(runs);
    return s;
}

enum glb_status glb_selftest_memory(struct glb_device *d, uint64_t seed, const struct report *to) {
    struct glb_program p;
    enum glb_status s = make_program(glb_device_array(d), &p);
    if (!s)
        s = glb_device_load(d, &p);
    if (!s)
        s = march(d, to);
    if (!s)
        s = noise(d, seed, to);
    free_program(&p);
    return s;
}
