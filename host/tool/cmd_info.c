/* glauber info: arrays, devices, graphs. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include "array/array.h"
#include "array/protocol.h"
#include "device/device.h"
#include "graph/graph.h"
#include "tool/cli.h"
#include "tool/options/common.h"
#include "tool/output/json.h"

struct info_options {
    const char *graph, *device, *array, *bias;
    int arrays, convention, json;
};

static int parse(struct info_options *o, int argc, char **argv) {
    struct cli_option table[] = {
        {"arrays", CLI_FLAG, &o->arrays, NULL, 0, 0, NULL, .help = "list the array descriptions",
         .group = "Options"},
        {CLI_ROW_DEVICE(&o->device)},
        {CLI_ROW_ARRAY(&o->array)},
        {CLI_ROW_CONVENTION(&o->convention)},
        {CLI_ROW_BIAS(&o->bias)},
        {CLI_ROW_JSON(&o->json)},
    };
    static const struct cli_rule rules[] = {
        {"arrays", CLI_EXCLUDES, "GRAPH device array convention bias json", NULL},
        {"device", CLI_EXCLUDES, "GRAPH", NULL},
        {"array", CLI_EXCLUDES, "GRAPH", NULL},
        {"convention", CLI_NEEDS, "GRAPH", NULL},
        {"bias", CLI_NEEDS, "GRAPH", NULL}};
    struct cli_command c = {.name = "info",
                            .operands = "[GRAPH]",
                            .operand_help = "a graph file: MatrixMarket or G-set text",
                            .operand = &o->graph,
                            .most = 1,
                            .about =
                                "Shows the figures of a graph, the identity of a device, or the "
                                "arrays.",
                            .option = table,
                            .options = sizeof table / sizeof table[0],
                            .rule = rules,
                            .rules = sizeof rules / sizeof rules[0]};
    return cli_parse(&c, argc, argv);
}

struct figures {
    int colours, largest;
    double mean, hot, cold;
};

static enum glb_status measure(const struct glb_graph *g, struct figures *f) {
    int32_t *colour = malloc(((size_t)g->n + 1) * sizeof *colour);
    int *degree = calloc((size_t)g->n + 1, sizeof *degree);
    enum glb_status s =
        colour && degree ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for %d p-bits", g->n);
    *f = (struct figures){.mean = g->n ? 2.0 * g->m / g->n : 0};
    if (!s) {
        for (int k = 0; k < g->m; k++) {
            degree[g->ei[k]]++;
            degree[g->ej[k]]++;
        }
        for (int i = 0; i < g->n; i++)
            f->largest = degree[i] > f->largest ? degree[i] : f->largest;
        f->colours = glb_graph_colour(g, colour);
        s = f->colours < 0 ? GLB_ERR_MEMORY : glb_beta_range(g, &f->hot, &f->cold);
    }
    free(colour);
    free(degree);
    return s;
}

static void print_graph_json(const struct glb_graph *g, const struct figures *f, const char *hash) {
    struct json j;
    json_begin(&j, stdout);
    json_int(&j, "pbits", g->n);
    json_int(&j, "couplings", g->m);
    json_int(&j, "colours", f->colours);
    json_real(&j, "mean_degree", f->mean);
    json_int(&j, "max_degree", f->largest);
    json_real(&j, "beta_hot", f->hot);
    json_real(&j, "beta_cold", f->cold);
    json_text(&j, "convention", glb_convention_name(g->convention));
    json_text(&j, "graph_hash", hash);
    json_text(&j, "version", glb_version());
    json_end(&j);
}

static int graph_info(const struct info_options *o) {
    struct figures f;
    char hash[24];
    struct glb_graph *g;
    if (glb_graph_read(o->graph, o->bias, (enum glb_convention)o->convention, &g))
        return cli_fail();
    const enum glb_status s = measure(g, &f);
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)g->hash);
    if (!s && o->json)
        print_graph_json(g, &f, hash);
    else if (!s)
        printf("p-bits      %d\ncouplings   %d\ndegree      mean %.2f, largest %d\ncolours     %d\n"
               "convention  %s\nannealing   beta %.6g to %.6g\nhash        %s\n",
               g->n, g->m, f.mean, f.largest, f.colours, glb_convention_name(g->convention), f.hot,
               f.cold, hash);
    glb_graph_free(g);
    return s ? cli_fail() : CLI_OK;
}

static void list_arrays(void) {
    int n;
    const struct glb_array *a = glb_arrays(&n);
    printf("%-10s %5s %5s %6s %6s %6s %6s %8s %8s  %s\n", "array", "tiles", "lanes", "chains",
           "J bits", "acc", "p-bits", "schedule", "coupling", "");
    for (int i = 0; i < n; i++)
        printf("%-10s %5d %5d %6d %6d %6d %6d %8d %8d  %s\n", a[i].name, a[i].tiles, a[i].lanes,
               a[i].chains, a[i].jw, a[i].acc, glb_array_capacity(&a[i]), a[i].sdepth, a[i].cdepth,
               a[i].about);
}

static void print_device_json(struct glb_device *d, const struct glb_line_counters *lost) {
    const struct glb_array *a = glb_device_array(d);
    struct json j;
    json_begin(&j, stdout);
    json_text(&j, "version", glb_version());
    json_int(&j, "protocol", GLB_PROTO_VERSION);
    json_text(&j, "device", glb_device_describe(d));
    json_text(&j, "array", a->name);
    json_int(&j, "tiles", a->tiles);
    json_int(&j, "lanes", a->lanes);
    json_int(&j, "array_chains", a->chains);
    json_int(&j, "units", a->tiles * a->lanes * a->chains);
    json_int(&j, "capacity", glb_array_capacity(a));
    if (lost) {
        json_int(&j, "frames", lost->frames);
        json_int(&j, "bad_crc", lost->bad_crc);
        json_int(&j, "refused", lost->refused);
        json_int(&j, "skipped_by_board", lost->skipped_by_board);
        json_int(&j, "skipped_by_host", (long)lost->skipped_by_host);
    }
    json_end(&j);
}

static void print_device(struct glb_device *d, const struct glb_line_counters *lost) {
    const struct glb_array *a = glb_device_array(d);
    printf("glauber    %s, protocol %d\ndevice     %s\narray      %s: %d tiles x %d lanes x %d "
           "chains = %d units, %d p-bits\n",
           glb_version(), GLB_PROTO_VERSION, glb_device_describe(d), a->name, a->tiles, a->lanes,
           a->chains, a->tiles * a->lanes * a->chains, glb_array_capacity(a));
    if (lost)
        printf("line       %u frames, %u with a bad CRC, %u refused; bytes between frames: %u at "
               "the board, %llu here\n",
               lost->frames, lost->bad_crc, lost->refused, lost->skipped_by_board,
               (unsigned long long)lost->skipped_by_host);
}

static int device_info(const struct info_options *o) {
    struct glb_device *d;
    const struct glb_line_counters *lost;
    if (glb_device_open(o->device, o->array, &d))
        return cli_fail();
    const int wire = glb_device_line_counters(d, &lost) == GLB_OK;
    if (o->json)
        print_device_json(d, wire ? lost : NULL);
    else
        print_device(d, wire ? lost : NULL);
    glb_device_close(d);
    return CLI_OK;
}

int cmd_info(int argc, char **argv) {
    struct info_options o = {0};
    const int bad = parse(&o, argc, argv);
    if (bad)
        return bad - 1;
    if (o.graph)
        return graph_info(&o);
    if (!o.arrays)
        return device_info(&o);
    list_arrays();
    return CLI_OK;
}
