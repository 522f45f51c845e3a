/* Reading text files strictly. SPDX-License-Identifier: Apache-2.0 */
#include "graph/text_reader.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 64 }; /* characters of a number; longer ones are refused */

enum glb_status glb_text_load(const char *path, char **data, size_t *size) {
    size_t capacity = 1 << 16, used = 0;
    char *buffer = NULL;
    FILE *f = fopen(path, "rb");
    if (!f)
        return glb_fail(GLB_ERR_FILE, "cannot open %s: %s", path, strerror(errno));
    for (;;) {
        char *grown = realloc(buffer, capacity);
        if (!grown) {
            fclose(f);
            free(buffer);
            return glb_fail(GLB_ERR_MEMORY, "%s does not fit into memory", path);
        }
        buffer = grown;
        used += fread(buffer + used, 1, capacity - used, f);
        if (used < capacity)
            break;
        capacity *= 2;
    }
    const int failed = ferror(f), reason = errno;
    fclose(f);
    if (failed) {
        free(buffer);
        return glb_fail(GLB_ERR_FILE, "cannot read %s: %s", path, strerror(reason));
    }
    *data = buffer;
    *size = used;
    return GLB_OK;
}

static bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

bool glb_text_raw_line(struct glb_text *t) {
    if (t->at == t->end)
        return false;
    const char *nl = memchr(t->at, '\n', (size_t)(t->end - t->at));
    t->line = t->at;
    t->line_end = nl ? nl : t->end;
    t->at = nl ? nl + 1 : t->end;
    t->number++;
    return true;
}

bool glb_text_line(struct glb_text *t, const char *comments) {
    while (glb_text_raw_line(t)) {
        const char *p = t->line;
        while (p < t->line_end && blank(*p))
            p++;
        if (p < t->line_end && (*p == '\0' || !strchr(comments, *p)))
            return true;
    }
    return false;
}

bool glb_text_field(struct glb_text *t, const char **field, size_t *length) {
    while (t->line < t->line_end && blank(*t->line))
        t->line++;
    *field = t->line;
    while (t->line < t->line_end && !blank(*t->line))
        t->line++;
    *length = (size_t)(t->line - *field);
    return *length > 0;
}

enum glb_status glb_text_fail(const struct glb_text *t, const char *format, ...) {
    char text[384];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return glb_fail(GLB_ERR_FORMAT, "%s:%ld: %s", t->name, t->number, text);
}

bool glb_parse_int(const char *text, size_t length, int64_t *value) {
    size_t i = length > 0 && (text[0] == '-' || text[0] == '+');
    int64_t v = 0;
    if (i == length || length - i > 18)
        return false;
    for (; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        v = v * 10 + (text[i] - '0');
    }
    *value = text[0] == '-' ? -v : v;
    return true;
}

bool glb_parse_real(const char *text, size_t length, double *value) {
    char copy[NUMBER_MAX + 1], *end;
    if (length == 0 || length > NUMBER_MAX)
        return false;
    for (size_t i = 0; i < length; i++) /* no hexadecimal, no inf, no nan */
        if (text[i] == '\0' || !strchr("0123456789+-.eEdD", text[i]))
            return false;
        else
            copy[i] = text[i] == 'd' || text[i] == 'D' ? 'e' : text[i];
    copy[length] = '\0';
    const double v = strtod(copy, &end);
    if (end != copy + length || !isfinite(v))
        return false;
    *value = v;
    return true;
}

/* Fields come from files of any kind: print at most 20 characters, unprintable ones as '?'. */
static const char *show(const char *field, size_t length, char out[24]) {
    size_t n = length > 20 ? 20 : length;
    for (size_t i = 0; i < n; i++)
        out[i] = field[i] >= ' ' && field[i] <= '~' ? field[i] : '?';
    strcpy(out + n, length > 20 ? "..." : "");
    return out;
}

enum glb_status glb_text_int(struct glb_text *t, const char *what, int64_t min, int64_t max,
                             int64_t *value) {
    const char *field;
    size_t length;
    char shown[24];
    if (!glb_text_field(t, &field, &length))
        return glb_text_fail(t, "%s is missing", what);
    if (!glb_parse_int(field, length, value))
        return glb_text_fail(t, "'%s' is not a whole number (%s)", show(field, length, shown),
                             what);
    if (*value < min || *value > max)
        return glb_text_fail(t, "%s is %lld, allowed are %lld to %lld", what, (long long)*value,
                             (long long)min, (long long)max);
    return GLB_OK;
}

enum glb_status glb_text_real(struct glb_text *t, const char *what, double *value) {
    const char *field;
    size_t length;
    char shown[24];
    if (!glb_text_field(t, &field, &length))
        return glb_text_fail(t, "%s is missing", what);
    if (!glb_parse_real(field, length, value))
        return glb_text_fail(t, "'%s' is not a finite number (%s)", show(field, length, shown),
                             what);
    if (fabs(*value) > 1e100) /* sums of many must stay finite */
        return glb_text_fail(t, "%s is %g, allowed are -1e100 to 1e100", what, *value);
    return GLB_OK;
}

enum glb_status glb_text_line_done(struct glb_text *t) {
    const char *field;
    size_t length;
    char shown[24];
    if (glb_text_field(t, &field, &length))
        return glb_text_fail(t, "unexpected '%s' at the end of the line",
                             show(field, length, shown));
    return GLB_OK;
}
