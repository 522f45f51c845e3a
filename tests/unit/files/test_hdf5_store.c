/* Small HDF5 files: what was written comes back, what is missing or wrong is named, a failed writer
 * leaves the old file. Program files on top of them. SPDX-License-Identifier: Apache-2.0 */
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
#include "graph/graph.h"
#include "array/program.h"
#include "files/hdf5_store.h"

static char path[] = "/tmp/glb-test-store-XXXXXX";
static const int32_t three[] = {1, -2, 3};
static const double reals[] = {0.5, -1e300};

static void write_file(double real, const double *array) {
    struct glb_hdf5_store s;
    glb_hdf5_create(&s, path);
    glb_hdf5_put_text(&s, "text", "abc");
    glb_hdf5_put_int(&s, "whole", -7);
    glb_hdf5_put_real(&s, "real", real);
    glb_hdf5_put_array(&s, "three", GLB_ELEMENT_INT32, 3, three);
    glb_hdf5_group(&s, "inner");
    glb_hdf5_put_array(&s, "reals", GLB_ELEMENT_DOUBLE, 2, array);
    assert_int_equal(glb_hdf5_close(&s), GLB_OK);
}

static void comes_back(void **state) {
    struct glb_hdf5_store s;
    char text[3];
    (void)state;
    write_file(0.25, reals);
    glb_hdf5_open(&s, path);
    glb_hdf5_get_text(&s, "text", text, sizeof text);
    assert_string_equal(text, "ab"); /* cut */
    assert_int_equal(glb_hdf5_get_int(&s, "whole", -7, 0), -7);
    assert_true(glb_hdf5_get_real(&s, "real", 0.25, 1) == 0.25);
    assert_int_equal(glb_hdf5_count(&s, "three"), 3);
    assert_int_equal(glb_hdf5_count(&s, "four"), -1);
    assert_true(glb_hdf5_has(&s, "three") && !glb_hdf5_has(&s, "reals"));
    int64_t *wide = glb_hdf5_new_array(&s, "three", GLB_ELEMENT_INT64, 3);
    assert_non_null(wide);
    assert_true(wide[0] == 1 && wide[1] == -2 && wide[2] == 3);
    free(wide);
    glb_hdf5_group(&s, "inner");
    double back[2];
    glb_hdf5_get_array(&s, "reals", GLB_ELEMENT_DOUBLE, 2, back);
    assert_memory_equal(back, reals, sizeof reals);
    assert_true(glb_hdf5_has(&s, "reals"));
    assert_int_equal(glb_hdf5_close(&s), GLB_OK);
}

/* Three texts, which no number can be read from. */
static void write_words(void) {
    const hsize_t n = 3;
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 4);
    const hid_t space = H5Screate_simple(1, &n, NULL);
    const hid_t d = H5Dcreate2(file, "words", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, "one\0two\0six") >= 0);
    H5Dclose(d);
    H5Sclose(space);
    H5Tclose(type);
    assert_true(H5Fclose(file) >= 0);
}

/* One wrong request to the file; its message names file, item and fault. */
enum request { TEXT, WHOLE, LOW, HIGH, REAL_RANGE, REAL_MISSING, ARRAY, TYPE, NEW, GROUP, FINITE };

static void ask(enum request r, const char *item, const char *fault) {
    struct glb_hdf5_store s;
    char text[8];
    double d[4];
    glb_hdf5_open(&s, path);
    switch (r) {
    case TEXT:
        glb_hdf5_get_text(&s, item, text, sizeof text);
        break;
    case WHOLE:
        glb_hdf5_get_int(&s, item, -10, 10);
        break;
    case LOW:
        assert_int_equal(glb_hdf5_get_int(&s, item, 0, 10), 0);
        break;
    case HIGH:
        assert_int_equal(glb_hdf5_get_int(&s, item, -20, -8), -20);
        break;
    case REAL_RANGE:
    case REAL_MISSING:
        assert_true(glb_hdf5_get_real(&s, item, 0.5, 1) == 0.5);
        break;
    case ARRAY:
        glb_hdf5_get_array(&s, item, GLB_ELEMENT_DOUBLE, 4, d);
        break;
    case TYPE:
        glb_hdf5_get_array(&s, item, GLB_ELEMENT_DOUBLE, 3, d);
        break;
    case NEW:
        assert_null(glb_hdf5_new_array(&s, item, GLB_ELEMENT_DOUBLE, (size_t)1 << 40));
        break;
    case GROUP:
        glb_hdf5_group(&s, item);
        break;
    case FINITE:
        glb_hdf5_group(&s, "inner");
        assert_null(glb_hdf5_new_array(&s, item, GLB_ELEMENT_DOUBLE, 2));
    }
    assert_int_equal(glb_hdf5_close(&s), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), path));
    assert_non_null(strstr(glb_error(), item));
    assert_non_null(strstr(glb_error(), fault));
}

static void names_what_is_wrong(void **state) {
    (void)state;
    write_file(0.25, reals);
    ask(TEXT, "nothing", "missing");
    ask(TEXT, "whole", "not of the expected type");
    ask(WHOLE, "text", "not of the expected type");
    ask(LOW, "whole", "range");
    ask(HIGH, "whole", "range");
    ask(REAL_RANGE, "real", "range");
    ask(REAL_MISSING, "unreal", "missing");
    ask(ARRAY, "three", "number of elements");
    ask(ARRAY, "inner", "missing"); /* a group */
    write_words();
    ask(TYPE, "words", "not of the expected type");
    ask(NEW, "three", "number of elements");
    ask(GROUP, "outer", "missing");
    const double bad[][2] = {{0, NAN}, {INFINITY, 0}};
    for (int k = 0; k < 2; k++) {
        write_file(bad[k][1 - k], bad[k]);
        ask(FINITE, "reals", "not a number");
        ask(REAL_RANGE, "real", "range");
    }
}

static void after_a_failure_nothing_more(void **state) {
    struct glb_hdf5_store s;
    (void)state;
    write_file(0.25, reals);
    glb_hdf5_open(&s, path);
    glb_hdf5_get_int(&s, "first", 0, 1);
    glb_hdf5_get_int(&s, "second", 0, 1);
    assert_int_equal(glb_hdf5_count(&s, "three"), -1);
    assert_int_equal(glb_hdf5_close(&s), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), "first"));

    glb_hdf5_create(&s, path);
    glb_hdf5_put_int(&s, "whole", 8);
    glb_hdf5_fail(&s, GLB_ERR_INTERRUPTED, "whole", "is dropped");
    assert_int_equal(glb_hdf5_close(&s), GLB_ERR_INTERRUPTED);
    glb_hdf5_open(&s, path);
    assert_int_equal(glb_hdf5_get_int(&s, "whole", -10, 10), -7);
    assert_int_equal(glb_hdf5_close(&s), GLB_OK);
}

/* A word of a program that is longer than the array's memory would be read as another one. */
static void programs_of_nonsense(void **state) {
    static const char triangle[] = "3 3\n1 2 1\n2 3 1\n1 3 -1\n";
    (void)state;
    struct glb_graph *g;
    glb_graph_parse("graph", triangle, sizeof triangle - 1, NULL, NULL, 0, GLB_BOLTZMANN, &g);
    struct glb_program *p, *q;
    assert_non_null(g);
    assert_int_equal(glb_program_compile(g, "tiny", NULL, &p), GLB_OK);
    const struct {
        void *at;
        size_t size;
        uint64_t value;
        const char *name;
    } damage[] = {{&p->sched[1], 4, 1u << p->array.sw, "schedule"},
                  {&p->coupling[0], 8, UINT64_C(1) << p->array.cw, "coupling"},
                  {&p->reads[0].edge, 4, 3, "reads"},
                  {&p->reads[1].entry, 4, (uint64_t)p->c_used, "reads"},
                  {&p->bias[0].constant, 4, 1 << 25, "bias"},
                  {&p->bias[2].tile, 2, 4, "bias"},
                  {&p->slot[2].g, 2, 16, "slot"},
                  {&p->seg[0].s_len, 4, (uint64_t)p->s_used + 1, "segments"},
                  {&p->colours, 4, 0xffffffff, "header"}};
    for (size_t k = 0; k < sizeof damage / sizeof *damage; k++) {
        uint64_t before = 0;
        memcpy(&before, damage[k].at, damage[k].size);
        memcpy(damage[k].at, &damage[k].value, damage[k].size);
        assert_int_equal(glb_program_save(p, path), GLB_OK);
        assert_int_equal(glb_program_load(path, &q), GLB_ERR_FORMAT);
        assert_null(q);
        if (!strstr(glb_error(), damage[k].name))
            fail_msg("%s: %s", damage[k].name, glb_error());
        memcpy(damage[k].at, &before, damage[k].size);
    }
    assert_int_equal(glb_program_save(p, path), GLB_OK);
    assert_int_equal(glb_program_load(path, &q), GLB_OK);
    glb_program_free(q);
    write_file(0, reals);
    assert_int_equal(glb_program_load(path, &q), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), "glauber compile"));
    glb_program_free(p);
    glb_graph_free(g);
}

static herr_t own_printer(hid_t stack, void *user) {
    (void)stack;
    ++*(int *)user;
    return 0;
}

/* A program that uses HDF5 itself keeps its own error printing, whatever opens and closes between.
 */
static void error_printing_comes_back(void **state) {
    int calls = 0;
    H5E_auto2_t function;
    void *data;
    struct glb_hdf5_store a, b;
    (void)state;
    H5Eset_auto2(H5E_DEFAULT, own_printer, &calls);
    write_file(0.25, reals);
    glb_hdf5_open(&a, path);
    glb_hdf5_open(&b, "/nonexistent/file.h5");
    glb_hdf5_get_int(&a, "no such item", 0, 1);
    assert_int_equal(glb_hdf5_close(&a), GLB_ERR_FORMAT);
    assert_int_equal(glb_hdf5_close(&b), GLB_ERR_FILE);
    assert_int_equal(calls, 0);
    H5Eget_auto2(H5E_DEFAULT, &function, &data);
    assert_true(function == own_printer && data == &calls);
    assert_true(H5Fopen("/nonexistent/file.h5", H5F_ACC_RDONLY, H5P_DEFAULT) < 0);
    assert_int_equal(calls, 1);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(after_a_failure_nothing_more),
        cmocka_unit_test(programs_of_nonsense),
        cmocka_unit_test(error_printing_comes_back),
    };
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
