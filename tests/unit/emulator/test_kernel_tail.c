/* The kernels' noise at the start of a job, value by value, from LFSR states that put
 * words into the deep tail, with every run of words before them. Every kernel, 4, 8 and 16 chains.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "array/coupling_word.h"
#include "array/noise.h"
#include "emulator/emulator.h"
#include "emulator/kernels/kernel.h"
#include "emulator/kernels/noise_tail.h"

enum {
    UPDATES = 6, /* of one lane, from the job's start on */
    ACC = 13,
    MOST = 500, /* beyond the largest noise */
    WORDS = 256,
    GENERATORS = 1024
};

static _Alignas(64) uint8_t page[65536], noise[65536], drawn[GENERATORS];
static _Alignas(64) uint64_t lfsr[GENERATORS];
static const struct glb_emu_machine machine = {page, noise, lfsr, drawn};

/* words in the tail whose run crosses four words, fills the job, is long */
static int crossing, from_start, long_runs;

/* LFSR b of a pattern: 1 to 3 bits; or, from 4 on, one whose words 4 (pattern - 4) to the third
 * after it lie in the tail, most of them with bit 0 clear; or any. */
static uint64_t sparse(int pattern, int b) {
    /* solved for: a run of 13, 14, 15, 18, 22, 29, 30, 31, 33, 36 words with bit 0 clear, then one
     * in the tail, all within the first 48 */
    static const uint64_t long_run[10] = {
        UINT64_C(0xfe6312c50b20ab65), UINT64_C(0xb9f2025d0b20ab65), UINT64_C(0x8d4691850b20ab65),
        UINT64_C(0x1e8ef4bb0b20ab65), UINT64_C(0x614509818b20ab65), UINT64_C(0xfefba96f6ee0ab65),
        UINT64_C(0x7a4e25a19c00ab65), UINT64_C(0x403f8f5de18b2b65), UINT64_C(0x6d46b640dda0ab65),
        UINT64_C(0xd9648c9d53482b65)};
    const uint64_t any = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(2 * b + 1);
    uint64_t s = 0;
    if (pattern == 0)
        return any;
    if (pattern == 8)
        return long_run[b % 10];
    for (int k = 0; k < pattern && pattern < 4; k++)
        s |= UINT64_C(1) << (b * (2 * k + 1) + 23 * k) % 64;
    if (pattern < 4)
        return s;
    s = any & UINT64_C(0x8006800680068006);
    s |= any >> 9 & any >> 20 & UINT64_C(0x0001000100010001);
    for (int k = 4; k <= pattern; k++)
        s = back64(s);
    return s ? s : 1;
}

/* n of update u of each board's chains, word by word. */
static void expect(int boards, int chains, int pattern, const int16_t table[1024],
                   int16_t n[UPDATES][512]) {
    for (int b = 0; b < boards; b++) {
        uint64_t lfsr = sparse(pattern, b);
        uint8_t tail = 0;
        for (int w = 0; w < UPDATES * chains; w++) {
            const int before = tail;
            n[w / chains][b * chains + w % chains] = (int16_t)glb_noise_word(&lfsr, &tail, table);
            const int in_tail = !(lfsr >> 48 & 0x7ff8); /* V below 8 */
            crossing += in_tail && w % chains >= 4 && before > w % 4;
            long_runs += in_tail && before >= 30;
            from_start += in_tail && w > 0 && before == w;
        }
    }
}

/* Updates of tile 0's only lane, of nothing but noise. */
static void fill_images(struct glb_board_memory *m, int bias) {
    const struct glb_array *a = &m->a;
    const int clocks = a->chains + 1;
    m->seg[0] = (struct glb_segment){.s_len = UPDATES * clocks};
    for (int c = 0; c < UPDATES * clocks; c++)
        m->sched[c * a->tiles] = (uint32_t)(c % clocks < a->chains ? 1 : a->ctrl);
    for (int u = 0; u < UPDATES; u++)
        m->coupling[u] = glb_ctrl_word(a, bias, 0, 1, 1, 0, 0);
}

/* A block of so many boards; its generators' other lanes rest. */
static void run(glb_emu_kernel *kernel, const struct glb_emu_plan *p, int boards, int pattern,
                const int16_t table[1024]) {
    uint64_t *const lfsr = machine.lfsr;
    assert_true(p->page_bytes <= sizeof page && p->order.noise_bytes <= sizeof noise);
    memset(machine.drawn, 0, GENERATORS);
    for (int b = 0; b < GENERATORS; b++)
        lfsr[b] = b < boards ? sparse(pattern, b) : 1;
    kernel(p, &machine, table);
}

static void compare(glb_emu_kernel *kernel, int chains, int parts, int pattern) {
    static _Alignas(64) int16_t table[1024];
    const int boards = parts * 16 / chains;
    struct glb_array a = *glb_array_find("tiny1");
    struct glb_board_memory m;
    struct glb_emu_code code;
    struct glb_emu_plan plan = {0};
    int16_t n[UPDATES][512];
    a.chains = chains;
    a.acc = ACC;
    glb_array_derive(&a);
    const int words = a.tiles << a.aw;
    uint32_t place[WORDS];
    uint8_t *const live = calloc((size_t)a.tiles * (size_t)a.cdepth, 1);
    assert_true(words <= WORDS);
    for (int w = 0; w < words; w++)
        place[w] = (uint32_t)(words - 1 - w);
    assert_int_equal(glb_board_memory_init(&m, &a), GLB_OK);
    fill_images(&m, 0);
    assert_int_equal(glb_emu_decode(&m, 0, live, &code), GLB_OK);
    assert_int_equal(code.ok, 1);
    glb_noise_table(15 << 16, ACC, table);
    expect(boards, chains, pattern, table, n);
    for (int bias = -MOST; bias <= MOST; bias++) {
        fill_images(&m, bias);
        assert_int_equal(glb_emu_plan_build(&m, &code, parts, place, (uint32_t)words, &plan),
                         GLB_OK);
        run(kernel, &plan, boards, pattern, table);
        for (int u = 0; u < UPDATES; u++) {
            const uint8_t *const got = page + GLB_PAGE_START + (size_t)place[u] * 4 * (size_t)parts;
            for (int c = 0; c < boards * chains; c++)
                if ((got[c / 8] >> c % 8 & 1) != (bias + n[u][c] >= 0))
                    fail_msg(
                        "%d chains, %d parts, pattern %d, update %d, chain %d: noise is not %d",
                        chains, parts, pattern, u, c, n[u][c]);
        }
    }
    glb_emu_plan_free(&plan);
    glb_emu_code_free(&code);
    glb_board_memory_free(&m);
    free(live);
}

static void check(enum glb_emu_path path, glb_emu_kernel *kernel) {
    struct glb_emu *e;
    if (glb_emu_open(glb_array_find("tiny"), 1, 1, path, &e) == GLB_ERR_UNSUPPORTED)
        skip();
    glb_emu_close(e);
    for (int chains = 4; chains <= 16; chains *= 2)
        for (int pattern = 0; pattern <= 8; pattern++) {
            compare(kernel, chains, 32, pattern);
            compare(kernel, chains, 2, pattern);
        }
}

static void portable_tail(void **state) {
    (void)state;
    check(GLB_EMU_PORTABLE, glb_emu_kernel_portable);
    assert_true(crossing > 200); /* the test sees what it is for */
    assert_true(from_start > 200);
    assert_true(long_runs > 20);
}

#if defined(__x86_64__)
static void avx2_tail(void **state) {
    (void)state;
    check(GLB_EMU_AVX2, glb_emu_kernel_avx2);
}

static void avx512_tail(void **state) {
    (void)state;
    check(GLB_EMU_AVX512, glb_emu_kernel_avx512);
}

static void avx512vbmi_tail(void **state) {
    (void)state;
    check(GLB_EMU_AVX512VBMI, glb_emu_kernel_avx512vbmi);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portable_tail),
#if defined(__x86_64__)
        cmocka_unit_test(avx2_tail),
        cmocka_unit_test(avx512_tail),
        cmocka_unit_test(avx512vbmi_tail),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
