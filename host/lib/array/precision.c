/* What rounding has made of a graph's couplings and biases. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include "array/precise.h"
#include "array/program.h"
#include "graph/graph.h"

void glb_program_effective(const struct glb_program *p, double *J, double *h) {
    const double u = p->u;
    if (p->beta > 0) {
        if (glb_precise_effective(p, J, h)) {
            for (int e = 0; e < p->m && J; e++)
                J[e] = NAN;
            for (int i = 0; i < p->n && h; i++)
                h[i] = NAN;
        }
        return;
    }
    for (int e = 0; e < p->m && J; e++)
        J[e] = p->weight[e] * u / 2;
    for (int i = 0; i < p->n && h; i++)
        h[i] = 0;
    for (int k = 0; k < p->nreads && h; k++) /* whole numbers up to the last step */
        h[p->reads[k].to] += p->weight[p->reads[k].edge];
    for (int i = 0; i < p->n && h; i++)
        h[i] = (p->qbias[i] + h[i] / p->copies / 2) * u;
}

/* field[n]: the biases that p has; overwritten. */
static void measure(const struct glb_program *p, const struct glb_graph *g, double *field,
                    struct glb_precision *q) {
    double squares = 0;
    for (int e = 0; e < g->m; e++) {
        const double d = fabs(g->J[e] - p->weight[e] * p->u / 2);
        squares += d * d;
        q->j_max_error = fmax(q->j_max_error, d);
        q->couplings_nonzero += g->J[e] != 0;
        q->couplings_zeroed += g->J[e] != 0 && p->weight[e] == 0;
    }
    q->j_rms_error = g->m ? sqrt(squares / g->m) : 0;
    for (int k = 0; k < p->nbias; k++) {
        const int i = p->bias[k].to;
        q->h_max_error = fmax(q->h_max_error, fabs(field[i] - g->h[i]));
    }
    for (int i = 0; i < p->n; i++)
        field[i] = pow(field[i] - g->h[i], 2);
    for (int k = 0; k < p->nreads; k++)
        field[p->reads[k].to] +=
            pow(g->J[p->reads[k].edge] - p->weight[p->reads[k].edge] * p->u / 2, 2) / p->copies;
    for (int k = 0; k < p->nbias; k++)
        q->field_error = fmax(q->field_error, sqrt(field[p->bias[k].to]));
}

const struct glb_precision *glb_program_precision(const struct glb_program *p,
                                                  const struct glb_graph *g) {
    static _Thread_local struct glb_precision q;
    double *field = p->n == g->n && p->m == g->m ? calloc((size_t)p->n + 1, sizeof *field) : NULL;
    q = (struct glb_precision){.size = sizeof q, .u = p->u};
    if (!field) {
        if (p->n == g->n && p->m == g->m)
            glb_fail(GLB_ERR_MEMORY, "no memory for the fields of %d p-bits", p->n);
        else
            glb_fail(GLB_ERR_ARGUMENT,
                     "the program has %d p-bits and %d couplings, the graph %d and %d: it is of "
                     "another graph",
                     p->n, p->m, g->n, g->m);
        return NULL;
    }
    q.beta = p->beta;
    if (p->beta > 0) {
        const enum glb_status s = glb_precise_measure(p, g, &q);
        free(field);
        return s ? NULL : &q;
    }
    glb_program_effective(p, NULL, field);
    measure(p, g, field, &q);
    free(field);
    return &q;
}
