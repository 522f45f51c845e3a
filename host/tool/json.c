/* Writing JSON. SPDX-License-Identifier: Apache-2.0 */
#include "tool/json.h"

#include <math.h>
#include <stdlib.h>

static void put_text(FILE *to, const char *s) {
    fputc('"', to);
    for (; *s; s++) {
        const unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20)
            fprintf(to, "\\u%04x", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
}

static void put_real(FILE *to, double v) {
    char text[32];
    if (!isfinite(v)) {
        fputs("null", to);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    fputs(text, to);
}

static void put_key(struct glb_json *j, const char *key) {
    if (j->items++)
        fputs(", ", j->to);
    put_text(j->to, key);
    fputs(": ", j->to);
}

void glb_json_begin(struct glb_json *j, FILE *to) {
    *j = (struct glb_json){.to = to};
    fputc('{', to);
}

void glb_json_text(struct glb_json *j, const char *key, const char *value) {
    put_key(j, key);
    put_text(j->to, value);
}

void glb_json_int(struct glb_json *j, const char *key, int64_t value) {
    put_key(j, key);
    fprintf(j->to, "%lld", (long long)value);
}

void glb_json_uint(struct glb_json *j, const char *key, uint64_t value) {
    put_key(j, key);
    fprintf(j->to, "%llu", (unsigned long long)value);
}

void glb_json_bool(struct glb_json *j, const char *key, int value) {
    put_key(j, key);
    fputs(value ? "true" : "false", j->to);
}

void glb_json_real(struct glb_json *j, const char *key, double value) {
    put_key(j, key);
    put_real(j->to, value);
}

void glb_json_reals(struct glb_json *j, const char *key, const double *values, int n) {
    put_key(j, key);
    fputc('[', j->to);
    for (int i = 0; i < n; i++) {
        if (i)
            fputs(", ", j->to);
        put_real(j->to, values[i]);
    }
    fputc(']', j->to);
}

void glb_json_end(struct glb_json *j) {
    fputs("}\n", j->to);
    fflush(j->to);
}
