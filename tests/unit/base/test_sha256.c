/* SHA-256 against the examples of FIPS 180-4 and its test vectors. SPDX-License-Identifier:
 * Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "base/sha256.h"

static const char *hash(const char *text, size_t piece, int times) {
    static char out[GLB_SHA256_TEXT];
    struct glb_sha256 s;
    glb_sha256_begin(&s);
    for (int k = 0; k < times; k++)
        for (size_t at = 0, n = strlen(text); at < n; at += piece)
            glb_sha256_add(&s, text + at, n - at < piece ? n - at : piece);
    glb_sha256_end(&s, out);
    return out;
}

static void vectors(void **state) {
    (void)state;
    static const struct {
        const char *text, *hash;
    } known[] = {{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                 {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                 {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
                 {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopq"
                  "klmnopqrlm"
                  "nopqrsmnopqrstnopqrstu",
                  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
        for (size_t piece = 1; piece < 130; piece += 9)
            assert_string_equal(hash(known[k].text, piece, 1), known[k].hash);
}

static void a_million_letters(void **state) {
    (void)state;
    assert_string_equal(hash("aaaaaaaaaa", 10, 100000),
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors),
                                       cmocka_unit_test(a_million_letters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
