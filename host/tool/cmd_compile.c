/* glauber compile: a program file and what it costs. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include "array/array.h"
#include "compiler/compile.h"
#include "graph/graph.h"
#include "tool/cli.h"
#include "tool/options/common.h"
#include "tool/output/json.h"

struct compile_options {
    const char *graph, *array, *bias, *output, *precision;
    double beta, beta_range[2];
    int convention, effort, count, verify, json;
    uint64_t seed;
};

static int parse(struct compile_options *o, int argc, char **argv) {
    struct cli_option table[] = {
        {CLI_ROW_FITTING_ARRAY(&o->array), .group = "Compiler"},
        {"effort", CLI_INT, &o->effort, "N", 0, GLB_MAX_EFFORT, "1",
         .help = "0 quick to 3 thorough"},
        {CLI_ROW_SEED(&o->seed, "breaks ties of the placement")},
        {"count", CLI_FLAG, &o->count, NULL, 0, 0, NULL,
         .help = "sum on the array how often spins agree, if there is room"},
        {"beta", CLI_REAL, &o->beta, "B", 0, INFINITY, NULL, .otherwise = "any",
         .help = "inverse temperature of the runs to come; where rounding costs too much, the "
                 "program is made for it"},
        {"beta-range", CLI_RANGE, o->beta_range, "HOT:COLD", 0, 0, NULL, .otherwise = "any",
         .help = "the smallest and the largest one, of annealing"},
        {CLI_ROW_PRECISION(&o->precision, "0.05")},
        {"verify", CLI_FLAG, &o->verify, NULL, 0, 0, NULL,
         .help = "walk the result and check every read"},
        {CLI_ROW_CONVENTION(&o->convention), .group = "Graph"},
        {CLI_ROW_BIAS(&o->bias)},
        {CLI_ROW_OUTPUT(&o->output, NULL, "the program, for --program of sample and anneal"),
         .group = "Output"},
        {CLI_ROW_JSON(&o->json)},
    };
    const struct cli_rule rules[] = {{"precision", CLI_NEEDS, "beta beta-range", NULL},
                                     {"beta-range", CLI_EXCLUDES, "beta", NULL}};
    struct cli_command c = {
        .rule = rules,
        .rules = sizeof rules / sizeof rules[0],
        .name = "compile",
        .operands = "GRAPH",
        .operand_help = "a graph file: MatrixMarket or G-set text",
        .operand = &o->graph,
        .least = 1,
        .most = 1,
        .about =
            "Compiles a graph for an array (colouring, placement, schedule, quantisation) and\n"
            "prints what it costs.",
        .notes = "With --json the report for people goes to standard error.",
        .option = table,
        .options = sizeof table / sizeof table[0]};
    return cli_parse(&c, argc, argv);
}

static void print_json(const struct glb_program *p, const struct glb_compile_report *r,
                       const char *array) {
    struct json j;
    char hash[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)p->graph_hash);
    json_begin(&j, stdout);
    json_int(&j, "pbits", p->n);
    json_int(&j, "couplings", p->m);
    json_int(&j, "colours", p->colours);
    json_text(&j, "array", array);
    json_int(&j, "clocks", r->clocks);
    json_real(&j, "bound", r->bound);
    json_real(&j, "bound_lane", r->bound_lane);
    json_real(&j, "bound_noise", r->bound_noise);
    json_real(&j, "bound_port", r->bound_port);
    json_real(&j, "efficiency", r->efficiency);
    json_int(&j, "lost_drain", r->lost_drain);
    json_int(&j, "lost_tail", r->lost_tail);
    json_int(&j, "lost_conflict", r->lost_conflict);
    json_int(&j, "schedule_used", r->schedule_used);
    json_int(&j, "coupling_used", r->coupling_used);
    json_int(&j, "sums", r->sums);
    json_int(&j, "sum_entries", r->sum_entries);
    json_int(&j, "count_clocks", r->count_clocks);
    json_int(&j, "hubs", r->hubs);
    json_int(&j, "reads", r->reads);
    json_int(&j, "shared_reads", r->shared_reads);
    json_real(&j, "flips_per_cycle", r->updates_per_clock);
    json_real(&j, "u", r->u);
    json_real(&j, "j_rms_error", r->j_rms_error);
    json_real(&j, "j_max_error", r->j_max_error);
    json_real(&j, "h_max_error", r->h_max_error);
    json_int(&j, "couplings_nonzero", r->couplings_nonzero);
    json_int(&j, "couplings_zeroed", r->couplings_zeroed);
    json_real(&j, "field_error", r->field_error);
    json_real(&j, "precise_beta", r->beta);
    json_int(&j, "couplings_cut", r->couplings_cut);
    json_int(&j, "entries_added", r->entries_added);
    json_int(&j, "helpers", r->helpers);
    json_real(&j, "field_max", r->field_max);
    json_real(&j, "field_limit", r->field_limit);
    json_bool(&j, "range_is_worst_case", r->range_is_worst_case);
    json_real(&j, "seconds", r->seconds);
    json_text(&j, "graph_hash", hash);
    json_text(&j, "version", glb_version());
    json_end(&j);
}

static void report(const struct compile_options *o, const struct glb_program *p,
                   const struct glb_compile_report *r) {
    FILE *to = o->json ? stderr : stdout;
    if (!o->array)
        fprintf(to, "array: %s, the first that the graph fits\n", p->array.name);
    glb_compile_report_print(r, to);
    if (o->verify)
        fprintf(to, "verified: every read reaches its p-bit at the right version\n");
    if (o->output)
        fprintf(to, "written: %s\n", o->output);
    if (o->json)
        print_json(p, r, p->array.name);
}

static enum glb_status compile(const struct compile_options *o, const struct glb_graph *g) {
    struct glb_compile_options options = {.effort = o->effort,
                                          .seed = o->seed,
                                          .count = o->count,
                                          .beta_least = o->beta + o->beta_range[0],
                                          .beta_most = o->beta + o->beta_range[1]};
    struct glb_program *p = NULL;
    struct glb_compile_report r;
    enum glb_status s = cli_precision(o->precision, &options);
    if (!s)
        s = glb_compile_named(g, o->array, &options, &p, &r);
    if (!s && o->verify)
        s = glb_program_verify(p, g);
    if (!s && o->output)
        s = glb_program_save(p, o->output);
    if (!s)
        report(o, p, &r);
    if (!s && r.couplings_zeroed && r.beta == 0)
        cli_warn("%s: %d of %d couplings became 0 in rounding: the largest needs steps of %.3g; "
                 "%sbring the largest couplings closer to the smallest",
                 o->graph, r.couplings_zeroed, r.couplings_nonzero, r.u / 2,
                 options.beta_least > 0 ? "" : "give the --beta of the runs to come, or ");
    glb_program_free(p);
    return s;
}

int cmd_compile(int argc, char **argv) {
    struct compile_options o = {0};
    const int bad = parse(&o, argc, argv);
    if (bad)
        return bad - 1;
    const char *const inputs[] = {o.graph, o.bias};
    const struct glb_array *a;
    if ((o.array && glb_array_require(o.array, &a)) ||
        (o.output && cli_check_output(o.output, inputs, 2)))
        return cli_fail();
    struct glb_graph *g;
    if (glb_graph_read(o.graph, o.bias, (enum glb_convention)o.convention, &g))
        return cli_fail();
    const enum glb_status s = compile(&o, g);
    glb_graph_free(g);
    return s ? cli_fail() : CLI_OK;
}
