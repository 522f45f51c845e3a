/* MatrixMarket: reader of matrices and vectors, writer. SPDX-License-Identifier: Apache-2.0 */
#include "graph/text_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/atomic_file.h"

struct header {
    bool coordinate, pattern, integer, symmetric;
};

static bool is(const char *field, size_t length, const char *word) {
    return strlen(word) == length && strncasecmp(field, word, length) == 0;
}

static enum glb_status parse_header(struct glb_text *t, struct header *h) {
    static const char want[] =
        "the first line must be '%%MatrixMarket matrix coordinate|array real|integer|pattern "
        "symmetric|general'";
    const char *f[5];
    size_t n[5];
    if (!glb_text_raw_line(t))
        return glb_text_fail(t, "the file is empty");
    for (int k = 0; k < 5; k++)
        if (!glb_text_field(t, &f[k], &n[k]))
            return glb_text_fail(t, "%s", want);
    h->coordinate = is(f[2], n[2], "coordinate");
    h->pattern = is(f[3], n[3], "pattern");
    h->integer = is(f[3], n[3], "integer");
    h->symmetric = is(f[4], n[4], "symmetric");
    if (!is(f[0], n[0], "%%MatrixMarket") || !is(f[1], n[1], "matrix"))
        return glb_text_fail(t, "%s", want);
    if (!h->coordinate && !is(f[2], n[2], "array"))
        return glb_text_fail(t, "%s", want);
    if (!h->pattern && !h->integer && !is(f[3], n[3], "real"))
        return glb_text_fail(t, "only real, integer and pattern matrices can be read");
    if (!h->symmetric && !is(f[4], n[4], "general"))
        return glb_text_fail(t, "only symmetric and general matrices can be read");
    return glb_text_line_done(t);
}

static enum glb_status parse_value(struct glb_text *t, const struct header *h, double *v) {
    int64_t k;
    enum glb_status status;
    if (!h->integer)
        return glb_text_real(t, "the value", v);
    status = glb_text_int(t, "the value", -(INT64_C(1) << 53), INT64_C(1) << 53, &k);
    *v = (double)k;
    return status;
}

enum glb_status glb_mtx_parse(struct glb_text *t, struct glb_entries *s) {
    struct header h;
    int64_t rows, columns, count, i, j;
    enum glb_status status = parse_header(t, &h);
    if (status)
        return status;
    if (!h.coordinate)
        return glb_text_fail(t, "couplings must be a coordinate matrix, not an array");
    s->general = !h.symmetric;
    if (!glb_text_line(t, "%"))
        return glb_text_fail(t, "the size line (rows columns entries) is missing");
    if ((status = glb_text_int(t, "the number of rows", 1, GLB_GRAPH_MAX_N, &rows)) ||
        (status = glb_text_int(t, "the number of columns", 1, GLB_GRAPH_MAX_N, &columns)) ||
        (status =
             glb_text_int(t, "the number of entries", 0, 2 * (int64_t)GLB_GRAPH_MAX_M, &count)) ||
        (status = glb_text_line_done(t)))
        return status;
    if (rows != columns)
        return glb_text_fail(t, "a coupling matrix must be square, this one is %lld x %lld",
                             (long long)rows, (long long)columns);
    s->n = (int)rows;
    for (int64_t k = 0; k < count; k++) {
        double v = 1;
        if (!glb_text_line(t, "%"))
            return glb_text_fail(t, "the file ends after %lld of %lld entries", (long long)k,
                                 (long long)count);
        if ((status = glb_text_int(t, "the row", 1, rows, &i)) ||
            (status = glb_text_int(t, "the column", 1, rows, &j)) ||
            (!h.pattern && (status = parse_value(t, &h, &v))) || (status = glb_text_line_done(t)) ||
            (status = glb_entries_add(s, i - 1, j - 1, v, t->number)))
            return status;
    }
    if (glb_text_line(t, "%"))
        return glb_text_fail(t, "there are more than the %lld entries announced", (long long)count);
    return GLB_OK;
}

enum glb_status glb_mtx_parse_vector(struct glb_text *t, int n, double **values) {
    struct header h;
    int64_t rows, columns;
    enum glb_status status = parse_header(t, &h);
    if (status)
        return status;
    if (h.coordinate || h.pattern || h.symmetric)
        return glb_text_fail(t, "biases must be a MatrixMarket array, real or integer, general");
    if (!glb_text_line(t, "%"))
        return glb_text_fail(t, "the size line (rows columns) is missing");
    if ((status = glb_text_int(t, "the number of rows", 1, GLB_GRAPH_MAX_N, &rows)) ||
        (status = glb_text_int(t, "the number of columns", 1, 1, &columns)) ||
        (status = glb_text_line_done(t)))
        return status;
    if (rows != n)
        return glb_text_fail(t, "%lld biases for a graph of %d p-bits", (long long)rows, n);
    double *v = calloc((size_t)n, sizeof *v);
    if (!v)
        return glb_fail(GLB_ERR_MEMORY, "%s: out of memory", t->name);
    for (int k = 0; k < n && !status; k++) {
        if (!glb_text_line(t, "%"))
            status = glb_text_fail(t, "the file ends after %d of %d biases", k, n);
        else if (!(status = parse_value(t, &h, &v[k])))
            status = glb_text_line_done(t);
    }
    if (!status && glb_text_line(t, "%"))
        status = glb_text_fail(t, "there are more than the %d biases announced", n);
    if (status)
        free(v);
    else
        *values = v;
    return status;
}

/* What the file says of a coupling: J, or w = -J in a max-cut graph, so that a file read under the
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

enum glb_status glb_graph_write(const struct glb_graph *g, const char *path,
                                const char *bias_path) {
    const bool rudy = has_ending(path, ".rud");
    for (int i = 0; rudy && !bias_path && i < g->n; i++)
        if (g->h[i] != 0)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "%s: the rudy format has no biases, but p-bit %d has one: give a file "
                            "for the biases too",
                            path, i);
    enum glb_status status = glb_atomic_write(path, rudy ? write_rudy : write_couplings, g);
    if (!status && bias_path)
        status = glb_atomic_write(bias_path, write_biases, g);
    return status;
}
