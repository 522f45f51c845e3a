/* Reader of rudy text, the format of the G-set: "n m", then "i j [w]" a line, from 1.
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/text_reader.h"

enum glb_status glb_rudy_parse(struct glb_text *t, struct glb_entries *s) {
    static const char comments[] = "#%c";
    int64_t n, m, i, j;
    enum glb_status status;
    if (!glb_text_line(t, comments))
        return glb_text_fail(t, "no data: expected 'nodes edges' or a MatrixMarket header");
    if ((status = glb_text_int(t, "the number of nodes", 1, GLB_GRAPH_MAX_N, &n)) ||
        (status = glb_text_int(t, "the number of edges", 0, GLB_GRAPH_MAX_M, &m)) ||
        (status = glb_text_line_done(t)))
        return status;
    s->n = (int)n;
    for (int64_t k = 0; k < m; k++) {
        const char *field;
        size_t length;
        double w = 1;
        if (!glb_text_line(t, comments))
            return glb_text_fail(t, "the file ends after %lld of %lld edges", (long long)k,
                                 (long long)m);
        if ((status = glb_text_int(t, "the first node", 1, n, &i)) ||
            (status = glb_text_int(t, "the second node", 1, n, &j)))
            return status;
        const char *rest = t->line;
        if (glb_text_field(t, &field, &length)) { /* the weight is optional */
            t->line = rest;
            if ((status = glb_text_real(t, "the weight", &w)))
                return status;
        }
        if ((status = glb_text_line_done(t)) ||
            (status = glb_entries_add(s, i - 1, j - 1, w, t->number)))
            return status;
    }
    if (glb_text_line(t, comments))
        return glb_text_fail(t, "there are more than the %lld edges announced", (long long)m);
    return GLB_OK;
}
