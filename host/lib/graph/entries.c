/* Entries of a file: growing, sorting, checking. SPDX-License-Identifier: Apache-2.0 */
#include "graph/entries.h"

#include <stdlib.h>

enum glb_status entries_add(struct entries *s, int64_t i, int64_t j, double v, long line) {
    if (s->m == s->capacity) {
        const long capacity = s->capacity ? 2 * s->capacity : 1024;
        struct entry *e = realloc(s->e, (size_t)capacity * sizeof *e);
        if (!e)
            return glb_fail(GLB_ERR_MEMORY, "%s: out of memory after %ld entries", s->name, s->m);
        s->e = e;
        s->capacity = capacity;
    }
    s->e[s->m++] = (struct entry){(int32_t)i, (int32_t)j, line, v};
    return GLB_OK;
}

static int by_pair(const void *a, const void *b) {
    const struct entry *x = a, *y = b;
    if (x->i != y->i)
        return x->i < y->i ? -1 : 1;
    if (x->j != y->j)
        return x->j < y->j ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

enum glb_status entries_check(struct entries *s) {
    struct entry *e = s->e;
    long kept = 0;
    if (s->m == 0)
        return GLB_OK;
    /* The low bit of `line` carries the triangle through the sort. */
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
        const struct entry first = e[k];
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
                             "coupling matrix must be symmetric; make them equal",
                             s->name, next, first.i + 1, first.j + 1, e[k + 1].v, first.j + 1,
                             first.i + 1, line, first.v);
        } else if (same > 1) {
            status = glb_fail(GLB_ERR_FORMAT,
                              "%s:%lld: the pair (%d, %d) was already given on line %lld; leave "
                              "one of them, or their sum",
                              s->name, (long long)e[k + same - 1].line / 2, first.i + 1,
                              first.j + 1, line);
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
