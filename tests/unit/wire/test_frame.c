/* Frames byte by byte, and their CRC against the definition, bit by bit.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/little_endian.h"
#include "support/frames.h"
#include "wire/frame.h"

static const struct glb_frame_header header = {0xa5, 3, 200, 7};

static void test_build(void **state) {
    const uint8_t want[] = {0xa5, 3, 200, 7, 5, 0, 'b', 'y', 't', 'e', 's'};
    uint8_t f[32], same[32];
    (void)state;
    assert_int_equal(glb_frame_build(f, header, "bytes", 5), sizeof want + 4);
    assert_memory_equal(f, want, sizeof want);
    assert_int_equal(frame_make(same, 0xa5, 3, 200, 7, "bytes", 5), sizeof want + 4);
    assert_memory_equal(f, same, sizeof want + 4);
    assert_int_equal(glb_frame_payload(f), 5);
    assert_int_equal(glb_frame_build(f, header, NULL, 0), GLB_FRAME_EXTRA);
    assert_true(glb_frame_intact(f));
}

static void test_crc(void **state) {
    uint8_t f[GLB_FRAME_EXTRA];
    uint32_t crc = 0xffffffff;
    (void)state;
    glb_frame_build(f, header, NULL, 0);
    for (int bit = 0; bit < 8 * GLB_HEADER_BYTES; bit++) { /* IEEE 802.3, bit by bit */
        crc ^= f[bit / 8] >> bit % 8 & 1;
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    assert_int_equal(glb_get_le(f + GLB_HEADER_BYTES, 4), ~crc & 0xffffffff);
}

static void test_every_bit_counts(void **state) {
    uint8_t f[64];
    (void)state;
    const size_t n = glb_frame_build(f, header, "bytes", 5);
    assert_true(glb_frame_intact(f));
    for (size_t bit = 0; bit < 8 * n; bit++) {
        if (bit / 8 == 4 || bit / 8 == 5)
            continue; /* another length is another frame */
        f[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(glb_frame_intact(f));
        f[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(glb_frame_intact(f));
}

static void test_longest(void **state) {
    static uint8_t f[GLB_FRAME_TO_HOST], payload[65535];
    (void)state;
    memset(payload, 0x5a, sizeof payload);
    assert_int_equal(glb_frame_build(f, header, payload, sizeof payload), sizeof f);
    assert_int_equal(glb_frame_payload(f), sizeof payload);
    assert_true(glb_frame_intact(f));
    assert_true(frame_sealed(f));
}

static void test_fields(void **state) {
    uint8_t b[9];
    (void)state;
    memset(b, 0xee, sizeof b);
    assert_ptr_equal(glb_put_le(b, UINT64_C(0x0123456789abcdef), 3), b + 3);
    assert_memory_equal(b, "\xef\xcd\xab\xee", 4);
    assert_int_equal(glb_get_le(b, 2), 0xcdef);
    glb_put_le(b, UINT64_C(0x0123456789abcdef), 8);
    assert_true(glb_get_le(b, 8) == UINT64_C(0x0123456789abcdef));
    assert_int_equal(b[8], 0xee);
    assert_int_equal(glb_get_le(b, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_crc),
        cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_fields),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
