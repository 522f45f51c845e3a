/* Reading text files strictly. SPDX-License-Identifier: Apache-2.0 */
#include "graph/text_reader.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "base/what_file.h"

/* Larger files are refused before they fill the memory, also those that never end. */
static const size_t MOST_BYTES = (size_t)4 << 30;

static enum glb_status load(const char *path, FILE *f, char **data, size_t *size) {
    size_t capacity = 1 << 16, used = 0;
    enum glb_status s = GLB_OK;
    for (;;) {
        char *grown = realloc(*data, capacity);
        if (!grown)
            return glb_fail(GLB_ERR_MEMORY, "%s: more than %zu bytes do not fit into memory", path,
                            used);
        *data = grown;
        const size_t before = used;
        used += fread(grown + used, 1, capacity - used, f);
        if (before == 0)
            s = glb_expect_text(path, grown, used);
        if (s || used < capacity)
            break;
        if (used >= MOST_BYTES)
            return glb_fail(GLB_ERR_FORMAT, "%s: more than %zu bytes; no text file is that large",
                            path, MOST_BYTES);
        capacity *= 2;
    }
    if (!s && ferror(f))
        return glb_fail(GLB_ERR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    *size = used;
    return s;
}

enum glb_status text_load(const char *path, char **data, size_t *size) {
    FILE *f;
    *data = NULL;
    *size = 0;
    enum glb_status s = glb_open_input(path, 0, &f);
    if (s)
        return s;
    s = load(path, f, data, size);
    fclose(f);
    if (s) {
        free(*data);
        *data = NULL;
    }
    return s;
}

static bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

bool text_raw_line(struct text *t) {
    if (t->at == t->end)
        return false;
    const char *nl = memchr(t->at, '\n', (size_t)(t->end - t->at));
    t->line = t->at;
    t->line_end = nl ? nl : t->end;
    t->at = nl ? nl + 1 : t->end;
    t->number++;
    return true;
}

bool text_line(struct text *t, const char *comments) {
    while (text_raw_line(t)) {
        const char *p = t->line;
        while (p < t->line_end && blank(*p))
            p++;
        if (p < t->line_end && (*p == '\0' || !strchr(comments, *p)))
            return true;
    }
    return false;
}

bool text_field(struct text *t, const char **field, size_t *length) {
    while (t->line < t->line_end && blank(*t->line))
        t->line++;
    *field = t->line;
    while (t->line < t->line_end && !blank(*t->line))
        t->line++;
    *length = (size_t)(t->line - *field);
    return *length > 0;
}

enum glb_status text_fail(const struct text *t, const char *format, ...) {
    char text[384];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (t->number == 0) /* before the first line */
        return glb_fail(GLB_ERR_FORMAT, "%s: %s", t->name, text);
    return glb_fail(GLB_ERR_FORMAT, "%s:%ld: %s", t->name, t->number, text);
}

/* Fields come from files of any kind: print at most 20 characters, unprintable ones as '?'. */
static const char *show(const char *field, size_t length, char out[24]) {
    size_t n = length > 20 ? 20 : length;
    for (size_t i = 0; i < n; i++)
        out[i] = field[i] >= ' ' && field[i] <= '~' ? field[i] : '?';
    strcpy(out + n, length > 20 ? "..." : "");
    return out;
}

/* What to do about a field: the line's form, or what separates fields. */
static const char *remedy(const struct text *t, const char *field, size_t length) {
    if (memchr(field, ',', length) || memchr(field, ';', length))
        return "fields are separated by blanks, not by commas";
    return t->form ? t->form : "correct the line";
}

static enum glb_status missing(const struct text *t, const char *what) {
    return text_fail(t, "%s is missing; %s", what, remedy(t, "", 0));
}

enum glb_status text_int(struct text *t, const char *what, int64_t min, int64_t max,
                         int64_t *value) {
    const char *field;
    size_t length;
    char shown[24];
    if (!text_field(t, &field, &length))
        return missing(t, what);
    if (!glb_parse_int(field, length, value))
        return text_fail(t, "'%s' is not a whole number (%s); %s", show(field, length, shown), what,
                         remedy(t, field, length));
    if (*value < min || *value > max)
        return text_fail(t, "%s is %lld, allowed are %lld to %lld", what, (long long)*value,
                         (long long)min, (long long)max);
    return GLB_OK;
}

enum glb_status text_real(struct text *t, const char *what, double *value) {
    const char *field;
    size_t length;
    char shown[24];
    if (!text_field(t, &field, &length))
        return missing(t, what);
    if (!glb_parse_real(field, length, value))
        return text_fail(t, "'%s' is not a finite number (%s); %s", show(field, length, shown),
                         what, remedy(t, field, length));
    if (fabs(*value) > GLB_GRAPH_MAX_VALUE) /* sums of many must stay finite */
        return text_fail(t, "%s is %g, allowed are -1e100 to 1e100", what, *value);
    return GLB_OK;
}

enum glb_status text_line_done(struct text *t) {
    const char *field;
    size_t length;
    char shown[24];
    if (text_field(t, &field, &length))
        return text_fail(t, "unexpected '%s' at the end of the line; %s",
                         show(field, length, shown), remedy(t, field, length));
    return GLB_OK;
}
