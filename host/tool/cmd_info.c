/* glauber info, glauber selftest. SPDX-License-Identifier: Apache-2.0 */
#include "tool/cli.h"

#include <stdlib.h>
#include "array/array.h"
#include "device/device.h"
#include "graph/graph.h"
#include "tool/json.h"
#include "array/protocol.h"
#include "check/selftest.h"

static const char info_help[] =
    "usage: glauber info [GRAPH] [--arrays] [--device NAME --array NAME] [--convention NAME] "
    "[--bias FILE] [--json]\n\n"
    "Shows a graph's figures, the array descriptions, or a device's identity.\n";

static int graph_info(const struct cli_options *o) {
    struct glb_graph *g;
    if (glb_graph_read(o->positional[0], o->bias, o->convention, &g))
        return cli_fail();
    int32_t *colour = malloc(((size_t)g->n + 1) * sizeof *colour);
    int *degree = calloc((size_t)g->n + 1, sizeof *degree), top = 0;
    if (!colour || !degree) {
        glb_fail(GLB_ERR_MEMORY, "no memory for %d p-bits", g->n);
        free(colour);
        free(degree);
        glb_graph_free(g);
        return cli_fail();
    }
    for (int k = 0; k < g->m; k++) {
        degree[g->ei[k]]++;
        degree[g->ej[k]]++;
    }
    for (int i = 0; i < g->n; i++)
        if (degree[i] > top)
            top = degree[i];
    const int colours = glb_graph_colour(g, colour);
    const double mean = g->n ? 2.0 * g->m / g->n : 0;
    double hot, cold;
    if (colours < 0 || glb_beta_range(g, &hot, &cold)) {
        free(colour);
        free(degree);
        glb_graph_free(g);
        return cli_fail();
    }
    char hash[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)g->hash);
    if (o->json) {
        struct glb_json j;
        glb_json_begin(&j, stdout);
        glb_json_int(&j, "pbits", g->n);
        glb_json_int(&j, "couplings", g->m);
        glb_json_int(&j, "colours", colours);
        glb_json_real(&j, "mean_degree", mean);
        glb_json_int(&j, "max_degree", top);
        glb_json_real(&j, "beta_hot", hot);
        glb_json_real(&j, "beta_cold", cold);
        glb_json_text(&j, "convention", glb_convention_name(g->convention));
        glb_json_text(&j, "graph_hash", hash);
        glb_json_text(&j, "version", glb_version());
        glb_json_end(&j);
    } else {
        printf("p-bits      %d\ncouplings   %d\ndegree      mean %.2f, largest %d\ncolours     %d\n"
               "convention  %s\nannealing   beta %.6g to %.6g\nhash        %s\n",
               g->n, g->m, mean, top, colours, glb_convention_name(g->convention), hot, cold, hash);
    }
    free(colour);
    free(degree);
    glb_graph_free(g);
    return CLI_OK;
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

int glb_cmd_info(int argc, char **argv) {
    struct cli_options o;
    const int bad = cli_parse(&o, argc, argv, "dahvjA", 1, info_help);
    if (bad)
        return bad - 1;
    if (o.npositional)
        return graph_info(&o);
    if (o.arrays) {
        list_arrays();
        return CLI_OK;
    }
    struct glb_device *d;
    if (glb_device_open(o.device, o.array, &d))
        return cli_fail();
    const struct glb_array *a = glb_device_array(d);
    const struct glb_line_counters *lost;
    const int wire = glb_device_line_counters(d, &lost) == GLB_OK;
    if (o.json) {
        struct glb_json j;
        glb_json_begin(&j, stdout);
        glb_json_text(&j, "version", glb_version());
        glb_json_int(&j, "protocol", GLB_PROTO_VERSION);
        glb_json_text(&j, "device", glb_device_describe(d));
        glb_json_text(&j, "array", a->name);
        glb_json_int(&j, "tiles", a->tiles);
        glb_json_int(&j, "lanes", a->lanes);
        glb_json_int(&j, "array_chains", a->chains);
        glb_json_int(&j, "units", a->tiles * a->lanes * a->chains);
        glb_json_int(&j, "capacity", glb_array_capacity(a));
        if (wire) {
            glb_json_int(&j, "frames", lost->frames);
            glb_json_int(&j, "bad_crc", lost->bad_crc);
            glb_json_int(&j, "refused", lost->refused);
            glb_json_int(&j, "skipped_by_board", lost->skipped_by_board);
            glb_json_int(&j, "skipped_by_host", (long)lost->skipped_by_host);
        }
        glb_json_end(&j);
    } else {
        printf("glauber    %s, protocol %d\ndevice     %s\narray      %s: %d tiles x %d lanes x %d "
               "chains = %d units, %d p-bits\n",
               glb_version(), GLB_PROTO_VERSION, glb_device_describe(d), a->name, a->tiles,
               a->lanes, a->chains, a->tiles * a->lanes * a->chains, glb_array_capacity(a));
        if (wire)
            printf(
                "line       %u frames, %u with a bad CRC, %u refused; bytes between frames: %u at "
                "the board, %llu here\n",
                lost->frames, lost->bad_crc, lost->refused, lost->skipped_by_board,
                (unsigned long long)lost->skipped_by_host);
    }
    glb_device_close(d);
    return CLI_OK;
}

static const char selftest_help[] =
    "usage: glauber selftest [--device NAME] [--array NAME] [--seed N]\n\n"
    "Checks the device: its identity, its state memories, the noise of every lane, every bit of a "
    "random job against another\n"
    "implementation, and the distribution of a small graph against exact enumeration. Exit status "
    "0 "
    "if all is well.\n";

static void print_line(void *unused, const char *line) {
    (void)unused;
    puts(line);
}

int glb_cmd_selftest(int argc, char **argv) {
    struct cli_options o;
    const int bad = cli_parse(&o, argc, argv, "das", 0, selftest_help);
    if (bad)
        return bad - 1;
    return glb_selftest(o.device, o.array, o.seed, print_line, NULL) ? cli_fail() : CLI_OK;
}
