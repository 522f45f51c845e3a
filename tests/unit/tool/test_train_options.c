/* The defaults that the help page of `glauber train` gives in words are those of the trainer, for
 * every topology and method. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tool/training.h"

/* "1; deep: 2; drawing: 3": the number of a topology and method. */
static double in_words(const char *text, int deep, int method) {
    static const char *const names[] = {"", "pcd", "hybrid", "drawing"};
    double found = strtod(text, NULL);
    char parts[100], *rest = parts;
    snprintf(parts, sizeof parts, "%s", text);
    for (const char *part; (part = strsep(&rest, ";"));) {
        const char *colon = strchr(part, ':');
        if (!colon)
            continue;
        const char *name = strstr(part, deep ? "deep" : "no topology");
        if (!name && method != METHOD_CONDITIONAL)
            name = strstr(part, names[method]);
        if (name && name < colon)
            found = strtod(colon + 1, NULL); /* a later part, of the method, wins */
    }
    return found;
}

static void compare(const char *topology, int method) {
    struct training r = {0};
    struct cli_option table[TRAINING_OPTIONS];
    int compared = 0;
    const struct cli_command c = training_command_line(&r, table);
    r.method = method;
    assert_int_equal(glb_topology_build(topology, 28, 28, 10, 1, &r.t), GLB_OK);
    training_defaults(&r);
    for (int i = 0; i < c.options; i++) {
        const struct cli_option *o = &table[i];
        char text[64];
        if (!o->otherwise || o->otherwise[0] < '0' || o->otherwise[0] > '9')
            continue;
        cli_show_target(o, text, sizeof text);
        const double want = in_words(o->otherwise, strncmp(topology, "deep", 4) == 0, method);
        if (strtod(text, NULL) != want)
            fail_msg("%s, method %d: --%s is %s, not %s", topology, method, o->name, text,
                     o->otherwise);
        compared++;
    }
    assert_true(compared > 20);
    glb_topology_clear(&r.t);
}

static void defaults_are_as_in_words(void **state) {
    static const char *const topologies[] = {"local:hidden=40,fan=12", "blocks:hidden=40",
                                             "deep:h1=40,h2=10,fan=12"};
    (void)state;
    for (int t = 0; t < 3; t++)
        for (int m = METHOD_CONDITIONAL; m <= METHOD_DRAWING; m++)
            compare(topologies[t], m);
}

/* Which phases a method has, and with what weight. */
static void methods_choose_phases(void **state) {
    static const double conditional[] = {1, 0, 1, 1}, free_running[] = {0, 1, 0.1, 3};
    (void)state;
    for (int m = METHOD_CONDITIONAL; m <= METHOD_DRAWING; m++) {
        struct training r = {.method = m};
        assert_int_equal(glb_topology_build("local:hidden=40,fan=12", 28, 28, 10, 1, &r.t), GLB_OK);
        training_defaults(&r);
        assert_true(r.o.discriminative == conditional[m] && r.o.generative == free_running[m]);
        assert_int_equal(r.batch, m == METHOD_DRAWING ? 512 : 1024);
        glb_topology_clear(&r.t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_are_as_in_words),
                                       cmocka_unit_test(methods_choose_phases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
