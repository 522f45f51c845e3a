/* Arguments "key=value,key=value". SPDX-License-Identifier: Apache-2.0 */
#include "base/arguments.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/number.h"

enum glb_status glb_arguments_parse(struct glb_arguments *a, const char *of, const char *text) {
    *a = (struct glb_arguments){.of = of, .text = strdup(text ? text : "")};
    if (!a->text)
        return glb_fail(GLB_ERR_MEMORY, "out of memory");
    for (char *p = a->text; *p;) {
        char *end = p + strcspn(p, ","), *value = memchr(p, '=', (size_t)(end - p));
        if (!value || value == p || a->count == GLB_ARGUMENTS_MAX)
            return glb_fail(GLB_ERR_ARGUMENT,
                            "%s: '%.*s' must be key=value, of which %d at most are possible", of,
                            (int)(end - p), p, GLB_ARGUMENTS_MAX);
        *value++ = '\0';
        for (int k = 0; k < a->count; k++)
            if (strcmp(a->arg[k].key, p) == 0)
                return glb_fail(GLB_ERR_ARGUMENT, "%s: '%s' is given twice; leave one of them", of,
                                p);
        a->arg[a->count].key = p;
        a->arg[a->count++].value = value;
        p = *end ? end + 1 : end;
        *end = '\0';
    }
    return GLB_OK;
}

void glb_arguments_free(struct glb_arguments *a) {
    free(a->text);
    a->text = NULL;
    a->count = 0;
}

const char *glb_argument_text(struct glb_arguments *a, const char *key) {
    for (int k = 0; k < a->count; k++)
        if (strcmp(a->arg[k].key, key) == 0) {
            a->arg[k].used = true;
            return a->arg[k].value;
        }
    return NULL;
}

const char *glb_arguments_unused(const struct glb_arguments *a) {
    for (int k = 0; k < a->count; k++)
        if (!a->arg[k].used)
            return a->arg[k].key;
    return NULL;
}

int glb_argument_int(struct glb_arguments *a, const char *key, int fallback, int min, int max) {
    const char *text = glb_argument_text(a, key);
    int64_t v;
    if (!text)
        return fallback;
    if (glb_parse_int(text, strlen(text), &v) && v >= min && v <= max)
        return (int)v;
    if (!a->status)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s: %s=%s must be a whole number from %d to %d",
                             a->of, key, text, min, max);
    return fallback;
}

double glb_argument_real(struct glb_arguments *a, const char *key, double fallback, double min,
                         double max) {
    const char *text = glb_argument_text(a, key);
    double v;
    if (!text)
        return fallback;
    if (glb_parse_real(text, strlen(text), &v) && v >= min && v <= max)
        return v;
    if (!a->status)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s: %s=%s must be a number from %g to %g", a->of,
                             key, text, min, max);
    return fallback;
}

int glb_argument_choice(struct glb_arguments *a, const char *key, int fallback, const char *names) {
    const char *text = glb_argument_text(a, key);
    int index = 0;
    if (!text)
        return fallback;
    for (const char *p = names;; index++) {
        const size_t length = strcspn(p, "|");
        if (strlen(text) == length && strncasecmp(text, p, length) == 0)
            return index;
        if (!p[length])
            break;
        p += length + 1;
    }
    if (!a->status)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s: %s=%s must be %s", a->of, key, text, names);
    return fallback;
}
