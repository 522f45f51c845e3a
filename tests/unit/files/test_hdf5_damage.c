/* HDF5 files that another program has made or changed: arrays of other lengths, values that are no
 * numbers; and what another program finds in this library's files. SPDX-License-Identifier:
 * Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <hdf5.h>
#include <math.h>
#include "files/hdf5_store.h"

static char path[] = "/tmp/glb-test-damage-XXXXXX";

/* The file with nothing but array "x" of `count` elements, made by HDF5 alone. */
static void make(hid_t type, hsize_t count, const void *data) {
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t space = H5Screate_simple(1, &count, NULL);
    const hid_t d = H5Dcreate2(file, "x", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
    H5Dclose(d);
    H5Sclose(space);
    assert_true(H5Fclose(file) >= 0);
}

static void expect_error(struct glb_hdf5_store *s, const char *words) {
    assert_int_equal(glb_hdf5_close(s), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), path));
    if (!strstr(glb_error(), words))
        fail_msg("'%s' lacks '%s'", glb_error(), words);
}

/* A longer array than asked for would be written behind the caller's memory. */
static void exactly_as_many_elements(void **state) {
    static const int32_t values[] = {1, -2, 3, -4, 5, -6};
    struct glb_hdf5_store s;
    (void)state;
    for (int count = 1; count <= 6; count++) {
        int32_t to[8] = {99, 99, 99, 99, 99, 99, 99, 99};
        make(H5T_NATIVE_INT32, (hsize_t)count, values);
        glb_hdf5_open(&s, path);
        glb_hdf5_get_array(&s, "x", GLB_ELEMENT_INT32, 3, to);
        if (count == 3) {
            assert_int_equal(glb_hdf5_close(&s), GLB_OK);
            assert_memory_equal(to, values, 3 * sizeof *to);
        } else {
            expect_error(&s, "'x' has the wrong number of elements");
            for (int k = 0; k < 3; k++)
                assert_int_equal(to[k], 99);
        }
        for (int k = 3; k < 8; k++)
            assert_int_equal(to[k], 99);
        glb_hdf5_open(&s, path);
        int32_t *own = glb_hdf5_new_array(&s, "x", GLB_ELEMENT_INT32, 3);
        assert_true((own != NULL) == (count == 3));
        free(own);
        assert_int_equal(glb_hdf5_close(&s), count == 3 ? GLB_OK : GLB_ERR_FORMAT);
    }
}

/* At any place of an array, in either precision, also converted from the other. */
static void every_value_is_a_number(void **state) {
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    (void)state;
    for (int stored = 0; stored < 2; stored++)
        for (int wanted = 0; wanted < 2; wanted++)
            for (int k = 0; k < 15; k++) {
                const enum glb_element type = wanted ? GLB_ELEMENT_FLOAT : GLB_ELEMENT_DOUBLE;
                double wide[5] = {1, 2, 3, 4, 5}, to[5];
                float narrow[5] = {1, 2, 3, 4, 5};
                struct glb_hdf5_store s;
                wide[k / 3] = bad[k % 3];
                narrow[k / 3] = (float)bad[k % 3];
                if (stored)
                    make(H5T_NATIVE_FLOAT, 5, narrow);
                else
                    make(H5T_NATIVE_DOUBLE, 5, wide);
                glb_hdf5_open(&s, path);
                glb_hdf5_get_array(&s, "x", type, 5, to);
                expect_error(&s, "'x' holds a value that is not a number");
                glb_hdf5_open(&s, path);
                assert_null(glb_hdf5_new_array(&s, "x", type, 5));
                expect_error(&s, "'x' holds a value that is not a number");
            }
    const double large[5] = {1e300, -1e300, 0, 5e-324, -0.0}; /* numbers, however large */
    double to[5];
    struct glb_hdf5_store s;
    make(H5T_NATIVE_DOUBLE, 5, large);
    glb_hdf5_open(&s, path);
    glb_hdf5_get_array(&s, "x", GLB_ELEMENT_DOUBLE, 5, to);
    assert_int_equal(glb_hdf5_close(&s), GLB_OK);
    assert_memory_equal(to, large, sizeof to);
}

/* A reader takes as many bytes as the file's type has, and finds the end of the text in them. */
static void texts_end_in_the_file(void **state) {
    static const char *const texts[] = {"", "a", "glauber train --data mnist", "\303\274"};
    (void)state;
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        struct glb_hdf5_store s;
        char bytes[64], back[64];
        memset(bytes, 'x', sizeof bytes);
        glb_hdf5_create(&s, path);
        glb_hdf5_put_text(&s, "text", texts[k]);
        assert_int_equal(glb_hdf5_close(&s), GLB_OK);
        const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
        const hid_t a = H5Aopen(file, "text", H5P_DEFAULT), type = H5Aget_type(a);
        assert_int_equal(H5Tget_class(type), H5T_STRING);
        assert_int_equal(H5Tget_strpad(type), H5T_STR_NULLTERM);
        assert_in_range(H5Tget_size(type), strlen(texts[k]) + 1, sizeof bytes);
        assert_true(H5Aread(a, type, bytes) >= 0);
        assert_non_null(memchr(bytes, 0, H5Tget_size(type)));
        assert_string_equal(bytes, texts[k]);
        H5Tclose(type);
        H5Aclose(a);
        assert_true(H5Fclose(file) >= 0);
        glb_hdf5_open(&s, path);
        glb_hdf5_get_text(&s, "text", back, sizeof back);
        assert_int_equal(glb_hdf5_close(&s), GLB_OK);
        assert_string_equal(back, texts[k]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_as_many_elements),
        cmocka_unit_test(every_value_is_a_number),
        cmocka_unit_test(texts_end_in_the_file),
    };
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
