/* glauber temper: its options. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>
#include "tool/cli.h"
#include "tool/options/common.h"
#include "tool/temper/temper_run.h"

enum { OWN = 11 };

static int own_rows(struct sample_options *o, struct temper_run *t, struct cli_option *table) {
    const struct cli_option rows[] = {
        {"beta", CLI_REAL, &o->beta, "B", 1e-300, INFINITY, NULL, .otherwise = "from the couplings",
         .help = "cold end of the ladder, of which samples are reported and written",
         .group = "Run"},
        {"beta-range", CLI_RANGE, o->beta_range, "HOT:COLD", 0, 0, NULL,
         .otherwise = "from the couplings", .help = "both ends of the ladder"},
        {"betas", CLI_TEXT, &t->betas, "LIST", 0, 0, NULL, .otherwise = "tuned in the warm-up",
         .help = "the ladder itself, ascending, separated by commas"},
        {"temperatures", CLI_INT, &t->temperatures, "T", 2, GLB_MOST_TEMPERATURES, NULL,
         .otherwise = "chosen in the warm-up, at most 64", .help = "replicas of a ladder"},
        {"sweeps", CLI_LONG, &t->sweeps, "N", 1, UINT32_MAX, "2",
         .help = "sweeps of a round, which ends with exchanges and a look at the energies"},
        {"rounds", CLI_LONG, &t->rounds, "N", 1, UINT32_MAX, "1000",
         .help = "rounds after the warm-up; each gives samples"},
        {"warm-up", CLI_LONG, &t->warm_up, "N", 0, UINT32_MAX, "500",
         .help = "rounds that tune the ladder and give no samples"},
        {"time", CLI_REAL, &o->time, "SECONDS", 1e-3, 1e7, NULL,
         .help = "as many rounds as fit, the warm-up in a third of it at most"},
        {"cluster-moves", CLI_FLAG, &t->cluster_moves, NULL, 0, 0, NULL,
         .help = "exchange clusters between two chains at one temperature, where not all of them "
                 "percolate"},
        {CLI_ROW_TOP(&o->top), .group = "Output"},
        {CLI_ROW_STATES(&o->states)},
    };
    _Static_assert(sizeof rows / sizeof rows[0] <= OWN, "rows");
    memcpy(table, rows, sizeof rows);
    return (int)(sizeof rows / sizeof rows[0]);
}

static int parse(struct sample_options *o, struct temper_run *t, int argc, char **argv) {
    struct cli_option table[OWN + SAMPLE_ROWS];
    const struct cli_rule rules[] = {{"betas", CLI_EXCLUDES, "beta-range temperatures beta", NULL},
                                     {"beta-range", CLI_EXCLUDES, "beta", NULL},
                                     {"time", CLI_EXCLUDES, "rounds", NULL},
                                     {"program", CLI_EXCLUDES, "effort", NULL}};
    int count = own_rows(o, t, table);
    count += sample_rows_of_all(o, table + count);
    struct cli_command c = {
        .name = "temper",
        .operands = "GRAPH",
        .operand_help = "a graph file: MatrixMarket or G-set text",
        .operand = &o->graph,
        .least = 1,
        .most = 1,
        .about = "Replica exchange (parallel tempering): replicas at a ladder of temperatures\n"
                 "exchange their states. Draws samples at the cold end and reports the best\n"
                 "energy (maxcut: cut) found.",
        .notes = SAMPLE_NOTES,
        .option = table,
        .options = count,
        .rule = rules,
        .rules = sizeof rules / sizeof rules[0]};
    const int bad = cli_parse(&c, argc, argv);
    if (bad)
        return bad;
    o->range_given = cli_given(&c, "beta-range");
    t->beta_given = cli_given(&c, "beta");
    if (o->time > 0) /* as many as there is time for */
        t->rounds = (long)(UINT32_MAX / t->sweeps) - t->warm_up;
    return 0;
}

int cmd_temper(int argc, char **argv) {
    struct temper_run t = {0};
    struct sample_run r = {
        .command = argv[0], .temper = &t, .o = {.interval = 1, .stop_energy = NAN}};
    const int bad = parse(&r.o, &t, argc, argv);
    return bad ? bad - 1 : sample_command(&r);
}
