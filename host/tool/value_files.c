/* Text files of p-bit values and beta schedules. SPDX-License-Identifier: Apache-2.0 */
#include "tool/value_files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/text_reader.h"

enum { MOST_VALUES = 1 << 20 }; /* of a p-bit: as many as there can be chains */

/* The next line with content, its comment cut off. */
static bool next_line(struct text *t) {
    if (!text_line(t, "%#"))
        return false;
    const char *p = t->line;
    while (p < t->line_end && *p != '%' && *p != '#')
        p++;
    t->line_end = p;
    return true;
}

static int count_fields(struct text t) {
    const char *field;
    size_t length;
    int count = 0;
    while (count <= MOST_VALUES && text_field(&t, &field, &length))
        count++;
    return count;
}

static enum glb_status take_value(struct text *t, int8_t *value) {
    double v;
    const enum glb_status s = text_real(t, "a value", &v);
    if (s)
        return s;
    if (v != -1 && v != 0 && v != 1)
        return text_fail(t, "the value %g; values are -1 or 0 for down and 1 for up", v);
    *value = v > 0 ? 1 : -1;
    return GLB_OK;
}

/* The values of one line into *out, which the first line sizes. */
static enum glb_status take_values(struct text *t, int n, int8_t **out, int *columns) {
    int64_t pbit;
    enum glb_status s = text_int(t, "the p-bit", 1, n, &pbit);
    if (s)
        return s;
    const int count = count_fields(*t);
    if (count < 1 || count > MOST_VALUES)
        return text_fail(t, "%s of p-bit %d; give one, or one for each chain",
                         count ? "too many values" : "no value", (int)pbit);
    if (!*out) {
        *columns = count;
        *out = calloc((size_t)n * count, 1);
        if (!*out)
            return glb_fail(GLB_ERR_MEMORY, "%s: no memory for %d values of %d p-bits", t->name,
                            count, n);
    }
    if (count != *columns)
        return text_fail(t, "values: %d; give %d on every line, as on the first", count, *columns);
    int8_t *row = *out + (size_t)(pbit - 1) * count;
    if (row[0])
        return text_fail(t, "p-bit %d already has a value on an earlier line; leave one of them",
                         (int)pbit);
    for (int c = 0; c < count && !s; c++)
        s = take_value(t, &row[c]);
    return s;
}

enum glb_status cli_read_values(const char *path, int n, int8_t **out, int *columns) {
    char *data;
    size_t size;
    *out = NULL;
    *columns = 1;
    enum glb_status s = text_load(path, &data, &size);
    if (s)
        return s;
    struct text t = {.name = path,
                     .form =
                         "lines are 'pbit value [value ...]', values -1 or 0 for down and 1 for up",
                     .at = data,
                     .end = data + size};
    while (!s && next_line(&t))
        s = take_values(&t, n, out, columns);
    free(data);
    if (!s && !*out && !(*out = calloc((size_t)n + 1, 1)))
        s = glb_fail(GLB_ERR_MEMORY, "%s: no memory", path);
    if (s) {
        free(*out);
        *out = NULL;
    }
    return s;
}

static enum glb_status take_step(struct text *t, struct glb_step *step) {
    double beta;
    int64_t sweeps;
    enum glb_status s = text_real(t, "beta", &beta);
    if (!s && beta < 0)
        s = text_fail(t, "beta is %g; lines are 'beta sweeps', beta >= 0", beta);
    if (!s)
        s = text_int(t, "the number of sweeps", 1, UINT32_MAX, &sweeps);
    if (!s)
        s = text_line_done(t);
    if (!s)
        *step = (struct glb_step){beta, (uint32_t)sweeps};
    return s;
}

static enum glb_status take_steps(struct text *t, struct glb_step **out, int *steps) {
    int room = 0;
    enum glb_status s = GLB_OK;
    while (!s && next_line(t)) {
        if (*steps == room) {
            room = room ? 2 * room : 64;
            struct glb_step *more = realloc(*out, (size_t)room * sizeof *more);
            if (!more)
                return glb_fail(GLB_ERR_MEMORY, "%s: no memory for %d steps", t->name, room);
            *out = more;
        }
        s = take_step(t, &(*out)[*steps]);
        *steps += !s;
    }
    if (!s && *steps == 0)
        s = glb_fail(GLB_ERR_FORMAT, "%s: no steps; lines are 'beta sweeps'", t->name);
    return s;
}

enum glb_status cli_read_schedule(const char *path, struct glb_step **out, int *steps) {
    char *data;
    size_t size;
    *out = NULL;
    *steps = 0;
    enum glb_status s = text_load(path, &data, &size);
    if (s)
        return s;
    struct text t = {
        .name = path, .form = "lines are 'beta sweeps'", .at = data, .end = data + size};
    s = take_steps(&t, out, steps);
    free(data);
    if (s) {
        free(*out);
        *out = NULL;
    }
    return s;
}
