/* The options of `glauber train`: defaults that the help page gives in words are those of the
 * trainer, for every topology and method; each value reaches its own member.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tool/train/training.h"

/* Words that a topology answers to; "local": one hidden layer. */
static const struct {
    const char *spec, *words;
} topologies[] = {{"local:hidden=40,fan=12", "local"},
                  {"blocks:hidden=40", "local"},
                  {"deep:h1=40,h2=10,fan=12", "deep"},
                  {"pegasus", "local lattice random"},
                  {"zephyr:placement=structured", "local lattice structured"},
                  {"chimera:placement=strict", "local lattice strict"}};
enum { TOPOLOGIES = sizeof topologies / sizeof topologies[0] };

/* "1; deep: 2; drawing: 3; deep contrast: 4": the number of a topology and method. */
static double in_words(const char *text, const char *words, int method) {
    static const char *const all[] = {"local", "deep", "lattice", "random", "structured", "strict"};
    static const char *const names[] = {"conditional", "pcd", "hybrid", "drawing", "contrast"};
    double found = strtod(text, NULL);
    char parts[200], *rest = parts;
    snprintf(parts, sizeof parts, "%s", text);
    for (const char *part; (part = strsep(&rest, ";"));) {
        const char *colon = strchr(part, ':');
        if (!colon)
            continue;
        int fits = 1;
        for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
            fits &= !strstr(part, all[k]) || strstr(words, all[k]);
        for (int k = METHOD_CONDITIONAL; k <= METHOD_CONTRAST; k++)
            fits &= !strstr(part, names[k]) || k == method;
        if (fits)
            found = strtod(colon + 1, NULL); /* a later part, of the method, wins */
    }
    return found;
}

static void compare(const char *topology, const char *words, int method) {
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
        const double want = in_words(o->otherwise, words, method);
        if (strtod(text, NULL) != want)
            fail_msg("%s, method %d: --%s is %s, not %s", topology, method, o->name, text,
                     o->otherwise);
        compared++;
    }
    assert_true(compared > 20);
    glb_topology_clear(&r.t);
}

static void defaults_are_as_in_words(void **state) {
    (void)state;
    for (int t = 0; t < TOPOLOGIES; t++)
        for (int m = METHOD_CONDITIONAL; m <= METHOD_CONTRAST; m++)
            compare(topologies[t].spec, topologies[t].words, m);
}

/* Which phases a method has, and with what weight. */
static void methods_choose_phases(void **state) {
    static const double conditional[] = {1, 0, 1, 1, 1}, free_running[] = {0, 1, 0.1, 3, 0};
    (void)state;
    for (int m = METHOD_CONDITIONAL; m <= METHOD_CONTRAST; m++) {
        struct training r = {.method = m};
        assert_int_equal(glb_topology_build("local:hidden=40,fan=12", 28, 28, 10, 1, &r.t), GLB_OK);
        training_defaults(&r);
        assert_true(r.o.discriminative == conditional[m] && r.o.generative == free_running[m]);
        assert_int_equal(r.o.contrast, m == METHOD_CONTRAST);
        assert_int_equal(r.batch, m == METHOD_DRAWING ? 512 : 1024);
        glb_topology_clear(&r.t);
    }
}

static struct training given;

/* What the manual page promises of each option: its value, as typed, and where the training looks
 * for it. */
static const struct {
    const char *name, *value;
    const int *whole;
    const double *real;
    const char *const *text;
} promised[] = {
    {"output", "a.h5", .text = &given.output},
    {"data", "folder", .text = &given.data},
    {"checkpoint", "b.checkpoint", .text = &given.checkpoint},
    {"save-every", "17", .real = &given.save_every},
    {"resume", NULL, .whole = &given.resume},
    {"first", "18", .whole = &given.first},
    {"images", "19", .whole = &given.images},
    {"binarise", "nonzero", .text = &given.binarise},
    {"shift", "3", .whole = &given.o.shift},
    {"warp", "1.25", .real = &given.o.warp},
    {"topology", "deep", .text = &given.topology},
    {"bits", "5", .whole = &given.o.bits},
    {"readout-beta", "0.75", .real = &given.o.readout_beta},
    {"describe", NULL, .whole = &given.describe},
    {"epochs", "20.5", .real = &given.o.epochs},
    {"batch", "192", .whole = &given.batch},
    {"rate", "0.0625", .real = &given.o.rate},
    {"hidden-rate", "21", .real = &given.o.relative[GLB_H1_H2]},
    {"label-rate", "22", .real = &given.o.relative[GLB_LABEL]},
    {"pixel-decay", "23", .real = &given.o.decay[GLB_PIXEL_H1]},
    {"hidden-decay", "24", .real = &given.o.decay[GLB_H1_H2]},
    {"decay", "25", .real = &given.o.decay[GLB_LABEL]},
    {"start", "2.5", .real = &given.o.start_sigma[GLB_PIXEL_H1]},
    {"warm-up", "0.125", .real = &given.o.warm_up},
    {"average", "0.375", .real = &given.o.average},
    {"dropout", "0.625", .real = &given.o.dropout},
    {"positive", "26", .whole = &given.o.positive},
    {"positive-burn", "27", .whole = &given.o.positive_burn},
    {"negative", "28", .whole = &given.o.negative},
    {"negative-burn", "29", .whole = &given.o.negative_burn},
    {"common-noise", "1", .whole = &given.o.common_noise},
    {"restart", "0.875", .real = &given.o.restart},
    {"read", "35", .whole = &given.o.read},
    {"read-burn", "36", .whole = &given.o.read_burn},
    {"generative", "30", .real = &given.o.generative},
    {"free-sweeps", "31", .whole = &given.o.free_sweeps},
    {"hold-labels", "1", .whole = &given.o.hold_labels},
    {"device", "emu-port", .text = &given.device},
    {"array", "tiny", .text = &given.array},
    {"threads", "32", .whole = &given.threads},
    {"verify-sim", "33", .whole = &given.verify},
    {"mhz", "34", .real = &given.mhz},
    {"keep-checkpoint", NULL, .whole = &given.keep},
    {"json", NULL, .whole = &given.json},
};
enum { PROMISED = sizeof promised / sizeof promised[0] };

static int arrived(int k) {
    const char *value = promised[k].value ? promised[k].value : "1"; /* of a flag */
    if (promised[k].text)
        return *promised[k].text && strcmp(*promised[k].text, value) == 0;
    return promised[k].whole ? *promised[k].whole == atoi(value)
                             : *promised[k].real == strtod(value, NULL);
}

/* Each option alone sets its own member to its value and none of the others to theirs. */
static void options_reach_their_member(void **state) {
    struct cli_option table[TRAINING_OPTIONS];
    (void)state;
    for (int k = 0; k < PROMISED; k++) {
        char option[60];
        char *argv[] = {"train", option, NULL};
        given = (struct training){0};
        struct cli_command c = training_command_line(&given, table);
        assert_int_equal(c.options, PROMISED + 3); /* method, count and seed: below */
        snprintf(option, sizeof option, "--%s%s%s", promised[k].name, promised[k].value ? "=" : "",
                 promised[k].value ? promised[k].value : "");
        assert_int_equal(cli_parse(&c, 2, argv), 0);
        for (int other = 0; other < PROMISED; other++)
            if (arrived(other) != (other == k))
                fail_msg("%s: --%s %s", option, promised[other].name,
                         other == k ? "did not arrive" : "changed too");
    }
}

static void names_and_seed_arrive(void **state) {
    static const char *const names[] = {"conditional", "pcd", "hybrid", "drawing", "contrast"};
    struct cli_option table[TRAINING_OPTIONS];
    (void)state;
    for (int m = METHOD_CONDITIONAL; m <= METHOD_CONTRAST; m++) {
        char method[40], seed[] = "--seed=18446744073709551615";
        char *argv[] = {"train", method, seed, NULL};
        given = (struct training){.method = -1};
        struct cli_command c = training_command_line(&given, table);
        snprintf(method, sizeof method, "--method=%s", names[m]);
        assert_int_equal(cli_parse(&c, 3, argv), 0);
        assert_int_equal(given.method, m);
        assert_true(given.o.seed == UINT64_MAX);
        assert_int_equal(given.count, GLB_TRAIN_COUNT_AUTO);
    }
    static const char *const counts[] = {"auto", "host", "device"};
    for (int k = GLB_TRAIN_COUNT_AUTO; k <= GLB_TRAIN_COUNT_DEVICE; k++) {
        char count[40];
        char *argv[] = {"train", count, NULL};
        given = (struct training){.count = -1};
        struct cli_command c = training_command_line(&given, table);
        snprintf(count, sizeof count, "--count=%s", counts[k]);
        assert_int_equal(cli_parse(&c, 2, argv), 0);
        assert_int_equal(given.count, k);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_as_in_words), cmocka_unit_test(options_reach_their_member),
        cmocka_unit_test(names_and_seed_arrive), cmocka_unit_test(methods_choose_phases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
