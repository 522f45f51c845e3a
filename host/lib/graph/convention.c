/* What an input's numbers mean: the named conventions (docs/conventions.md has the algebra).
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/convention.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = {"boltzmann", "zte-2", "zte-34", "qubo", "maxcut"};

int glb_convention_parse(const char *name, enum glb_convention *c) {
    for (int k = 0; k < (int)(sizeof names / sizeof names[0]); k++)
        if (strcasecmp(name, names[k]) == 0) {
            *c = (enum glb_convention)k;
            return 0;
        }
    return -1;
}

const char *glb_convention_name(enum glb_convention c) {
    return (unsigned)c < sizeof names / sizeof names[0] ? names[c] : "unknown";
}

enum glb_status convention_begin(struct glb_graph *g, enum glb_convention c, double constant) {
    if ((unsigned)c > GLB_MAXCUT)
        return glb_fail(GLB_ERR_ARGUMENT, "unknown convention %d", (int)c);
    if (!(fabs(constant) <= GLB_GRAPH_MAX_VALUE))
        return glb_fail(GLB_ERR_ARGUMENT, "the offset is %g, allowed are -1e100 to 1e100",
                        constant);
    g->convention = c;
    g->scale = c == GLB_MAXCUT ? 0.5 : 1;
    g->offset = g->constant = constant;
    return GLB_OK;
}

/* x = (1 + m) / 2 turns Q x_i x_j into Q (1 + m_i + m_j + m_i m_j) / 4 and q x_i into q (1 + m_i)
 * / 2. */
double convention_pair(struct glb_graph *g, int i, int j, double v) {
    switch (g->convention) {
    case GLB_BOLTZMANN:
    case GLB_ZTE_2:
        return v;
    case GLB_QUBO:
        g->h[i] -= v / 4;
        g->h[j] -= v / 4;
        g->offset += v / 4;
        return -v / 4;
    case GLB_MAXCUT: /* minus the cut = E/2 - W/2 */
        g->offset -= v / 2;
        return -v;
    default:
        return -v;
    }
}

void convention_single(struct glb_graph *g, int i, double v) {
    if (g->convention == GLB_QUBO) {
        g->h[i] -= v / 2;
        g->offset += v / 2;
    } else {
        g->h[i] += g->convention == GLB_BOLTZMANN ? v : -v;
    }
}

enum glb_status convention_check_single(enum glb_convention c, int n, const double *single) {
    for (int i = 0; single && c == GLB_MAXCUT && i < n; i++)
        if (single[i] != 0)
            return glb_fail(GLB_ERR_ARGUMENT, "a cut has no biases: drop them or choose another "
                                              "convention than maxcut");
    return GLB_OK;
}
