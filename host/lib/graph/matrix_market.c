/* MatrixMarket: reader of matrices and vectors. SPDX-License-Identifier: Apache-2.0 */
#include "graph/entries.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct header {
    bool coordinate, pattern, integer, symmetric;
};

static bool is(const char *field, size_t length, const char *word) {
    return strlen(word) == length && strncasecmp(field, word, length) == 0;
}

static const char want[] =
    "the first line must be '%%MatrixMarket matrix coordinate|array real|integer|pattern "
    "symmetric|general'";

static enum glb_status parse_header(struct text *t, struct header *h) {
    t->form = want;
    const char *f[5];
    size_t n[5];
    if (!text_raw_line(t))
        return text_fail(t, "the file is empty; %s", want);
    for (int k = 0; k < 5; k++)
        if (!text_field(t, &f[k], &n[k]))
            return text_fail(t, "%s", want);
    h->coordinate = is(f[2], n[2], "coordinate");
    h->pattern = is(f[3], n[3], "pattern");
    h->integer = is(f[3], n[3], "integer");
    h->symmetric = is(f[4], n[4], "symmetric");
    if (!is(f[0], n[0], "%%MatrixMarket") || !is(f[1], n[1], "matrix"))
        return text_fail(t, "%s", want);
    if (!h->coordinate && !is(f[2], n[2], "array"))
        return text_fail(t, "%s", want);
    if (!h->pattern && !h->integer && !is(f[3], n[3], "real"))
        return text_fail(t, "'%.*s' values are not read; %s", (int)(n[3] < 20 ? n[3] : 20), f[3],
                         want);
    if (!h->symmetric && !is(f[4], n[4], "general"))
        return text_fail(t, "'%.*s' matrices are not read; %s", (int)(n[4] < 20 ? n[4] : 20), f[4],
                         want);
    return text_line_done(t);
}

static enum glb_status parse_value(struct text *t, const struct header *h, double *v) {
    int64_t k;
    enum glb_status status;
    if (!h->integer)
        return text_real(t, "the value", v);
    status = text_int(t, "the value", -(INT64_C(1) << 53), INT64_C(1) << 53, &k);
    *v = (double)k;
    return status;
}

enum glb_status mtx_parse(struct text *t, struct entries *s) {
    struct header h;
    int64_t rows, columns, count, i, j;
    enum glb_status status = parse_header(t, &h);
    if (status)
        return status;
    if (!h.coordinate)
        return text_fail(t, "couplings must be a coordinate matrix, not an array; %s", want);
    s->general = !h.symmetric;
    t->form = "the size line is 'rows columns entries'";
    if (!text_line(t, "%"))
        return text_fail(t, "the size line is missing; add a line 'rows columns entries'");
    if ((status = text_int(t, "the number of rows", 1, GLB_GRAPH_MAX_N, &rows)) ||
        (status = text_int(t, "the number of columns", 1, GLB_GRAPH_MAX_N, &columns)) ||
        (status = text_int(t, "the number of entries", 0, 2 * (int64_t)GLB_GRAPH_MAX_M, &count)) ||
        (status = text_line_done(t)))
        return status;
    if (rows != columns)
        return text_fail(
            t,
            "a coupling matrix must be square, this one is %lld x %lld; give it as many "
            "rows as columns",
            (long long)rows, (long long)columns);
    s->n = (int)rows;
    t->form = h.pattern ? "lines are 'row column'" : "lines are 'row column value'";
    for (int64_t k = 0; k < count; k++) {
        double v = 1;
        if (!text_line(t, "%"))
            return text_fail(
                t,
                "the file ends after %lld of %lld entries; add the others or correct the size line",
                (long long)k, (long long)count);
        if ((status = text_int(t, "the row", 1, rows, &i)) ||
            (status = text_int(t, "the column", 1, rows, &j)) ||
            (!h.pattern && (status = parse_value(t, &h, &v))) || (status = text_line_done(t)) ||
            (status = entries_add(s, i - 1, j - 1, v, t->number)))
            return status;
    }
    if (text_line(t, "%"))
        return text_fail(t,
                         "there are more than the %lld entries announced; take them out or correct "
                         "the size line",
                         (long long)count);
    return GLB_OK;
}

enum glb_status mtx_parse_vector(struct text *t, int n, double **values) {
    struct header h;
    int64_t rows, columns;
    enum glb_status status = parse_header(t, &h);
    if (status)
        return status;
    if (h.coordinate || h.pattern || h.symmetric)
        return text_fail(t, "the first line must be '%%%%MatrixMarket matrix array real|integer "
                            "general' for biases");
    t->form = "the size line is 'rows 1'";
    if (!text_line(t, "%"))
        return text_fail(t, "the size line is missing; add a line 'rows 1'");
    if ((status = text_int(t, "the number of rows", 1, GLB_GRAPH_MAX_N, &rows)) ||
        (status = text_int(t, "the number of columns", 1, 1, &columns)) ||
        (status = text_line_done(t)))
        return status;
    if (rows != n)
        return text_fail(t, "%lld biases for a graph of %d p-bits; give one for each",
                         (long long)rows, n);
    double *v = calloc((size_t)n, sizeof *v);
    if (!v)
        return glb_fail(GLB_ERR_MEMORY, "%s: out of memory", t->name);
    t->form = "lines are one bias each";
    for (int k = 0; k < n && !status; k++) {
        if (!text_line(t, "%"))
            status = text_fail(t, "the file ends after %d of %d biases; add the others", k, n);
        else if (!(status = parse_value(t, &h, &v[k])))
            status = text_line_done(t);
    }
    if (!status && text_line(t, "%"))
        status = text_fail(t, "there are more than the %d biases announced; take them out", n);
    if (status)
        free(v);
    else
        *values = v;
    return status;
}
