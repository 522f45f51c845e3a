/* The kernels' noise at the start of a job, value by value, from LFSR states that put
 * words into the deep tail, with every run of words before them. Every kernel, 4, 8 and 16 chains.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "array/noise.h"
#include "emulator/emulator.h"
#include "emulator/kernel.h"
#include "emulator/noise_tail.h"

enum {
    UPDATES = 6, /* of one lane, from the job's start on */
    ACC = 13,
    MOST = 500 /* beyond the largest noise */
};

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
static void expect(int chains, int pattern, const int16_t table[1024], int16_t n[UPDATES][512]) {
    for (int b = 0; b < GLB_BLOCK / chains; b++) {
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

static void compare(glb_emu_kernel *kernel, int chains, int pattern) {
    static _Alignas(64) uint8_t page[2 * UPDATES * GLB_SLOT_BYTES + 4096];
    static const uint32_t no_offsets[1];
    int16_t table[1024], n[UPDATES][512];
    struct glb_emu_step step[UPDATES];
    glb_noise_table(15 << 16, ACC, table);
    expect(chains, pattern, table, n);
    for (int bias = -MOST; bias <= MOST; bias++) {
        uint64_t lfsr[GLB_BLOCK / 4];
        uint8_t drawn[1] = {0};
        for (int b = 0; b < GLB_BLOCK / chains; b++)
            lfsr[b] = sparse(pattern, b);
        for (int u = 0; u < UPDATES; u++)
            step[u] = (struct glb_emu_step){.offset = no_offsets,
                                            .dst = (uint32_t)(2 * u * GLB_SLOT_BYTES),
                                            .bias = (int16_t)bias,
                                            .noise = 1,
                                            .clr = 1,
                                            .we = 1};
        const struct glb_emu_plan plan = {.acc = ACC,
                                          .chains = chains,
                                          .scratch = 2 * UPDATES * GLB_SLOT_BYTES,
                                          .nsteps = UPDATES,
                                          .step = step};
        kernel(&plan, page, lfsr, drawn, table);
        for (int u = 0; u < UPDATES; u++) {
            uint64_t slot[GLB_BLOCK_WORDS], got[GLB_BLOCK_WORDS];
            memcpy(slot, page + step[u].dst, sizeof slot);
            glb_from_kernel(chains, slot, got);
            for (int c = 0; c < GLB_BLOCK; c++)
                if ((got[c / 64] >> c % 64 & 1) != (bias + n[u][c] >= 0))
                    fail_msg(
                        "%d chains, pattern %d, update %d, board %d, chain %d: noise is not %d",
                        chains, pattern, u, c / chains, c % chains, n[u][c]);
        }
    }
}

static void check(enum glb_emu_path path, glb_emu_kernel *kernel) {
    struct glb_emu *e;
    if (glb_emu_open(glb_array_find("tiny"), 1, 1, path, &e) == GLB_ERR_UNSUPPORTED)
        skip();
    glb_emu_close(e);
    for (int chains = 4; chains <= 16; chains *= 2)
        for (int pattern = 0; pattern <= 8; pattern++)
            compare(kernel, chains, pattern);
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
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portable_tail),
#if defined(__x86_64__)
        cmocka_unit_test(avx2_tail),
        cmocka_unit_test(avx512_tail),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
