/* Reader of rudy text, the format of the G-set: "n m", then "i j [w]" a line, from 1.
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/entries.h"

enum glb_status rudy_parse(struct text *t, struct entries *s) {
    static const char comments[] = "#%c";
    int64_t n, m, i, j;
    enum glb_status status;
    t->form = "the first line is 'nodes edges'";
    if (!text_line(t, comments))
        return text_fail(
            t, "there is no data; a graph starts with 'nodes edges' or a MatrixMarket header");
    if ((status = text_int(t, "the number of nodes", 1, GLB_GRAPH_MAX_N, &n)) ||
        (status = text_int(t, "the number of edges", 0, GLB_GRAPH_MAX_M, &m)) ||
        (status = text_line_done(t)))
        return status;
    s->n = (int)n;
    t->form = "lines are 'node node [weight]'";
    for (int64_t k = 0; k < m; k++) {
        const char *field;
        size_t length;
        double w = 1;
        if (!text_line(t, comments))
            return text_fail(
                t,
                "the file ends after %lld of %lld edges; add the others or correct the first line",
                (long long)k, (long long)m);
        if ((status = text_int(t, "the first node", 1, n, &i)) ||
            (status = text_int(t, "the second node", 1, n, &j)))
            return status;
        const char *rest = t->line;
        if (text_field(t, &field, &length)) { /* the weight is optional */
            t->line = rest;
            if ((status = text_real(t, "the weight", &w)))
                return status;
        }
        if ((status = text_line_done(t)) || (status = entries_add(s, i - 1, j - 1, w, t->number)))
            return status;
    }
    if (text_line(t, comments))
        return text_fail(
            t,
            "there are more than the %lld edges announced; take them out or correct the first line",
            (long long)m);
    return GLB_OK;
}
