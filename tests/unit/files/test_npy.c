/* .npy arrays: numbers of every type and order of bytes, compressed or not.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <zlib.h>
#include "files/npy.h"
#include "learn/data/image_files.h"

static char path[] = "/tmp/glb-test-npy-XXXXXX";
enum { ROOM = 1024 };

static int set_up(void **state) {
    (void)state;
    const int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state) {
    (void)state;
    return unlink(path);
}

/* A file of format 1, or of 2 with a length of four bytes. */
static size_t make(int format, const char *kind, const char *shape, const void *data, size_t size,
                   uint8_t *file) {
    char head[200];
    const int n = snprintf(head, sizeof head,
                           "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", kind, shape);
    const size_t wide = format == 1 ? 2 : 4;
    memcpy(file, "\x93NUMPY", 6);
    file[6] = (uint8_t)format;
    memset(file + 7, 0, 5);
    file[8] = (uint8_t)n;
    memcpy(file + 8 + wide, head, (size_t)n);
    memcpy(file + 8 + wide + n, data, size);
    return 8 + wide + (size_t)n + size;
}

static void write_file(const uint8_t *file, size_t n, int packed) {
    gzFile f = gzopen(path, packed ? "wb9" : "wbT");
    assert_non_null(f);
    assert_int_equal(gzwrite(f, file, (unsigned)n), n);
    assert_int_equal(gzclose(f), Z_OK);
}

static void reads_every_type(void **state) {
    static const struct {
        const char *kind;
        uint8_t data[16];
        double first, second;
    } cases[] = {
        {"|b1", {0, 1}, 0, 1},
        {"|i1", {0x80, 0x7f}, -128, 127},
        {"|u1", {0x80, 0xff}, 128, 255},
        {"<i2", {0xfe, 0xff, 0x00, 0x01}, -2, 256},
        {">i2", {0xff, 0xfe, 0x01, 0x00}, -2, 256},
        {">u4", {0x80, 0, 0, 1, 0, 0, 1, 0}, 2147483649.0, 256},
        {"<i8", {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 7}, -1, 7},
        {"<f4", {0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc1}, 1, -10},
        {">f8", {0x3f, 0xe0, 0, 0, 0, 0, 0, 0, 0xc0, 0x45}, 0.5, -42},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        for (int form = 0; form < 4; form++) {
            uint8_t file[ROOM];
            struct glb_npy x;
            const size_t size = 2 * (size_t)(cases[k].kind[2] - '0');
            write_file(file, make(1 + form / 2, cases[k].kind, "(2,)", cases[k].data, size, file),
                       form & 1);
            assert_int_equal(glb_npy_read(path, &x), GLB_OK);
            assert_int_equal(x.ndim, 1);
            assert_int_equal(x.count, 2);
            assert_true(glb_npy_value(&x, 0) == cases[k].first);
            assert_true(glb_npy_value(&x, 1) == cases[k].second);
            glb_npy_free(&x);
        }
}

/* Floats up to 1 and up to 16; images of a known size lying flat, and one image alone. */
static void makes_grey_values(void **state) {
    const float unit[6] = {0, 1, 0.5F, 0.25F, 0.999F, 0}, large[6] = {0, 16, 8, 4, 15.9F, 0};
    const uint8_t from_unit[] = {0, 255, 128, 64, 255, 0}, from_large[] = {0, 255, 128, 64, 253, 0};
    static const struct {
        const char *shape;
        int height, width, count;
    } cases[] = {{"(1, 2, 3)", 0, 0, 1},
                 {"(3, 1, 2, 1)", 0, 0, 3},
                 {"(2, 3)", 1, 3, 2},
                 {"(2, 3)", 2, 3, 1},
                 {"(6, 1)", 0, 0, 6}};
    (void)state;
    for (size_t k = 0; k < 2 * sizeof cases / sizeof cases[0]; k++) {
        uint8_t file[ROOM];
        struct glb_images x;
        const int which = (int)k / 2;
        write_file(file,
                   make(1, "<f4", cases[which].shape, k & 1 ? large : unit, sizeof unit, file), 0);
        assert_int_equal(glb_images_read(path, cases[which].height, cases[which].width, 32, &x),
                         GLB_OK);
        assert_int_equal(x.count, cases[which].count);
        assert_int_equal(x.count * x.height * x.width, 6);
        assert_memory_equal(x.grey, k & 1 ? from_large : from_unit, 6);
        glb_images_clear(&x);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_type),
        cmocka_unit_test(makes_grey_values),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
