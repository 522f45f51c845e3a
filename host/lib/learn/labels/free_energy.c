/* Labels by exact free energies. SPDX-License-Identifier: Apache-2.0 */
#include "learn/labels/free_energy.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include "base/parallel.h"

int glb_free_energy_exists(const struct glb_topology *t) {
    if (t->pixel_of)
        return 0;
    for (int e = 0; e < t->graph->m; e++) {
        const int a = t->layer_of[t->graph->ei[e]], b = t->layer_of[t->graph->ej[e]];
        if (a > 0 && a < t->nlayers - 1 && b > 0 && b < t->nlayers - 1)
            return 0;
    }
    return 1;
}

/* What an image's energies need, the couplings sorted by what they join. */
struct sums {
    const struct glb_topology *t;
    const double *J, *h;
    const struct glb_dataset *d;
    uint8_t *predicted; /* or NULL, as energy */
    double *energy;
    atomic_int *failed; /* of several threads */
};

/* log(2 cosh x) */
static double log_cosh2(double x) {
    const double a = fabs(x);
    return a + log1p(exp(-2 * a));
}

static double spin(uint32_t row, int x) {
    return row >> x & 1 ? 1 : -1;
}

/* What the pixels add to minus the energy on their own. */
static double of_pixels(const struct sums *s, const uint32_t *row) {
    const struct glb_topology *t = s->t;
    const int pixels = t->layer[0].count;
    double sum = 0;
    for (int p = 0; p < pixels; p++)
        sum += s->h[p] * spin(row[p / t->width], p % t->width);
    for (int e = 0; e < t->graph->m; e++) {
        const int a = t->graph->ei[e], b = t->graph->ej[e];
        if (b < pixels)
            sum += s->J[e] * spin(row[a / t->width], a % t->width) *
                   spin(row[b / t->width], b % t->width);
    }
    return sum;
}

/* field: [n] room; by_class: [hidden][classes] couplings of a unit to all copies of a class. */
static int read_label(const struct sums *s, int image, double *field, const double *by_class) {
    const struct glb_topology *t = s->t;
    const struct glb_graph *g = t->graph;
    const struct glb_layer *labels = &t->layer[t->nlayers - 1];
    const int pixels = t->layer[0].count, hidden = labels->first - pixels, classes = t->classes;
    const uint32_t *row = s->d->row + (size_t)image * t->height;
    for (int i = pixels; i < g->n; i++)
        field[i] = s->h[i];
    for (int e = 0; e < g->m; e++) {
        const int p = g->ei[e];
        if (p < pixels && g->ej[e] >= pixels)
            field[g->ej[e]] += s->J[e] * spin(row[p / t->width], p % t->width);
    }
    int best = 0;
    double most = -INFINITY, alone = s->energy ? of_pixels(s, row) : 0;
    for (int c = 0; c < classes; c++) {
        double minus_f = 0;
        for (int k = 0; k < labels->count; k++)
            minus_f += (k % classes == c ? 1 : -1) * field[labels->first + k];
        for (int i = 0; i < hidden; i++)
            minus_f += log_cosh2(field[pixels + i] + 2 * by_class[i * classes + c]);
        /* couplings between labels */
        for (int e = 0; e < g->m; e++) {
            const int a = g->ei[e] - labels->first, b = g->ej[e] - labels->first;
            if (a >= 0 && b >= 0)
                minus_f += s->J[e] * ((a % classes == c) == (b % classes == c) ? 1 : -1);
        }
        if (s->energy)
            s->energy[(size_t)image * classes + c] = -(minus_f + alone);
        if (minus_f > most) {
            most = minus_f;
            best = c;
        }
    }
    return best;
}

static void read_labels(void *user, int first, int end) {
    struct sums *s = user;
    const struct glb_topology *t = s->t;
    const struct glb_graph *g = t->graph;
    const int pixels = t->layer[0].count, labels = t->layer[t->nlayers - 1].first;
    const int classes = t->classes;
    double *field = malloc(sizeof *field * (size_t)g->n);
    double *by_class = calloc((size_t)(labels - pixels) * (size_t)classes, sizeof *by_class);
    double *h = malloc(sizeof *h * (size_t)g->n);
    if (!field || !by_class || !h) {
        atomic_store(s->failed, 1);
    } else {
        for (int i = 0; i < g->n; i++)
            h[i] = s->h[i];
        for (int e = 0; e < g->m; e++) { /* all labels off; a class that is on adds twice */
            const int i = g->ei[e], k = g->ej[e] - labels;
            if (i < pixels || i >= labels || k < 0)
                continue;
            by_class[(i - pixels) * classes + k % classes] += s->J[e];
            h[i] -= s->J[e];
        }
        struct sums own = *s;
        own.h = h;
        for (int i = first; i < end; i++) {
            const int class = read_label(&own, i, field, by_class);
            if (s->predicted)
                s->predicted[i] = (uint8_t) class;
        }
    }
    free(field);
    free(by_class);
    free(h);
}

enum glb_status glb_free_energies(const struct glb_topology *t, const double *J, const double *h,
                                  const struct glb_dataset *d, int threads, uint8_t *predicted,
                                  double *energy) {
    atomic_int failed = 0;
    struct sums s = {t, J, h, d, predicted, energy, &failed};
    if (!glb_free_energy_exists(t))
        return glb_fail(GLB_ERR_UNSUPPORTED, "free energies: hidden units of %s are coupled",
                        t->spec);
    const enum glb_status fits = glb_dataset_fits(d, t->width, t->height, GLB_MAX_CLASSES);
    if (fits != GLB_OK)
        return fits;
    glb_parallel(threads, d->count, read_labels, &s);
    return atomic_load(&failed) ? glb_fail(GLB_ERR_MEMORY, "no memory for free energies") : GLB_OK;
}
