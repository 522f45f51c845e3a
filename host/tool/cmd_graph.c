/* glauber graph, glauber compile. SPDX-License-Identifier: Apache-2.0 */
#include "tool/cli.h"

#include <string.h>
#include "array/array.h"
#include "check/verify.h"
#include "compiler/compile.h"
#include "graph/graph.h"
#include "tool/json.h"

static const char graph_help[] = "usage: glauber graph FAMILY [key=value,key=value] -o FILE.mtx "
                                 "[--seed N] [--bias FILE.mtx] [--json]\n\n"
                                 "Makes a graph and writes it as MatrixMarket (symmetric, J of E = "
                                 "-sum J m m - sum h m; max-cut families: the weights w).\n"
                                 "  -o, --output FILE   the couplings\n"
                                 "      --bias FILE     the biases (n x 1)\n"
                                 "      --seed N        of topology, weights and biases [1]\n"
                                 "      --json          one JSON object as the last line\n\n";

int glb_cmd_graph(int argc, char **argv) {
    struct cli_options o;
    char help[8192];
    snprintf(help, sizeof help, "%s%s", graph_help, glb_graph_generate_help());
    const int bad = cli_parse(&o, argc, argv, "shoj", 2, help);
    if (bad)
        return bad - 1;
    if (o.npositional < 1 || !o.output)
        return cli_usage("graph: a family and -o FILE are needed; see glauber graph --help");
    struct glb_graph *g;
    if (glb_graph_generate(o.positional[0], o.npositional > 1 ? o.positional[1] : "", o.seed, &g))
        return cli_fail();
    enum glb_status s = glb_graph_write(g, o.output, o.bias);
    if (!s && o.json) {
        struct glb_json j;
        char hash[24];
        snprintf(hash, sizeof hash, "%016llx", (unsigned long long)g->hash);
        glb_json_begin(&j, stdout);
        glb_json_int(&j, "pbits", g->n);
        glb_json_int(&j, "couplings", g->m);
        glb_json_uint(&j, "seed", o.seed);
        glb_json_text(&j, "graph_hash", hash);
        glb_json_text(&j, "version", glb_version());
        glb_json_end(&j);
    } else if (!s) {
        printf("%s: %d p-bits, %d couplings\n", o.output, g->n, g->m);
    }
    glb_graph_free(g);
    return s ? cli_fail() : CLI_OK;
}

static const char compile_help[] =
    "usage: glauber compile GRAPH [-o PROGRAM.glbp] [options]\n\n"
    "Compiles a graph for an array: colouring, placement, schedule, quantisation; prints what it "
    "costs.\n"
    "      --array NAME        [ulx3s-85]; glauber info --arrays lists them\n"
    "      --bias FILE         biases (MatrixMarket array, n x 1)\n"
    "      --convention NAME   boltzmann [default], zte-2, zte-34, qubo, maxcut\n"
    "      --effort N          0 quick, 1 [default], 2 thorough\n"
    "      --seed N            of the placement's ties [1]\n"
    "      --verify            walk the images and check every read\n"
    "  -o, --output FILE       the program, for sample and anneal --program\n"
    "      --json              one JSON object as the last line\n";

static void print_json(const struct glb_program *p, const struct glb_compile_report *r,
                       const char *array) {
    struct glb_json j;
    char hash[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)p->graph_hash);
    glb_json_begin(&j, stdout);
    glb_json_int(&j, "pbits", p->n);
    glb_json_int(&j, "couplings", p->m);
    glb_json_int(&j, "colours", p->colours);
    glb_json_text(&j, "array", array);
    glb_json_int(&j, "clocks", r->clocks);
    glb_json_real(&j, "bound", r->bound);
    glb_json_real(&j, "bound_lane", r->bound_lane);
    glb_json_real(&j, "bound_noise", r->bound_noise);
    glb_json_real(&j, "bound_port", r->bound_port);
    glb_json_real(&j, "efficiency", r->efficiency);
    glb_json_int(&j, "lost_drain", r->lost_drain);
    glb_json_int(&j, "lost_tail", r->lost_tail);
    glb_json_int(&j, "lost_conflict", r->lost_conflict);
    glb_json_int(&j, "schedule_used", r->s_used);
    glb_json_int(&j, "coupling_used", r->c_used);
    glb_json_int(&j, "hubs", r->hubs);
    glb_json_int(&j, "reads", r->reads);
    glb_json_int(&j, "shared_reads", r->shared_reads);
    glb_json_real(&j, "flips_per_cycle", r->flips_per_cycle);
    glb_json_real(&j, "u", r->u);
    glb_json_real(&j, "j_rms_error", r->j_rms_error);
    glb_json_real(&j, "j_max_error", r->j_max_error);
    glb_json_real(&j, "h_max_error", r->h_max_error);
    glb_json_real(&j, "field_max", r->field_max);
    glb_json_real(&j, "field_limit", r->field_limit);
    glb_json_bool(&j, "range_is_worst_case", r->range_is_worst_case);
    glb_json_real(&j, "seconds", r->seconds);
    glb_json_text(&j, "graph_hash", hash);
    glb_json_text(&j, "version", glb_version());
    glb_json_end(&j);
}

int glb_cmd_compile(int argc, char **argv) {
    struct cli_options o;
    const int bad = cli_parse(&o, argc, argv, "ahvesVoj", 1, compile_help);
    if (bad)
        return bad - 1;
    if (o.npositional < 1)
        return cli_usage("compile: a graph file is needed; see glauber compile --help");
    const struct glb_array *a = glb_array_find(o.array);
    if (!a)
        return cli_usage("--array %s: there is no such array; glauber info --arrays lists them",
                         o.array);
    struct glb_graph *g;
    if (glb_graph_read(o.positional[0], o.bias, o.convention, &g))
        return cli_fail();
    const struct glb_compile_options co = {.effort = (int)o.effort, .seed = o.seed};
    struct glb_program *p = NULL;
    struct glb_compile_report r;
    enum glb_status s = glb_compile(g, a, &co, &p, &r);
    if (!s && o.verify)
        s = glb_program_verify(p, g);
    if (!s && o.output)
        s = glb_program_save(p, o.output);
    if (!s) {
        FILE *to = o.json ? stderr : stdout;
        glb_compile_report_print(&r, to);
        if (o.verify)
            fprintf(to, "verified: every read reaches its p-bit at the right version\n");
        if (o.output)
            fprintf(to, "written: %s\n", o.output);
        if (o.json)
            print_json(p, &r, a->name);
    }
    glb_program_free(p);
    glb_graph_free(g);
    return s ? cli_fail() : CLI_OK;
}
