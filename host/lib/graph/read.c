/* Reading graphs: format by content, then the convention's meaning. SPDX-License-Identifier:
 * Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/what_file.h"
#include "graph/convention.h"
#include "graph/entries.h"

static enum glb_status fill(struct glb_graph *g, const struct entries *s, const double *single) {
    for (long k = 0; k < s->m; k++) {
        const struct entry *e = &s->e[k];
        if (e->i != e->j) {
            g->ei[g->m] = e->i;
            g->ej[g->m] = e->j;
            g->J[g->m++] = convention_pair(g, e->i, e->j, e->v);
        } else if (g->convention == GLB_QUBO) {
            convention_single(g, e->i, e->v);
        } else if (e->v != 0) {
            return glb_fail(GLB_ERR_FORMAT,
                            "%s:%lld: p-bit %d is coupled to itself; only the qubo convention has "
                            "a diagonal, biases go into a bias file",
                            s->name, (long long)e->line, e->i + 1);
        }
    }
    const enum glb_status status = convention_check_single(g->convention, g->n, single);
    if (status)
        return status;
    for (int i = 0; single && i < g->n; i++)
        convention_single(g, i, single[i]);
    return glb_graph_finish(g);
}

static enum glb_status import(const struct entries *s, const double *single, enum glb_convention c,
                              struct glb_graph **out) {
    if (s->m > GLB_GRAPH_MAX_M)
        return glb_fail(GLB_ERR_FORMAT, "%s: more than %d couplings", s->name, GLB_GRAPH_MAX_M);
    struct glb_graph *g;
    enum glb_status status = glb_graph_new(s->n, (int)s->m, &g);
    if (!status)
        status = convention_begin(g, c, 0);
    if (!status)
        status = fill(g, s, single);
    if (status)
        glb_graph_free(g);
    else
        *out = g;
    return status;
}

/* Any first line that means to be a MatrixMarket header is read as one, so that a mistake in it is
 * named. */
static bool is_matrix_market(const char *text, size_t size) {
    static const char word[] = "matrixmarket";
    const char *end = memchr(text, '\n', size);
    const size_t length = end ? (size_t)(end - text) : size, w = sizeof word - 1;
    for (size_t i = 0; i + w <= length && i < 8; i++)
        if (strncasecmp(text + i, word, w) == 0)
            return true;
    return false;
}

enum glb_status glb_graph_parse(const char *name, const char *text, size_t size,
                                const char *bias_name, const char *bias, size_t bias_size,
                                enum glb_convention c, struct glb_graph **out) {
    struct text t = {.name = name ? name : "graph", .at = text, .end = text + size};
    struct entries s = {.name = t.name};
    double *single = NULL;
    enum glb_status status;

    *out = NULL;
    status = glb_expect_text(t.name, text, size);
    if (!status)
        status = is_matrix_market(text, size) ? mtx_parse(&t, &s) : rudy_parse(&t, &s);
    if (!status)
        status = entries_check(&s);
    if (!status && bias) {
        struct text b = {
            .name = bias_name ? bias_name : "biases", .at = bias, .end = bias + bias_size};
        status = mtx_parse_vector(&b, s.n, &single);
    }
    if (!status)
        status = import(&s, single, c, out);
    free(single);
    free(s.e);
    return status;
}

enum glb_status glb_graph_read(const char *path, const char *bias_path, enum glb_convention c,
                               struct glb_graph **out) {
    char *text = NULL, *bias = NULL;
    size_t size = 0, bias_size = 0;
    *out = NULL;
    enum glb_status status = text_load(path, &text, &size);
    if (!status && bias_path)
        status = text_load(bias_path, &bias, &bias_size);
    if (!status)
        status = glb_graph_parse(path, text, size, bias_path, bias, bias_size, c, out);
    free(text);
    free(bias);
    return status;
}
