/* glauber graph: generated graphs. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "graph/graph.h"
#include "tool/cli.h"
#include "tool/options/common.h"
#include "tool/output/json.h"

struct graph_options {
    const char *operand[2]; /* family, key=value,... */
    const char *output, *bias;
    uint64_t seed;
    int json, seed_given;
};

static int parse(struct graph_options *o, int argc, char **argv) {
    struct cli_option table[] = {
        {CLI_ROW_OUTPUT(&o->output, NULL, "the couplings, as rudy text if FILE ends in .rud"),
         .otherwise = "required", .group = "Options"},
        {"bias", CLI_TEXT, &o->bias, "FILE", 0, 0, NULL,
         .help = "the biases (n x 1); required where they are not 0"},
        {CLI_ROW_SEED(&o->seed, "of topology, weights and biases")},
        {CLI_ROW_JSON(&o->json)},
    };
    struct cli_command c = {
        .name = "graph",
        .operands = "FAMILY [KEY=VALUE,KEY=VALUE...]",
        .operand_help = "a family and its parameters, see below",
        .operand = o->operand,
        .least = 1,
        .most = 2,
        .about = "Generates a graph and writes it as MatrixMarket: symmetric, the couplings J of\n"
                 "E = -sum J m m - sum h m; of max-cut families the weights w.",
        .notes = glb_graph_generate_help(),
        .option = table,
        .options = sizeof table / sizeof table[0]};
    const int bad = cli_parse(&c, argc, argv);
    if (bad)
        return bad;
    o->seed_given = cli_given(&c, "seed");
    return o->output ? 0 : 1 + cli_usage("graph: -o FILE is missing: where to write the graph");
}

/* Options that the family does not use. */
static int check(const struct graph_options *o, const struct glb_graph *g) {
    const char *family = o->operand[0];
    for (int i = 0; !o->bias && i < g->n; i++)
        if (g->h[i] != 0)
            return cli_usage("graph: the graph has biases; give a file for them: --bias FILE");
    if (o->bias && g->convention == GLB_MAXCUT)
        return cli_usage("graph: --bias: %s makes max-cut graphs, which have no biases; leave it "
                         "out",
                         family);
    if (o->seed_given && (strcasecmp(family, "gset") == 0 || strcasecmp(family, "rudy") == 0))
        cli_warn("graph: --seed has no effect on %s, whose graphs have seeds of their own", family);
    return 0;
}

static enum glb_status write_graph(const struct graph_options *o, const struct glb_graph *g) {
    const char *const none[] = {NULL};
    enum glb_status s = cli_check_output(o->output, none, 1);
    if (!s && o->bias)
        s = cli_check_output(o->bias, none, 1);
    if (!s && o->bias && strcmp(o->bias, o->output) == 0)
        s = glb_fail(GLB_ERR_ARGUMENT, "%s: couplings and biases need files of their own",
                     o->output);
    return s ? s : glb_graph_write(g, o->output, o->bias);
}

static void print(const struct graph_options *o, const struct glb_graph *g) {
    struct json j;
    char hash[24];
    if (!o->json) {
        printf("%s: %d p-bits, %d couplings\n", o->output, g->n, g->m);
        return;
    }
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)g->hash);
    json_begin(&j, stdout);
    json_int(&j, "pbits", g->n);
    json_int(&j, "couplings", g->m);
    json_uint(&j, "seed", o->seed);
    json_text(&j, "graph_hash", hash);
    json_text(&j, "version", glb_version());
    json_end(&j);
}

int cmd_graph(int argc, char **argv) {
    struct graph_options o = {.seed_given = 0};
    const int bad = parse(&o, argc, argv);
    if (bad)
        return bad - 1;
    struct glb_graph *g;
    if (glb_graph_generate(o.operand[0], o.operand[1] ? o.operand[1] : "", o.seed, &g))
        return cli_fail();
    int exit_status = check(&o, g);
    if (!exit_status && write_graph(&o, g))
        exit_status = cli_fail();
    if (!exit_status)
        print(&o, g);
    glb_graph_free(g);
    return exit_status;
}
