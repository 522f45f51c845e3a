/* glauber sample, glauber anneal: their options. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>
#include "tool/cli.h"
#include "tool/options/common.h"
#include "tool/sample/sample_run.h"

enum { OWN = 8 }; /* most rows of a command's own */

static int add(struct cli_option *table, const struct cli_option *rows, size_t size) {
    memcpy(table, rows, size);
    return (int)(size / sizeof *rows);
}

static int sample_rows(struct sample_options *o, struct cli_option *table) {
    const struct cli_option rows[] = {
        {"beta", CLI_REAL, &o->beta, "B", 0, INFINITY, "1",
         .help = "inverse temperature, in units of 1/energy of the boltzmann form", .group = "Run"},
        {"burn-in", CLI_LONG, &o->burn_in, "N", 0, UINT32_MAX, "100",
         .help = "sweeps before the first sampling interval"},
        {"samples", CLI_LONG, &o->samples, "N", 1, UINT32_MAX, "100",
         .help = "samples of a chain; with --schedule as many as it has room for"},
        {"interval", CLI_LONG, &o->interval, "N", 1, UINT32_MAX, "1",
         .help = "sweeps from one sample to the next"},
        {"statistics", CLI_FLAG, &o->statistics, NULL, 0, 0, NULL,
         .help = "means, correlations of all couplings and the mean energy, counted on the array "
                 "if its memories have room; no samples"},
        {"schedule", CLI_TEXT, &o->schedule, "FILE", 0, 0, NULL,
         .help = "lines 'beta sweeps' to run instead"},
        {CLI_ROW_PRECISION(&o->precision, "0.05, 0.002 for up to 32 p-bits")},
    };
    _Static_assert(sizeof rows / sizeof rows[0] <= OWN, "rows");
    return add(table, rows, sizeof rows);
}

static int anneal_rows(struct sample_options *o, struct cli_option *table) {
    const struct cli_option rows[] = {
        {"sweeps", CLI_LONG, &o->sweeps, "N", 1, UINT32_MAX, NULL,
         .otherwise = "1000 to 20000, fewer for larger graphs", .help = "length of the run",
         .group = "Run"},
        {"time", CLI_REAL, &o->time, "SECONDS", 1e-3, 1e7, NULL,
         .help = "as many sweeps as fit, at a speed that is measured first"},
        {"beta-range", CLI_RANGE, o->beta_range, "HOT:COLD", 0, 0, NULL,
         .otherwise = "from the couplings", .help = "first and last beta, geometric between them"},
        {"interval", CLI_LONG, &o->interval, "N", 1, UINT32_MAX, NULL,
         .otherwise = "a hundredth of the run, at most 1000",
         .help = "sweeps between looks at the energy"},
        {"schedule", CLI_TEXT, &o->schedule, "FILE", 0, 0, NULL,
         .help = "lines 'beta sweeps' to run instead"},
        {CLI_ROW_PRECISION(&o->precision, "1, at the cold end")},
        {CLI_ROW_TOP(&o->top), .group = "Output"},
        {CLI_ROW_STATES(&o->states)},
    };
    _Static_assert(sizeof rows / sizeof rows[0] <= OWN, "rows");
    return add(table, rows, sizeof rows);
}

static int parse(struct sample_options *o, int anneal, int argc, char **argv) {
    struct cli_option table[OWN + SAMPLE_ROWS];
    const struct cli_rule rules[] = {
        {"schedule", CLI_EXCLUDES, anneal ? "beta-range sweeps time" : "beta", NULL},
        {"program", CLI_EXCLUDES, "effort precision", NULL},
        {anneal ? "time" : "statistics", CLI_EXCLUDES, anneal ? "sweeps" : "stop-energy", NULL}};
    int count = anneal ? anneal_rows(o, table) : sample_rows(o, table);
    count += sample_rows_of_all(o, table + count);
    struct cli_command c = {
        .name = anneal ? "anneal" : "sample",
        .operands = "GRAPH",
        .operand_help = "a graph file: MatrixMarket or G-set text",
        .operand = &o->graph,
        .least = 1,
        .most = 1,
        .about = anneal
                     ? "Anneals from hot to cold and reports the best energy (maxcut: cut) found."
                     : "Draws samples of P(m) ~ exp(-beta E).",
        .notes = SAMPLE_NOTES,
        .option = table,
        .options = count,
        .rule = rules,
        .rules = sizeof rules / sizeof rules[0]};
    const int bad = cli_parse(&c, argc, argv);
    if (bad)
        return bad;
    o->range_given = anneal && cli_given(&c, "beta-range");
    o->burn_in_given = !anneal && cli_given(&c, "burn-in");
    o->samples_given = !anneal && cli_given(&c, "samples");
    o->interval_given = cli_given(&c, "interval");
    return 0;
}

static int run(int argc, char **argv, int anneal) {
    struct sample_run r = {
        .command = argv[0], .anneal = anneal, .o = {.beta = 1, .interval = 1, .stop_energy = NAN}};
    const int bad = parse(&r.o, anneal, argc, argv);
    return bad ? bad - 1 : sample_command(&r);
}

int cmd_sample(int argc, char **argv) {
    return run(argc, argv, 0);
}

int cmd_anneal(int argc, char **argv) {
    return run(argc, argv, 1);
}
