/* Text files of p-bit values and beta schedules. SPDX-License-Identifier: Apache-2.0 */
#include "tool/value_files.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 1 << 20 };

/* Next line with content, comments cut off; 0 at the end. */
static int next_line(FILE *f, char *line, int *number) {
    while (fgets(line, MAX_LINE, f)) {
        ++*number;
        line[strcspn(line, "%#\r\n")] = 0;
        if (line[strspn(line, " \t")])
            return 1;
    }
    return 0;
}

static enum glb_status open_text(const char *path, FILE **f, char **line) {
    *line = NULL;
    if (!(*f = fopen(path, "r")))
        return glb_fail(GLB_ERR_FILE, "%s: %s", path, strerror(errno));
    if ((*line = malloc(MAX_LINE)))
        return GLB_OK;
    fclose(*f);
    *f = NULL;
    return glb_fail(GLB_ERR_MEMORY, "%s: no memory to read it", path);
}

/* The end of the file or what kept it from being read, a folder for example. */
static enum glb_status close_text(const char *path, FILE *f, char *line, enum glb_status s) {
    if (!s && ferror(f))
        s = glb_fail(GLB_ERR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    free(line);
    fclose(f);
    return s;
}

/* The values of one line into *out, which the first line sizes. */
static enum glb_status take_values(const char *where, char *line, int n, int8_t **out,
                                   int *columns) {
    char *at = line, *end;
    const long pbit = strtol(at, &end, 10);
    if (end == at || pbit < 1 || pbit > n)
        return glb_fail(
            GLB_ERR_FORMAT,
            "%s: '%.40s': lines are 'pbit value [value ...]', p-bits count from 1 to %d", where,
            line, n);
    int count = 0;
    for (char *p = end; p[strspn(p, " \t")]; count++) {
        p += strspn(p, " \t");
        p += strcspn(p, " \t");
    }
    if (!*out) {
        *columns = count;
        *out = calloc((size_t)n * (count ? count : 1), 1);
        if (!*out)
            return glb_fail(GLB_ERR_MEMORY, "%s: no memory for %d values of %d p-bits", where,
                            count, n);
    }
    if (count < 1 || count != *columns)
        return glb_fail(GLB_ERR_FORMAT, "%s: %d values; %s", where, count,
                        count < 1 ? "at least one is needed"
                                  : "every line needs as many as the first");
    int8_t *row = *out + (size_t)(pbit - 1) * count;
    if (row[0])
        return glb_fail(GLB_ERR_FORMAT, "%s: p-bit %ld already has a value on an earlier line",
                        where, pbit);
    at = end;
    for (int c = 0; c < count; c++) {
        const double v = strtod(at, &end);
        if (end == at || (v != -1 && v != 0 && v != 1) || (*end && !strchr(" \t", *end)))
            return glb_fail(GLB_ERR_FORMAT, "%s: values are -1 (or 0) and 1, not '%.20s'", where,
                            at + strspn(at, " \t"));
        row[c] = v > 0 ? 1 : -1;
        at = end;
    }
    return GLB_OK;
}

enum glb_status cli_read_values(const char *path, int n, int8_t **out, int *columns) {
    FILE *f;
    char *line, where[1100];
    int number = 0;
    *out = NULL;
    *columns = 1;
    enum glb_status s = open_text(path, &f, &line);
    if (s)
        return s;
    while (!s && next_line(f, line, &number)) {
        snprintf(where, sizeof where, "%.1000s, line %d", path, number);
        s = take_values(where, line, n, out, columns);
    }
    s = close_text(path, f, line, s);
    if (!s && !*out && !(*out = calloc((size_t)n + 1, 1)))
        s = glb_fail(GLB_ERR_MEMORY, "%s: no memory", path);
    if (s) {
        free(*out);
        *out = NULL;
    }
    return s;
}

static enum glb_status take_step(const char *path, int number, const char *line,
                                 struct glb_step *step) {
    char rest[2];
    double beta, sweeps;
    if (sscanf(line, "%lf %lf %1s", &beta, &sweeps, rest) != 2 || !isfinite(beta) || beta < 0 ||
        !(sweeps >= 1) || sweeps > UINT32_MAX || sweeps != floor(sweeps))
        return glb_fail(GLB_ERR_FORMAT,
                        "%s, line %d: '%.40s': lines are 'beta sweeps', beta >= 0, sweeps a whole "
                        "number >= 1",
                        path, number, line);
    *step = (struct glb_step){beta, (uint32_t)sweeps};
    return GLB_OK;
}

enum glb_status cli_read_schedule(const char *path, struct glb_step **out, int *steps) {
    FILE *f;
    char *line;
    int number = 0, room = 0;
    *out = NULL;
    *steps = 0;
    enum glb_status s = open_text(path, &f, &line);
    if (s)
        return s;
    while (!s && next_line(f, line, &number)) {
        if (*steps == room) {
            room = room ? 2 * room : 64;
            struct glb_step *more = realloc(*out, (size_t)room * sizeof *more);
            if (!more) {
                s = glb_fail(GLB_ERR_MEMORY, "%s: no memory for %d steps", path, room);
                break;
            }
            *out = more;
        }
        s = take_step(path, number, line, &(*out)[*steps]);
        *steps += !s;
    }
    s = close_text(path, f, line, s);
    if (!s && *steps == 0)
        s = glb_fail(GLB_ERR_FORMAT, "%s: no steps; lines are 'beta sweeps'", path);
    if (s) {
        free(*out);
        *out = NULL;
    }
    return s;
}
