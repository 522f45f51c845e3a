/* Gradient of the conditional (and free-running) likelihood from how much the phases differ, and
 * Adam. Every parameter is treated alone, so the result does not depend on threads.
 * SPDX-License-Identifier: Apache-2.0 */
#include "learn/training/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/parallel.h"

static const double BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-4;

struct step {
    struct glb_trainer *r;
    double rate, unbias1, unbias2;
    int average;
};

static double centred(const struct glb_trainer *r, enum trainer_phase b, int p) {
    const int m = r->t->graph->m, i = r->t->graph->ei[p], j = r->t->graph->ej[p];
    return trainer_gap(r, b, p) - (double)r->mu[i] * trainer_gap(r, b, m + j) -
           (double)r->mu[j] * trainer_gap(r, b, m + i);
}

static double gradient(const struct glb_trainer *r, int p) {
    const int coupling = p < r->t->graph->m;
    const double d = r->o.discriminative, f = r->o.generative;
    double g = 0;
    if (d > 0)
        g += d * (coupling ? centred(r, TRAINER_NEGATIVE, p) : trainer_gap(r, TRAINER_NEGATIVE, p));
    if (f > 0)
        g += f * (coupling ? centred(r, TRAINER_FREE, p) : trainer_gap(r, TRAINER_FREE, p));
    return g;
}

/* A dropped unit's parameters rest. */
static int rests(const struct glb_trainer *r, int p) {
    const int m = r->t->graph->m;
    return p < m ? r->dropped[r->t->graph->ei[p]] | r->dropped[r->t->graph->ej[p]]
                 : r->dropped[p - m];
}

static void update(void *user, int first, int end) {
    const struct step *step = user;
    struct glb_trainer *r = step->r;
    for (int p = first; p < end; p++) {
        const double relative = r->o.relative[r->kind[p]];
        float *w = &r->s.weight[p];
        if (relative > 0 && !rests(r, p)) {
            const double g = gradient(r, p), rate = step->rate * relative;
            const double a = BETA1 * (double)r->s.first[p] + (1 - BETA1) * g;
            const double b = BETA2 * (double)r->s.second[p] + (1 - BETA2) * g * g;
            double v = (double)*w;
            v -= rate * r->o.decay[r->kind[p]] * v;
            v += rate * (a * step->unbias1) / (sqrt(b * step->unbias2) + EPSILON);
            r->s.first[p] = (float)a;
            r->s.second[p] = (float)b;
            *w = (float)v;
        }
        if (step->average)
            r->s.sum[p] += (double)*w;
    }
}

double glb_trainer_gradient(const struct glb_trainer *r) {
    double sum = 0;
    if (!r->gaps_known)
        return NAN;
    for (int e = 0; e < r->t->graph->m; e++) {
        const double g = gradient(r, e);
        sum += g * g;
    }
    return sqrt(sum / r->t->graph->m);
}

/* Linear warm-up, then half a cosine down to 0. */
static double schedule(const struct glb_trainer *r) {
    const double done = (double)r->s.step / (double)r->steps;
    if (done < r->o.warm_up)
        return ((double)r->s.step + 1) / (r->o.warm_up * (double)r->steps + 1);
    return 0.5 * (1 + cos(3.141592653589793 * (done - r->o.warm_up) / (1 - r->o.warm_up)));
}

void trainer_update(struct glb_trainer *r) {
    const double n = (double)r->s.step + 1;
    const struct step step = {.r = r,
                              .rate = r->o.rate * schedule(r),
                              .unbias1 = 1 / (1 - pow(BETA1, n)),
                              .unbias2 = 1 / (1 - pow(BETA2, n)),
                              .average = n > (1 - r->o.average) * (double)r->steps};
    trainer_find_gaps(r);
    glb_parallel(r->o.threads, r->t->graph->m + r->t->graph->n, update, (void *)&step);
    r->s.averaged += step.average;
    r->s.step++;
}

int64_t glb_train_uncentre(const struct glb_topology *t, const float *w, const float *mu, double u,
                           const struct glb_grid grid[GLB_PARAMETER_KINDS], double *J, double *h) {
    const struct glb_graph *g = t->graph;
    int64_t saturated = 0;
    for (int i = 0; i < g->n; i++)
        h[i] = (double)w[g->m + i];
    for (int e = 0; e < g->m; e++) {
        const struct glb_grid *k = &grid[glb_train_kind(t, e)];
        const double step = k->step * u / 2;
        double q = nearbyint((double)w[e] / step) + 0.0; /* no -0 */
        if (q > k->most || q < -k->most) {
            q = q > 0 ? k->most : -k->most;
            saturated++;
        }
        J[e] = q * step;
        h[g->ei[e]] -= J[e] * (double)mu[g->ej[e]];
        h[g->ej[e]] -= J[e] * (double)mu[g->ei[e]];
    }
    return saturated;
}

void glb_trainer_weights(const struct glb_trainer *r, double *J, double *h) {
    const int p = r->t->graph->m + r->t->graph->n;
    float *w = malloc((size_t)p * sizeof *w);
    if (!w) {
        memcpy(J, r->J, sizeof *J * (size_t)r->t->graph->m);
        memcpy(h, r->h, sizeof *h * (size_t)r->t->graph->n);
        return;
    }
    for (int k = 0; k < p; k++)
        w[k] = r->s.averaged ? (float)(r->s.sum[k] / (double)r->s.averaged) : r->s.weight[k];
    glb_train_uncentre(r->t, w, r->mu, r->sampler->u, r->grid, J, h);
    free(w);
}
