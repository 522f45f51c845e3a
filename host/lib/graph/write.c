/* Writing graphs: MatrixMarket or rudy text, to files or to memory. SPDX-License-Identifier:
 * Apache-2.0 */
#include "graph/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/atomic_file.h"
#include "base/c_locale.h"

/* A coupling as the file has it: J, or w = -J in a max-cut graph, so that a file read under the
 * convention of the graph it was written from gives that graph. (qubo and zte graphs are written in
 * the boltzmann form.) */
static double file_value(const struct glb_graph *g, int e) {
    return g->convention == GLB_MAXCUT ? 0.0 - g->J[e] : g->J[e];
}

static enum glb_status write_couplings(const void *graph, FILE *f) {
    const struct glb_graph *g = graph;
    fprintf(f, "%%%%MatrixMarket matrix coordinate real symmetric\n%% %s\n%d %d %d\n",
            g->convention == GLB_MAXCUT
                ? "weights w of a max-cut problem (convention maxcut)"
                : "couplings J of E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i",
            g->n, g->n, g->m);
    for (int e = 0; e < g->m; e++)
        fprintf(f, "%d %d %.17g\n", g->ej[e] + 1, g->ei[e] + 1, file_value(g, e));
    return GLB_OK;
}

static enum glb_status write_biases(const void *graph, FILE *f) {
    const struct glb_graph *g = graph;
    fprintf(f, "%%%%MatrixMarket matrix array real general\n");
    fprintf(f, "%% biases h of E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i\n");
    fprintf(f, "%d 1\n", g->n);
    for (int i = 0; i < g->n; i++)
        fprintf(f, "%.17g\n", g->h[i]);
    return GLB_OK;
}

static enum glb_status write_rudy(const void *graph, FILE *f) {
    const struct glb_graph *g = graph;
    fprintf(f, "%d %d\n", g->n, g->m);
    for (int e = 0; e < g->m; e++)
        fprintf(f, "%d %d %.17g\n", g->ei[e] + 1, g->ej[e] + 1, file_value(g, e));
    return GLB_OK;
}

static bool has_ending(const char *path, const char *ending) {
    const size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && strcasecmp(path + length - tail, ending) == 0;
}

/* A rudy file has no place for biases. */
static enum glb_status check_rudy(const struct glb_graph *g, const char *name) {
    for (int i = 0; i < g->n; i++)
        if (g->h[i] != 0)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "%s: the rudy format has no biases, but p-bit %d has one: give a file "
                            "for the biases too",
                            name, i);
    return GLB_OK;
}

enum glb_status glb_graph_write(const struct glb_graph *g, const char *path,
                                const char *bias_path) {
    const bool rudy = has_ending(path, ".rud");
    enum glb_status status = rudy && !bias_path ? check_rudy(g, path) : GLB_OK;
    if (!status)
        status = glb_atomic_write(path, rudy ? write_rudy : write_couplings, g);
    if (!status && bias_path)
        status = glb_atomic_write(bias_path, write_biases, g);
    return status;
}

static enum glb_status write_memory(const struct glb_graph *g, char **text, glb_atomic_body body) {
    size_t size;
    FILE *f = open_memstream(text, &size);
    const locale_t before = glb_c_locale_begin();
    if (f)
        body(g, f);
    glb_c_locale_end(before);
    const bool failed = !f || ferror(f);
    if (!f || fclose(f) != 0 || failed) {
        free(f ? *text : NULL);
        *text = NULL;
        return glb_fail(GLB_ERR_MEMORY, "out of memory for a graph of %d couplings as text", g->m);
    }
    return GLB_OK;
}

enum glb_status glb_graph_print(const struct glb_graph *g, enum glb_text_format format, char **text,
                                char **bias) {
    const bool rudy = format == GLB_TEXT_RUDY;
    enum glb_status status = rudy && !bias ? check_rudy(g, "graph") : GLB_OK;
    *text = NULL;
    if (bias)
        *bias = NULL;
    if (!status)
        status = write_memory(g, text, rudy ? write_rudy : write_couplings);
    if (!status && bias && (status = write_memory(g, bias, write_biases))) {
        free(*text);
        *text = NULL;
    }
    return status;
}
