/* One JSON object on one line. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_JSON_H
#define GLB_TOOL_JSON_H

#include <stdint.h>
#include <stdio.h>

struct glb_json {
    FILE *to;
    int items;
};

void glb_json_begin(struct glb_json *j, FILE *to);
void glb_json_text(struct glb_json *j, const char *key, const char *value);
void glb_json_int(struct glb_json *j, const char *key, int64_t value);
void glb_json_uint(struct glb_json *j, const char *key, uint64_t value);
void glb_json_bool(struct glb_json *j, const char *key, int value);
/* Shortest text that reads back as the same number; null for NaN and infinities. */
void glb_json_real(struct glb_json *j, const char *key, double value);
void glb_json_reals(struct glb_json *j, const char *key, const double *values, int n);
void glb_json_end(struct glb_json *j);

#endif
