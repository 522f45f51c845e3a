/* State words as tokens: an independent decoder gives the words back, in no more bytes than a list
 * of all ways would find for short ones. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "wire/states.h"

enum { MOST = 400 };

static size_t encode(const uint16_t *words, int n, int bytes, uint8_t *to, size_t room) {
    struct state_tokens k;
    tokens_begin(&k, to, room, bytes);
    for (int i = 0; i < n; i++)
        tokens_add(&k, words[i]);
    return k.full ? 0 : k.len;
}

/* By section 5 of the page; the number of words. */
static int decode(const uint8_t *from, size_t len, int bytes, uint16_t *words) {
    int n = 0;
    for (size_t i = 0; i < len;) {
        const int token = from[i++];
        for (int k = token < 128 ? token + 1 : token - 127; k > 0; k--) {
            uint16_t w = 0;
            for (int b = 0; token < 128 && b < bytes; b++)
                w |= (uint16_t)(from[i++] << 8 * b);
            assert_true(i <= len && n < MOST);
            words[n++] = w;
        }
    }
    return n;
}

static void expect_same(const uint16_t *words, int n, int bytes, size_t want) {
    uint8_t b[3 * MOST];
    uint16_t back[MOST];
    const size_t len = encode(words, n, bytes, b, sizeof b);
    assert_int_equal(decode(b, len, bytes, back), n);
    assert_memory_equal(words, back, (size_t)n * sizeof *words);
    if (want)
        assert_int_equal(len, want);
}

static void by_hand(void **state) {
    static const uint16_t words[] = {0, 0, 5, 0, 6, 7, 0, 0, 0, 8};
    uint8_t b[32];
    (void)state;
    static const uint8_t one[] = {129, 3, 5, 0, 6, 7, 130, 0, 8},
                         two[] = {129, 0, 5, 0, 128, 1, 6, 0, 7, 0, 130, 0, 8, 0};
    assert_int_equal(encode(words, 10, 1, b, sizeof b), sizeof one);
    assert_memory_equal(b, one, sizeof one);
    assert_int_equal(encode(words, 10, 2, b, sizeof b), sizeof two);
    assert_memory_equal(b, two, sizeof two);
    assert_int_equal(encode(words, 0, 2, b, sizeof b), 0);
}

/* Tokens end at 128 words, of either kind. */
static void long_ones(void **state) {
    uint16_t words[MOST] = {0};
    (void)state;
    for (int n = 1; n < MOST; n++)
        expect_same(words, n, 2, (size_t)(n + 127) / 128);
    for (int i = 0; i < MOST; i++)
        words[i] = (uint16_t)(i + 1);
    for (int n = 1; n < MOST; n++)
        expect_same(words, n, 2, (size_t)(2 * n + (n + 127) / 128));
    for (int at = 100; at < 300; at++) { /* a lone zero anywhere, at a token's end too */
        uint16_t with[MOST];
        memcpy(with, words, sizeof with);
        for (int i = 0; i < MOST; i++)
            with[i] = with[i] & 255 ? with[i] & 255 : 1;
        with[at] = 0;
        expect_same(with, MOST, 1, 0);
        expect_same(with, MOST, 2, 0);
    }
}

/* The fewest bytes for `left` words: every first token tried. */
static size_t fewest(unsigned pattern, int left, int bytes) {
    if (left == 0)
        return 0;
    size_t best = 999;
    for (int k = 1; k <= left; k++) {
        const size_t rest = fewest(pattern >> k, left - k, bytes), words = 1 + (size_t)(k * bytes);
        best = rest + words < best ? rest + words : best;
        if ((pattern & ((1u << k) - 1)) == 0)
            best = rest + 1 < best ? rest + 1 : best;
    }
    return best;
}

/* Every pattern of zeros of up to ten words is as short as can be. */
static void short_ones(void **state) {
    (void)state;
    for (int bytes = 1; bytes <= 2; bytes++)
        for (int n = 1; n <= 10; n++)
            for (unsigned pattern = 0; pattern < 1u << n; pattern++) {
                uint16_t words[10];
                for (int i = 0; i < n; i++)
                    words[i] = (uint16_t)(pattern >> i & 1 ? i + 200 : 0);
                expect_same(words, n, bytes, fewest(pattern, n, bytes));
            }
}

/* What does not fit is left out whole, and so is all that follows. */
static void no_room(void **state) {
    static const uint16_t words[] = {1, 2, 0, 3, 0, 0, 4};
    uint8_t b[40];
    (void)state;
    for (int bytes = 1; bytes <= 2; bytes++) {
        const size_t need = encode(words, 7, bytes, b, sizeof b);
        for (size_t room = 0; room <= need; room++) {
            struct state_tokens k;
            uint16_t back[MOST];
            int fit = 0;
            memset(b, 0xee, sizeof b);
            tokens_begin(&k, b, room, bytes);
            for (int i = 0; i < 7; i++) {
                tokens_add(&k, words[i]);
                fit += !k.full;
            }
            assert_true(k.len <= room && b[room] == 0xee);
            assert_int_equal(k.full, room < need);
            assert_int_equal(decode(b, k.len, bytes, back), fit);
            assert_memory_equal(words, back, (size_t)fit * sizeof *words);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(long_ones),
                                       cmocka_unit_test(short_ones), cmocka_unit_test(no_room)};
    return cmocka_run_group_tests_name("state tokens", tests, NULL, NULL);
}
