/* Arrays and devices through the public header alone. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <glauber.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void arrays(void **state) {
    (void)state;
    const int n = glb_array_count();
    bool tiny = false;
    assert_true(n > 3);
    assert_null(glb_array_at(-1));
    assert_null(glb_array_at(n));
    assert_null(glb_array_by_name("nonsense"));
    for (int k = 0; k < n; k++) {
        const struct glb_array_info *a = glb_array_at(k);
        assert_int_equal(a->size, sizeof *a);
        assert_ptr_equal(glb_array_by_name(a->name), a);
        assert_true(a->tiles > 0 && a->lanes > 0 && a->chains > 0 && strlen(a->about) > 0);
        assert_true(a->capacity % (a->tiles * a->lanes) == 0 && a->coupling_bits > 1);
        tiny |= strcmp(a->name, "tiny") == 0 && a->tiles == 4 && a->lanes == 2 && a->chains == 4 &&
                a->capacity == 128 && a->fits_chip;
    }
    assert_true(tiny);
    assert_int_equal(glb_array_by_name("BIG")->fits_chip, 0);
}

static const struct glb_device_info *find(const struct glb_device_list *l, const char *name) {
    for (int k = 0; k < glb_device_list_count(l); k++)
        if (strcmp(glb_device_list_at(l, k)->name, name) == 0)
            return glb_device_list_at(l, k);
    return NULL;
}

/* A shared object with a simulator's name counts as one. */
static void list(void **state) {
    (void)state;
    char dir[] = "/tmp/glb_list_XXXXXX", path[64];
    struct glb_device_list *l;
    Dl_info libc;
    assert_non_null(mkdtemp(dir));
    assert_int_not_equal(dladdr((void *)(intptr_t)puts, &libc), 0);
    snprintf(path, sizeof path, "%s/libglauber-sim-tiny.so", dir);
    assert_int_equal(symlink(libc.dli_fname, path), 0);
    const char *before = getenv("GLAUBER_SIM_DIR");
    char *saved = before ? strdup(before) : NULL;
    setenv("GLAUBER_SIM_DIR", dir, 1);
    assert_int_equal(glb_device_list_make(&l), GLB_OK);
    const int n = glb_device_list_count(l);
    assert_true(n >= 2);
    assert_null(glb_device_list_at(l, -1));
    assert_null(glb_device_list_at(l, n));
    assert_string_equal(glb_device_list_at(l, 0)->name, "emu");
    assert_true(glb_device_list_at(l, 0)->available && !glb_device_list_at(l, 0)->array);
    const struct glb_device_info *sim = find(l, "sim");
    assert_non_null(sim);
    assert_string_equal(sim->array, "tiny");
    assert_true(sim->available && sim->size == sizeof *sim && !sim->problem[0] && !sim->serial);
    glb_device_list_free(l);
    glb_device_list_free(NULL);
    if (saved)
        setenv("GLAUBER_SIM_DIR", saved, 1);
    else
        unsetenv("GLAUBER_SIM_DIR");
    free(saved);
    unlink(path);
    rmdir(dir);
}

static void identity(void **state) {
    (void)state;
    struct glb_device *d;
    const struct glb_line_counters *lost;
    assert_int_equal(glb_device_open("Emu", "TINY", &d), GLB_OK);
    const struct glb_device_identity *i = glb_device_identify(d);
    assert_int_equal(i->size, sizeof *i);
    assert_string_equal(i->name, "Emu");
    assert_string_equal(i->array, "tiny");
    assert_string_equal(i->description, glb_device_describe(d));
    assert_true(i->boards == 1 && i->protocol == 0 && i->build == 0);
    assert_int_equal(glb_device_line_counters(d, &lost), GLB_ERR_UNSUPPORTED);
    assert_null(lost);
    assert_int_equal(glb_device_trace(d, "/dev/null"), GLB_ERR_UNSUPPORTED);
    glb_device_close(d);

    assert_int_equal(glb_device_open("emu-port", "small", &d), GLB_OK);
    i = glb_device_identify(d);
    assert_true(i->protocol > 0 && strcmp(i->array, "small") == 0);
    assert_int_equal(glb_device_line_counters(d, &lost), GLB_OK);
    assert_true(lost->size == sizeof *lost && lost->frames > 0 && lost->bad_crc == 0);
    const uint32_t before = lost->frames;
    assert_int_equal(glb_device_line_counters(d, &lost), GLB_OK);
    assert_true(lost->frames > before);
    glb_device_close(d);
    glb_device_close(NULL);

    static const char *const bad[][2] = {
        {"emu", NULL}, {"sim", NULL}, {"emu", "nonsense"}, {"nothing", "tiny"}, {"uart:", "tiny"}};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        d = (struct glb_device *)&d;
        assert_int_not_equal(glb_device_open(bad[k][0], bad[k][1], &d), GLB_OK);
        assert_null(d);
    }
}

struct lines {
    int count;
    char text[8][200];
};

static void take_line(void *user, const char *line) {
    struct lines *l = user;
    assert_true(l->count < 8);
    assert_null(strchr(line, '\n'));
    snprintf(l->text[l->count++], sizeof l->text[0], "%s", line);
}

static void selftest(void **state) {
    (void)state;
    struct lines l = {0};
    /* Chance: 3 * above(5) | chi-square as normal deviate */
    assert_int_equal(glb_selftest("emu", "tiny", 1, take_line, &l), GLB_OK);
    assert_int_equal(l.count, 5);
    assert_non_null(strstr(l.text[0], "identity"));
    assert_non_null(strstr(l.text[3], "emu-port")); /* compared with another implementation */
    assert_non_null(strstr(l.text[4], "statistics"));
    l.count = 0;
    assert_int_equal(glb_selftest("EMU", "tiny", 1, take_line, &l), GLB_OK);
    assert_non_null(strstr(l.text[3], "emu-port"));
    assert_int_equal(glb_selftest("emu-port", "tiny", 2, NULL, NULL), GLB_OK);
    assert_int_equal(glb_selftest("nothing", "tiny", 2, NULL, NULL), GLB_ERR_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(arrays), cmocka_unit_test(list),
                                       cmocka_unit_test(identity), cmocka_unit_test(selftest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
