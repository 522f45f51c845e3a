/* Gradient of the conditional (and free-running) likelihood from the phases' moments, and Adam.
 * Every parameter is treated alone, so the result does not depend on threads.
 * SPDX-License-Identifier: Apache-2.0 */
#include "trainer.h"

#include <math.h>
#include "parallel.h"

static const double BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-4;

struct step {
    struct glb_trainer *r;
    double rate, unbias1, unbias2;
    int average;
};

static double centred(const struct glb_trainer *r, const struct glb_moments *a,
                      const struct glb_moments *b, int i, int j) {
    const double di = glb_moments_mean(a, i) - glb_moments_mean(b, i);
    const double dj = glb_moments_mean(a, j) - glb_moments_mean(b, j);
    const double dij = glb_moments_correlation(a, i, j) - glb_moments_correlation(b, i, j);
    return dij - (double)r->mu[i] * dj - (double)r->mu[j] * di;
}

static double gradient(const struct glb_trainer *r, int p) {
    const int m = r->t->graph->m;
    double g;
    if (p < m) {
        const int i = r->t->graph->ei[p], j = r->t->graph->ej[p];
        g = centred(r, &r->positive, &r->negative, i, j);
        if (r->o.generative > 0)
            g += r->o.generative * centred(r, &r->positive, &r->free_run, i, j);
    } else {
        const int i = p - m;
        g = glb_moments_mean(&r->positive, i) - glb_moments_mean(&r->negative, i);
        if (r->o.generative > 0)
            g += r->o.generative *
                 (glb_moments_mean(&r->positive, i) - glb_moments_mean(&r->free_run, i));
    }
    return g;
}

static void update(void *user, int first, int end) {
    const struct step *step = user;
    struct glb_trainer *r = step->r;
    for (int p = first; p < end; p++) {
        const double relative = r->o.relative[r->kind[p]];
        float *w = &r->s.weight[p];
        if (relative > 0) {
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

/* Linear warm-up, then half a cosine down to 0. */
static double schedule(const struct glb_trainer *r) {
    const double done = (double)r->s.step / (double)r->steps;
    if (done < r->o.warm_up)
        return ((double)r->s.step + 1) / (r->o.warm_up * (double)r->steps + 1);
    return 0.5 * (1 + cos(3.141592653589793 * (done - r->o.warm_up) / (1 - r->o.warm_up)));
}

void glb_trainer_update(struct glb_trainer *r) {
    const double n = (double)r->s.step + 1;
    const struct step step = {.r = r,
                              .rate = r->o.rate * schedule(r),
                              .unbias1 = 1 / (1 - pow(BETA1, n)),
                              .unbias2 = 1 / (1 - pow(BETA2, n)),
                              .average = n > (1 - r->o.average) * (double)r->steps};
    glb_parallel(r->o.threads, r->t->graph->m + r->t->graph->n, update, (void *)&step);
    r->s.averaged += step.average;
    r->s.step++;
}
