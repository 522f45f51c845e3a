/* Writing JSON. SPDX-License-Identifier: Apache-2.0 */
#include "tool/output/json.h"

#include <math.h>
#include <stdlib.h>
#include "base/c_locale.h"

/* Bytes of the UTF-8 character at s (RFC 3629), 0 if they are none. */
static int character(const unsigned char *s) {
    const int more = *s < 0x80                 ? 0
                     : *s >= 0xc2 && *s < 0xe0 ? 1
                     : *s >= 0xe0 && *s < 0xf0 ? 2
                     : *s >= 0xf0 && *s < 0xf5 ? 3
                                               : -1;
    for (int k = 1; k <= more; k++)
        if ((s[k] & 0xc0) != 0x80)
            return 0;
    const int overlong = (*s == 0xe0 && s[1] < 0xa0) || (*s == 0xf0 && s[1] < 0x90);
    const int surrogate = *s == 0xed && s[1] >= 0xa0, beyond = *s == 0xf4 && s[1] >= 0x90;
    return more < 0 || overlong || surrogate || beyond ? 0 : more + 1;
}

static void put_text(FILE *to, const char *text) {
    const unsigned char *s = (const unsigned char *)text;
    fputc('"', to);
    while (*s) {
        const int bytes = character(s);
        if (!bytes)
            fputs("\xef\xbf\xbd", to); /* the replacement character */
        else if (*s == '"' || *s == '\\')
            fprintf(to, "\\%c", *s);
        else if (*s < 0x20 || *s == 0x7f)
            fprintf(to, "\\u%04x", *s);
        else
            fwrite(s, 1, (size_t)bytes, to);
        s += bytes ? bytes : 1;
    }
    fputc('"', to);
}

static void put_real(FILE *to, double v) {
    char text[32];
    if (!isfinite(v)) {
        fputs("null", to);
        return;
    }
    const locale_t before = glb_c_locale_begin(); /* a decimal point */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    glb_c_locale_end(before);
    fputs(text, to);
}

static void put_key(struct json *j, const char *key) {
    if (j->items++)
        fputs(", ", j->to);
    put_text(j->to, key);
    fputs(": ", j->to);
}

void json_begin(struct json *j, FILE *to) {
    *j = (struct json){.to = to};
    fputc('{', to);
}

void json_text(struct json *j, const char *key, const char *value) {
    put_key(j, key);
    put_text(j->to, value);
}

void json_int(struct json *j, const char *key, int64_t value) {
    put_key(j, key);
    fprintf(j->to, "%lld", (long long)value);
}

void json_uint(struct json *j, const char *key, uint64_t value) {
    put_key(j, key);
    fprintf(j->to, "%llu", (unsigned long long)value);
}

void json_bool(struct json *j, const char *key, int value) {
    put_key(j, key);
    fputs(value ? "true" : "false", j->to);
}

void json_real(struct json *j, const char *key, double value) {
    put_key(j, key);
    put_real(j->to, value);
}

static void put_reals(FILE *to, const double *values, int n) {
    fputc('[', to);
    for (int i = 0; i < n; i++) {
        if (i)
            fputs(", ", to);
        put_real(to, values[i]);
    }
    fputc(']', to);
}

void json_reals(struct json *j, const char *key, const double *values, int n) {
    put_key(j, key);
    put_reals(j->to, values, n);
}

void json_rows(struct json *j, const char *key, const double *values, int rows, int n) {
    put_key(j, key);
    fputc('[', j->to);
    for (int i = 0; i < rows; i++) {
        if (i)
            fputs(", ", j->to);
        put_reals(j->to, values + (size_t)i * (size_t)n, n);
    }
    fputc(']', j->to);
}

void json_texts(struct json *j, const char *key, const char *const *values, int n) {
    put_key(j, key);
    fputc('[', j->to);
    for (int i = 0; i < n; i++) {
        if (i)
            fputs(", ", j->to);
        put_text(j->to, values[i]);
    }
    fputc(']', j->to);
}

void json_ints(struct json *j, const char *key, const int *values, int n) {
    put_key(j, key);
    for (int i = 0; i < n; i++)
        fprintf(j->to, "%s%d", i ? ", " : "[", values[i]);
    fputs(n ? "]" : "[]", j->to);
}

void json_bytes(struct json *j, const char *key, const uint8_t *values, int n) {
    put_key(j, key);
    for (int i = 0; i < n; i++)
        fprintf(j->to, "%s%d", i ? ", " : "[", values[i]);
    fputs(n ? "]" : "[]", j->to);
}

void json_end(struct json *j) {
    fputs("}\n", j->to);
    fflush(j->to);
}
