/* Values of options: text to value, value to target. SPDX-License-Identifier: Apache-2.0 */
#include "tool/options/options.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char needed[200]; /* the answer of cli_read_value() */

static const char *need_number(const struct cli_option *o) {
    const char *kind = o->kind == CLI_REAL ? "number" : "whole number";
    if (isinf(o->lowest) && isinf(o->highest))
        snprintf(needed, sizeof needed, "a %s", kind);
    else if (isinf(o->highest))
        snprintf(needed, sizeof needed, "a %s >= %.15g", kind, o->lowest);
    else
        snprintf(needed, sizeof needed, "a %s from %.15g to %.15g", kind, o->lowest, o->highest);
    return needed;
}

static const char *read_whole(struct cli_option *o, const char *text) {
    char *end;
    errno = 0;
    const long v = strtol(text, &end, 10);
    if (end == text || *end || errno || (double)v < o->lowest || (double)v > o->highest)
        return need_number(o);
    if (o->kind == CLI_INT)
        o->got.whole = (int)v;
    else
        o->got.count = v;
    return NULL;
}

static const char *read_real(struct cli_option *o, const char *text) {
    char *end;
    const double v = strtod(text, &end);
    if (end == text || *end || !isfinite(v) || v < o->lowest || v > o->highest)
        return need_number(o);
    o->got.real = v;
    return NULL;
}

static const char *read_seed(struct cli_option *o, const char *text) {
    char *end;
    errno = 0;
    const unsigned long long v = strtoull(text, &end, 0);
    if (end == text || *end || errno || *text == '-')
        return "a whole number from 0 to 2^64 - 1";
    o->got.seed = v;
    return NULL;
}

static const char *read_range(struct cli_option *o, const char *text) {
    char *end;
    const double first = strtod(text, &end);
    const char *colon = end;
    if (colon != text && *colon == ':') {
        const double last = strtod(colon + 1, &end);
        if (end != colon + 1 && !*end && isfinite(last) && first > 0 && last >= first) {
            o->got.range[0] = first;
            o->got.range[1] = last;
            return NULL;
        }
    }
    snprintf(needed, sizeof needed, "%s, both above 0, the second not below the first", o->value);
    return needed;
}

static const char *read_choice(struct cli_option *o, const char *text) {
    size_t used = 0;
    needed[0] = 0;
    for (int i = 0; o->choices[i]; i++) {
        if (strcasecmp(o->choices[i], text) == 0) {
            o->got.whole = i;
            return NULL;
        }
        const char *before = i == 0 ? "" : o->choices[i + 1] ? ", " : " or ";
        if (used < sizeof needed)
            used += (size_t)snprintf(needed + used, sizeof needed - used, "%s%s", before,
                                     o->choices[i]);
    }
    return needed;
}

const char *cli_read_value(struct cli_option *o, const char *text) {
    switch (o->kind) {
    case CLI_FLAG:
        o->got.whole = 1;
        return NULL;
    case CLI_INT:
    case CLI_LONG:
        return read_whole(o, text);
    case CLI_SEED:
        return read_seed(o, text);
    case CLI_REAL:
        return read_real(o, text);
    case CLI_RANGE:
        return read_range(o, text);
    case CLI_CHOICE:
        return read_choice(o, text);
    case CLI_TEXT:
        break;
    }
    o->got.text = text;
    return *text ? NULL : "a text that is not empty";
}

void cli_store(const struct cli_option *o) {
    switch (o->kind) {
    case CLI_FLAG:
    case CLI_INT:
    case CLI_CHOICE:
        *(int *)o->target = o->got.whole;
        break;
    case CLI_LONG:
        *(long *)o->target = o->got.count;
        break;
    case CLI_SEED:
        *(uint64_t *)o->target = o->got.seed;
        break;
    case CLI_REAL:
        *(double *)o->target = o->got.real;
        break;
    case CLI_RANGE:
        memcpy(o->target, o->got.range, sizeof o->got.range);
        break;
    case CLI_TEXT:
        *(const char **)o->target = o->got.text;
        break;
    }
}

void cli_fetch(struct cli_option *o) {
    switch (o->kind) {
    case CLI_FLAG:
    case CLI_INT:
    case CLI_CHOICE:
        o->got.whole = *(const int *)o->target;
        break;
    case CLI_LONG:
        o->got.count = *(const long *)o->target;
        break;
    case CLI_SEED:
        o->got.seed = *(const uint64_t *)o->target;
        break;
    case CLI_REAL:
        o->got.real = *(const double *)o->target;
        break;
    case CLI_RANGE:
        memcpy(o->got.range, o->target, sizeof o->got.range);
        break;
    case CLI_TEXT:
        o->got.text = *(const char *const *)o->target;
        break;
    }
}

static int equal_texts(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

int cli_unchanged(const struct cli_option *o) {
    struct cli_option now = *o;
    cli_fetch(&now);
    switch (o->kind) {
    case CLI_FLAG:
    case CLI_INT:
    case CLI_CHOICE:
        return now.got.whole == o->got.whole;
    case CLI_LONG:
        return now.got.count == o->got.count;
    case CLI_SEED:
        return now.got.seed == o->got.seed;
    case CLI_REAL:
        return now.got.real == o->got.real;
    case CLI_RANGE:
        return now.got.range[0] == o->got.range[0] && now.got.range[1] == o->got.range[1];
    case CLI_TEXT:
        return equal_texts(now.got.text, o->got.text);
    }
    return 1;
}

void cli_show_target(const struct cli_option *o, char *text, size_t size) {
    struct cli_option now = *o;
    cli_fetch(&now);
    switch (o->kind) {
    case CLI_FLAG:
    case CLI_INT:
        snprintf(text, size, "%d", now.got.whole);
        break;
    case CLI_CHOICE:
        snprintf(text, size, "%s", o->choices[now.got.whole]);
        break;
    case CLI_LONG:
        snprintf(text, size, "%ld", now.got.count);
        break;
    case CLI_SEED:
        snprintf(text, size, "%llu", (unsigned long long)now.got.seed);
        break;
    case CLI_REAL:
        snprintf(text, size, "%.15g", now.got.real);
        break;
    case CLI_RANGE:
        snprintf(text, size, "%.15g:%.15g", now.got.range[0], now.got.range[1]);
        break;
    case CLI_TEXT:
        snprintf(text, size, "%s", now.got.text ? now.got.text : "");
        break;
    }
}
