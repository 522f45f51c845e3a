/* The reads of a program by the p-bit that is updated and the coupling: a coupling may be spread
 * over several. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_USES_H
#define GLB_ARRAY_USES_H

#include "array/program.h"

struct glb_use { /* of a coupling in the update of p-bit `to` */
    int32_t to, edge;
    int32_t first, count; /* read[first] .. read[first + count - 1] */
};

struct glb_uses {
    int32_t *start; /* [n + 1]: p-bit i's are use[start[i]] .. use[start[i + 1] - 1], by coupling */
    struct glb_use *use;
    int32_t *read; /* [nreads] indices into p->reads */
    int most;      /* uses of one p-bit */
};

/* Of the p-bits' own updates or of their helpers', of a program of one copy. GLB_ERR_MEMORY leaves
 * it empty. Free with glb_uses_free(). */
enum glb_status glb_uses_list(const struct glb_program *p, bool helpers, struct glb_uses *u);
void glb_uses_free(struct glb_uses *u);

/* The integer that a use adds: the sum of its coupling entries. */
int32_t glb_use_weight(const struct glb_program *p, const struct glb_uses *u,
                       const struct glb_use *use);

#endif
