/* Reading a graph file: format by content, checks of the entries.
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/text_reader.h"

#include <stdlib.h>
#include <string.h>

enum glb_status glb_entries_add(struct glb_entries *s, int64_t i, int64_t j, double v, long line) {
    if (s->m == s->capacity) {
        const long capacity = s->capacity ? 2 * s->capacity : 1024;
        struct glb_entry *e = realloc(s->e, (size_t)capacity * sizeof *e);
        if (!e)
            return glb_fail(GLB_ERR_MEMORY, "%s: out of memory after %ld entries", s->name, s->m);
        s->e = e;
        s->capacity = capacity;
    }
    s->e[s->m++] = (struct glb_entry){(int32_t)i, (int32_t)j, line, v};
    return GLB_OK;
}

static int by_pair(const void *a, const void *b) {
    const struct glb_entry *x = a, *y = b;
    if (x->i != y->i)
        return x->i < y->i ? -1 : 1;
    if (x->j != y->j)
        return x->j < y->j ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

enum glb_status glb_entries_check(struct glb_entries *s) {
    struct glb_entry *e = s->e;
    long kept = 0;
    if (s->m == 0)
        return GLB_OK;
    /* The low bit of `line` remembers the triangle through the sort. */
    for (long k = 0; k < s->m; k++)
        if (e[k].i > e[k].j) {
            const int32_t i = e[k].i;
            e[k].i = e[k].j;
            e[k].j = i;
            e[k].line = 2 * e[k].line + 1;
        } else {
            e[k].line *= 2;
        }
    qsort(e, (size_t)s->m, sizeof *e, by_pair);
    enum glb_status status = GLB_OK;
    for (long k = 0; k < s->m && !status;) {
        const struct glb_entry first = e[k];
        long same = 1;
        while (k + same < s->m && e[k + same].i == first.i && e[k + same].j == first.j)
            same++;
        const long long line = first.line / 2, next = same > 1 ? e[k + 1].line / 2 : 0;
        const bool pair = s->general && first.i != first.j;
        if (pair && same == 2 && (first.line & 1) != (e[k + 1].line & 1)) {
            if (first.v != e[k + 1].v)
                status =
                    glb_fail(GLB_ERR_FORMAT,
                             "%s:%lld: entry (%d, %d) is %g but (%d, %d) on line %lld is %g: a "
                             "coupling matrix must be symmetric",
                             s->name, next, first.i + 1, first.j + 1, e[k + 1].v, first.j + 1,
                             first.i + 1, line, first.v);
        } else if (same > 1) {
            status = glb_fail(GLB_ERR_FORMAT,
                              "%s:%lld: the pair (%d, %d) was already given on line %lld", s->name,
                              (long long)e[k + same - 1].line / 2, first.i + 1, first.j + 1, line);
        } else if (pair) {
            status =
                glb_fail(GLB_ERR_FORMAT,
                         "%s:%lld: the pair (%d, %d) has no equal partner in the other triangle: a "
                         "'general' matrix must be symmetric; if one triangle is meant, write "
                         "'symmetric' in the first line",
                         s->name, line, first.i + 1, first.j + 1);
        }
        e[kept] = first;
        e[kept++].line = line;
        k += same;
    }
    s->m = kept;
    return status;
}

struct glb_graph *glb_graph_parse(const char *name, const char *text, size_t size,
                                  const char *bias_name, const char *bias, size_t bias_size,
                                  enum glb_convention c) {
    static const char mark[] = "%%MatrixMarket";
    struct glb_text t = {.name = name, .at = text, .end = text + size};
    struct glb_entries s = {.name = name};
    struct glb_graph *g = NULL;
    double *values = NULL;
    enum glb_status status;

    if (size >= sizeof mark - 1 && memcmp(text, mark, sizeof mark - 1) == 0)
        status = glb_mtx_parse(&t, &s);
    else
        status = glb_rudy_parse(&t, &s);
    if (!status)
        status = glb_entries_check(&s);
    if (!status && bias) {
        struct glb_text b = {.name = bias_name, .at = bias, .end = bias + bias_size};
        status = glb_mtx_parse_vector(&b, s.n, &values);
    }
    if (!status)
        g = glb_convention_import(&s, values, c);
    free(values);
    free(s.e);
    return g;
}

struct glb_graph *glb_graph_read(const char *path, const char *bias_path, enum glb_convention c) {
    char *text = NULL, *bias = NULL;
    size_t size = 0, bias_size = 0;
    struct glb_graph *g = NULL;
    if (!glb_text_load(path, &text, &size) &&
        (!bias_path || !glb_text_load(bias_path, &bias, &bias_size)))
        g = glb_graph_parse(path, text, size, bias_path, bias, bias_size, c);
    free(text);
    free(bias);
    return g;
}
