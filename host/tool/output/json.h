/* One JSON object on one line. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_OUTPUT_JSON_H
#define GLB_TOOL_OUTPUT_JSON_H

#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *to;
    int items;
};

void json_begin(struct json *j, FILE *to);
/* Bytes that are not UTF-8 become U+FFFD. */
void json_text(struct json *j, const char *key, const char *value);
void json_int(struct json *j, const char *key, int64_t value);
void json_uint(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, int value);
/* Shortest text that reads back as the same number; null for NaN and infinities. */
void json_real(struct json *j, const char *key, double value);
void json_reals(struct json *j, const char *key, const double *values, int n);
void json_texts(struct json *j, const char *key, const char *const *values, int n);
void json_ints(struct json *j, const char *key, const int *values, int n);
void json_bytes(struct json *j, const char *key, const uint8_t *values, int n);
/* An array of rows, arrays of n values each. */
void json_rows(struct json *j, const char *key, const double *values, int rows, int n);
void json_end(struct json *j);

#endif
