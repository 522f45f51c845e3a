/* Writing graphs: MatrixMarket or rudy text, to files or to memory. SPDX-License-Identifier:
 * Apache-2.0 */
#include "graph/graph.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/c_locale.h"

/* What the file says of a coupling: J, or w = -J in a max-cut graph, so that a file read under the
 * convention of the graph it was written from gives that graph. (qubo and zte graphs are written in
 * the boltzmann form.) */
static double file_value(const struct glb_graph *g, int e) {
    return g->convention == GLB_MAXCUT ? 0.0 - g->J[e] : g->J[e];
}

static void write_couplings(const struct glb_graph *g, FILE *f) {
    fprintf(f, "%%%%MatrixMarket matrix coordinate real symmetric\n%% %s\n%d %d %d\n",
            g->convention == GLB_MAXCUT
                ? "weights w of a max-cut problem (convention maxcut)"
                : "couplings J of E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i",
            g->n, g->n, g->m);
    for (int e = 0; e < g->m; e++)
        fprintf(f, "%d %d %.17g\n", g->ej[e] + 1, g->ei[e] + 1, file_value(g, e));
}

static void write_biases(const struct glb_graph *g, FILE *f) {
    fprintf(f, "%%%%MatrixMarket matrix array real general\n");
    fprintf(f, "%% biases h of E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i\n");
    fprintf(f, "%d 1\n", g->n);
    for (int i = 0; i < g->n; i++)
        fprintf(f, "%.17g\n", g->h[i]);
}

static void write_rudy(const struct glb_graph *g, FILE *f) {
    fprintf(f, "%d %d\n", g->n, g->m);
    for (int e = 0; e < g->m; e++)
        fprintf(f, "%d %d %.17g\n", g->ei[e] + 1, g->ej[e] + 1, file_value(g, e));
}

typedef void body_fn(const struct glb_graph *, FILE *);

static void write_body(const struct glb_graph *g, FILE *f, body_fn *body) {
    const locale_t before = glb_c_locale_begin();
    body(g, f);
    glb_c_locale_end(before);
}

/* Writes to a temporary name and renames, so that a half-written file never has the final name. */
static enum glb_status write_file(const struct glb_graph *g, const char *path, body_fn *body) {
    const size_t size = strlen(path) + sizeof ".tmp";
    char *temporary = malloc(size);
    if (!temporary)
        return glb_fail(GLB_ERR_MEMORY, "out of memory");
    snprintf(temporary, size, "%s.tmp", path);
    enum glb_status status = GLB_OK;
    FILE *f = fopen(temporary, "w");
    if (f) {
        write_body(g, f, body);
        const int failed = ferror(f);
        if (fclose(f) != 0 || failed || rename(temporary, path) != 0)
            status = glb_fail(GLB_ERR_FILE, "cannot write %s: %s", path, strerror(errno));
        if (status)
            remove(temporary);
    } else {
        status = glb_fail(GLB_ERR_FILE, "cannot create %s: %s", temporary, strerror(errno));
    }
    free(temporary);
    return status;
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
        status = write_file(g, path, rudy ? write_rudy : write_couplings);
    if (!status && bias_path)
        status = write_file(g, bias_path, write_biases);
    return status;
}

static enum glb_status write_memory(const struct glb_graph *g, char **text, body_fn *body) {
    size_t size;
    FILE *f = open_memstream(text, &size);
    if (f)
        write_body(g, f, body);
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
