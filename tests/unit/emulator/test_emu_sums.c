/* Sums that the emulator counts beside those of the very samples that its jobs return, read
 * by dumps. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/protocol.h"
#include "emulator/emulator.h"
#include "support/random_program.h"

enum { UPDATES, TAKES, COUNTS, DUMP, FIRST_SUM = 90, MORE_SUMS = 106, END = 122 };
enum { OWN_WORD = 1, OWN_ONES, COUNT }; /* ops */
enum { MAX_BOARDS = 140 };

static struct {
    struct glb_board_memory m;
    struct glb_emu *e;
    int boards, subtract, ones;                   /* ones: seen in samples */
    uint32_t sum[MAX_BOARDS][GLB_MAX_TILES][END]; /* counted here */
} bench;

static void open_bench(const char *array, enum glb_emu_path path, int boards) {
    struct glb_program p = {.nseg = 1, .nextra = 3};
    struct glb_board_memory *m = &bench.m;
    assert_int_equal(glb_board_memory_init(m, glb_array_find(array)), GLB_OK);
    random_segment(m, UPDATES, 0, 30 + 3 * m->a.lanes * (m->a.chains + 12) / 2, 0, 0);
    random_counts(m, TAKES, 150, 50, FIRST_SUM, 16, 1);
    random_counts(m, COUNTS, 200, 50, MORE_SUMS, 16, 0);
    m->seg[DUMP] = (struct glb_segment){.mode = GLB_SEGMENT_DUMPS};
    p.array = m->a;
    p.s_used = m->a.sdepth;
    p.c_used = m->a.cdepth;
    p.sched = m->sched;
    p.net = m->net;
    p.coupling = m->coupling;
    memcpy(p.seg, m->seg, sizeof p.seg);
    bench.boards = boards;
    assert_int_equal(glb_emu_open(&m->a, boards, 2, path, &bench.e), GLB_OK);
    assert_int_equal(glb_emu_load(bench.e, &p), GLB_OK);
    for (int b = 0; b < boards; b++)
        for (int t = 0; t < m->a.tiles; t++)
            for (int i = FIRST_SUM; i < END; i++)
                bench.sum[b][t][i] = (uint32_t)m->coupling[t * m->a.cdepth + i];
}

static void close_bench(void) {
    glb_emu_close(bench.e);
    glb_board_memory_free(&bench.m);
}

/* The words' way through the network, forth from the banks. */
static void send(int clock, const uint32_t *state, uint32_t *wire) {
    const struct glb_array *a = &bench.m.a;
    for (int t = 0; t < a->tiles; t++)
        wire[t] = state[(t << a->aw) + (int)(bench.m.sched[clock * a->tiles + t] >> a->ow)];
    for (int s = 0, bit = 0; s < a->ns; s++)
        for (int p = 0; p < a->tiles; p++)
            if (!(p >> s & 1)) {
                const int crossed = bench.m.net[clock * bench.m.chunks + bit / 16] >> bit % 16 & 1;
                const uint32_t low = wire[p];
                wire[p] = wire[p + crossed * (1 << s)];
                if (crossed)
                    wire[p + (1 << s)] = low;
                bit++;
            }
}

static void count_board(int board, const uint32_t *state) {
    const struct glb_array *a = &bench.m.a;
    uint32_t own[GLB_MAX_TILES] = {0}, wire[GLB_MAX_TILES];
    for (int g = TAKES; g <= COUNTS; g++) {
        int next[GLB_MAX_TILES] = {0};
        const struct glb_segment *seg = &bench.m.seg[g];
        for (int c = seg->s_start; c < seg->s_start + seg->s_len; c++) {
            send(c, state, wire);
            for (int t = 0; t < a->tiles; t++) {
                const int op = (int)(bench.m.sched[c * a->tiles + t] & ((1u << a->ow) - 1));
                uint32_t agree = 0;
                for (int r = 0; r < a->chains; r++)
                    agree += (own[t] >> r & 1) == (wire[t] >> r & 1);
                if (op == COUNT)
                    bench.sum[board][t][seg->c_start + next[t]++] +=
                        bench.subtract ? 0u - agree - 1 : agree;
                own[t] = op == OWN_WORD ? wire[t] : op == OWN_ONES ? ~0u : own[t];
            }
        }
    }
}

static uint32_t bits_of(const uint64_t *words, int board) {
    const int bit = board * bench.m.a.chains;
    return (uint32_t)(words[bit / 64] >> bit % 64) & ((1u << bench.m.a.chains) - 1);
}

static int count_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                        size_t stride) {
    static uint32_t state[16 << 6];
    const int n = bench.m.a.tiles << bench.m.a.aw;
    (void)user, (void)sample, (void)sweep;
    assert_true(n <= 16 << 6);
    for (int b = 0; b < bench.boards; b++) {
        for (int w = 0; w < n; w++)
            bench.ones += (state[w] = bits_of(words + (size_t)w * stride, b)) != 0;
        count_board(b, state);
    }
    return 0;
}

static void run_job(int quiet) {
    const struct glb_beta_step steps[] = {{3 << 16, 3}, {1 << 16, 4}};
    struct glb_run all[GLB_MAX_TILES];
    for (int t = 0; t < bench.m.a.tiles; t++)
        all[t] = (struct glb_run){(uint16_t)t, 0, (uint16_t)(1 << bench.m.a.aw)};
    const struct glb_job j = {
        .seed = 7,
        .steps = steps,
        .nsteps = 2,
        .burn_in = 1,
        .interval = 2,
        .runs = all,
        .nruns = bench.m.a.tiles,
        .page = 3,
        .flags = (uint8_t)((quiet ? GLB_RUN_QUIET : 0) | (bench.subtract ? GLB_RUN_SUBTRACT : 0)),
        .nseg = 3,
        .seg = {UPDATES, TAKES, COUNTS},
        .nsampled = 2};
    struct glb_job_counters n;
    assert_int_equal(glb_emu_run(bench.e, &j, NULL, count_sample, NULL, &n), GLB_OK);
    assert_int_equal(n.samples, quiet ? 0 : 3);
    const uint64_t gap = (uint64_t)bench.m.a.gap;
    assert_int_equal(n.run_cycles,
                     7 * ((uint64_t)bench.m.seg[UPDATES].s_len + gap) + 3 * 2 * (50 + gap + 4));
}

/* Entries from FIRST_SUM on, as many as lane 0 has words. */
static void check_sums(void) {
    const struct glb_array *a = &bench.m.a;
    static const struct glb_beta_step step = {1, 1};
    static uint32_t got[MAX_BOARDS][16][64];
    const struct glb_job j = {.steps = &step, .nsteps = 1, .nseg = 1, .seg = {DUMP}};
    struct glb_segment g = {.s_len = 1 << a->gw, .mode = GLB_SEGMENT_DUMPS};
    for (g.c_start = FIRST_SUM; g.c_start < END; g.c_start += g.s_len) {
        memset(got, 0, sizeof got);
        for (g.part = 0; g.part * a->chains < 16; g.part++) {
            uint64_t lo, hi, words[MAX_BOARDS];
            glb_segment_pack(&g, &lo, &hi);
            assert_int_equal(glb_emu_write(bench.e, GLB_TARGET_SEG, 0, DUMP, lo, hi), GLB_OK);
            assert_int_equal(glb_emu_run(bench.e, &j, NULL, NULL, NULL, NULL), GLB_OK);
            for (int t = 0; t < a->tiles; t++)
                for (int k = 0; k < g.s_len; k++) {
                    glb_emu_get(bench.e, 0, t, k, words);
                    for (int b = 0; b < bench.boards; b++)
                        got[b][t][k] |= bits_of(words, b) << g.part * a->chains;
                }
        }
        for (int t = 0; t < a->tiles; t++)
            for (int k = 0; k < g.s_len && g.c_start + k < END; k++)
                for (int b = 0; b < bench.boards; b++)
                    assert_int_equal(got[b][t][k], bench.sum[b][t][g.c_start + k] & 0xffff);
    }
}

/* From the words that the images have there; the same job quiet adds the same once more. */
static void sums_are_those_of_the_samples(void **state) {
    static const char *const arrays[] = {"tiny", "tiny4", "small"};
    (void)state;
    rnd_state = 77;
    for (int path = GLB_EMU_AUTO; path <= GLB_EMU_PORTABLE; path++)
        for (int k = 0; k < 6; k++) {
            const int chains = glb_array_find(arrays[k % 3])->chains;
            open_bench(arrays[k % 3], (enum glb_emu_path)path, k < 3 ? 512 / chains + 3 : 1 + k);
            bench.subtract = k % 2;
            check_sums();
            bench.ones = 0;
            run_job(0);
            assert_true(bench.ones > 0);
            check_sums();
            static uint32_t before[MAX_BOARDS][GLB_MAX_TILES][END];
            memcpy(before, bench.sum, sizeof before);
            const uint64_t zero[MAX_BOARDS] = {0};
            for (int quiet = 0; quiet < 2; quiet++) { /* from the same states */
                for (int w = 0; w < bench.m.a.tiles << bench.m.a.aw; w++)
                    glb_emu_set(bench.e, 3, w >> bench.m.a.aw, w & ((1 << bench.m.a.aw) - 1), zero);
                run_job(quiet);
                if (quiet)
                    for (int b = 0; b < bench.boards; b++)
                        for (int t = 0; t < bench.m.a.tiles; t++)
                            for (int i = 0; i < END; i++)
                                bench.sum[b][t][i] += bench.sum[b][t][i] - before[b][t][i];
                check_sums();
            }
            close_bench();
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_the_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
