/* Arguments "key=value,key=value" of generators and topologies. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_BASE_ARGUMENTS_H
#define GLB_BASE_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/status.h"

enum { GLB_ARGUMENTS_MAX = 16 };

struct glb_arguments {
    const char *of; /* whose arguments, for messages; the caller's */
    char *text;
    int count;
    struct {
        const char *key, *value;
        bool used;
    } arg[GLB_ARGUMENTS_MAX];
    enum glb_status status; /* of the first value that was refused */
};

/* text may be NULL or empty. Free in any case. */
enum glb_status glb_arguments_parse(struct glb_arguments *a, const char *of, const char *text);
void glb_arguments_free(struct glb_arguments *a);

/* Values by key; a missing one gets the fallback, one out of [min, max] sets status. */
int glb_argument_int(struct glb_arguments *a, const char *key, int fallback, int min, int max);
double glb_argument_real(struct glb_arguments *a, const char *key, double fallback, double min,
                         double max);

/* One of names, which are separated by '|', in upper or lower case; returns its index. */
int glb_argument_choice(struct glb_arguments *a, const char *key, int fallback, const char *names);

/* The value as it stands, or NULL. */
const char *glb_argument_text(struct glb_arguments *a, const char *key);

/* The first key that no call has asked for, or NULL. */
const char *glb_arguments_unused(const struct glb_arguments *a);

#endif
