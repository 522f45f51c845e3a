/* Labels and pictures of machines of every topology on the emulated array against enumeration:
 * spins and fields of labels, free energies, pixels of a class, pixels that are missing.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "learn/draw/draw.h"
#include "learn/labels/free_energy.h"
#include "learn/labels/read_labels.h"
#include "learn/training/trainer.h"
#include "support/learn/tiny_machines.h"

enum { CHAINS = 1024, AVERAGE = 200, PIXELS = 8 /* at most */ };

/* Chance: 3200 * beyond(0.04 / 0.00625) | means of spins, fields and pixels; deviation of six seeds
 */
static const double near = 0.04;

struct loaded {
    struct tiny_machine m;
    struct glb_layer_sampler s;
    double J[TINY_M], h[TINY_N];
};

/* Couplings and biases that the array holds exactly. */
static void load(struct loaded *x, const char *spec, int planes) {
    x->m = (struct tiny_machine){.spec = spec, .planes = planes};
    tiny_build(&x->m);
    const struct glb_graph *g = x->m.t.graph;
    const struct glb_layer_sampler_options so = {.device = "emu",
                                                 .array = "tiny",
                                                 .chains = CHAINS,
                                                 .threads = 1,
                                                 .u = GLB_TRAIN_U,
                                                 .layers = (1u << x->m.t.nlayers) - 1};
    for (int e = 0; e < g->m; e++)
        x->J[e] = nearbyint(10 * (glb_unit_at(6, 1, (uint64_t)e, 0) - 0.5)) / 8;
    for (int i = 0; i < g->n; i++)
        x->h[i] = nearbyint(16 * (glb_unit_at(6, 2, (uint64_t)i, 0) - 0.5)) / 16;
    int saturated;
    assert_int_equal(glb_layer_sampler_open(&x->m.t, &so, &x->s), GLB_OK);
    assert_int_equal(x->s.set_weights(x->s.self, x->J, x->h, &saturated), GLB_OK);
    assert_int_equal(saturated, 0);
}

static void unload(struct loaded *x) {
    glb_layer_sampler_close(&x->s);
    tiny_clear(&x->m);
}

static void close_to(const struct loaded *x, double got, double want, double most, const char *what,
                     int at) {
    if (!(fabs(got - want) <= most))
        fail_msg("%s: %s %d: %.4f, not %.4f", x->m.spec, what, at, got, want);
}

/* ---- labels ---- */

/* Means over a class's copies: of its spins, of its fields. */
static void exact_scores(const struct loaded *x, int image, double beta, double spin[TINY_CLASSES],
                         double field[TINY_CLASSES]) {
    const struct glb_topology *t = &x->m.t;
    const struct glb_layer *labels = &t->layer[t->nlayers - 1];
    const double share = (double)TINY_CLASSES / labels->count;
    struct tiny_means means = {.log_z = 0};
    int8_t clamp[TINY_N];
    tiny_clamp(&x->m, image, -1, clamp);
    tiny_add(&x->m, x->J, x->h, beta, clamp, 1, &means);
    memset(spin, 0, sizeof *spin * TINY_CLASSES);
    memset(field, 0, sizeof *field * TINY_CLASSES);
    for (int k = 0; k < labels->count; k++) {
        const int i = labels->first + k;
        spin[k % TINY_CLASSES] += share * means.mean[i];
        field[k % TINY_CLASSES] += share * x->h[i];
        for (int e = 0; e < t->graph->m; e++)
            if (t->graph->ei[e] == i || t->graph->ej[e] == i)
                field[k % TINY_CLASSES] +=
                    share * x->J[e] *
                    means.mean[t->graph->ei[e] == i ? t->graph->ej[e] : t->graph->ei[e]];
    }
}

static void labels(struct loaded *x) {
    static const double beta[] = {1, 0.5, 1.5};
    for (int b = 0; b < 3; b++)
        for (int fields = 0; fields < 2; fields++) {
            double score[TINY_IMAGES][TINY_CLASSES];
            uint8_t read[TINY_IMAGES];
            struct glb_read_labels r;
            const struct glb_read_labels_options o = {.sweeps = 64 * 3000,
                                                      .chains = 64,
                                                      .burn_in = 30,
                                                      .beta = beta[b],
                                                      .J = fields ? x->J : NULL,
                                                      .h = fields ? x->h : NULL,
                                                      .score = *score,
                                                      .seed = 3};
            assert_int_equal(glb_read_labels_run(&x->m.t, &x->s, &x->m.d, &o, read, &r), GLB_OK);
            int right = 0;
            for (int i = 0; i < TINY_IMAGES; i++) {
                double exact[2][TINY_CLASSES];
                exact_scores(x, i, beta[b], exact[0], exact[1]);
                for (int c = 0; c < TINY_CLASSES; c++)
                    close_to(x, score[i][c], exact[fields][c], near * (1 + fields),
                             fields ? "field of image" : "spin of image", i);
                if (fabs(exact[fields][0] - exact[fields][1]) > 4 * near)
                    assert_int_equal(read[i], exact[fields][1] > exact[fields][0]);
                right += read[i] == x->m.d.label[i];
            }
            assert_int_equal(r.right, right);
        }
}

/* With an image and each class clamped, -log of what is left is the free energy. */
static void free_energies(struct loaded *x) {
    double f[TINY_IMAGES][TINY_CLASSES];
    uint8_t read[TINY_IMAGES];
    const struct glb_graph *g = x->m.t.graph;
    const int first = x->m.t.layer[0].count, end = x->m.t.layer[x->m.t.nlayers - 1].first;
    int coupled = 0;
    for (int e = 0; e < g->m; e++)
        coupled += g->ei[e] >= first && g->ej[e] < end;
    const enum glb_status s = glb_free_energies(&x->m.t, x->J, x->h, &x->m.d, 1, read, *f);
    assert_int_equal(s, coupled ? GLB_ERR_UNSUPPORTED : GLB_OK);
    for (int i = 0; i < TINY_IMAGES && s == GLB_OK; i++) {
        for (int c = 0; c < TINY_CLASSES; c++) {
            struct tiny_means means = {.log_z = 0};
            int8_t clamp[TINY_N];
            tiny_clamp(&x->m, i, c, clamp);
            tiny_add(&x->m, x->J, x->h, 1, clamp, 1, &means);
            close_to(x, f[i][c], -means.log_z, 1e-9, "free energy of image", i);
        }
        assert_int_equal(read[i], f[i][1] < f[i][0]);
    }
}

/* ---- pictures ---- */

static void drawn(struct loaded *x) {
    static uint8_t grey[TINY_CLASSES][CHAINS / TINY_CLASSES][PIXELS];
    const int pixels = x->m.t.layer[0].count, columns = CHAINS / TINY_CLASSES;
    const struct glb_drawing o = {.columns = columns,
                                  .sweeps = 10 * AVERAGE + 300,
                                  .beta = 0.8,
                                  .average = AVERAGE,
                                  .seed = 2};
    struct glb_job_counters n;
    assert_int_equal(glb_draw_digits(&x->m.t, &x->s, &o, &grey[0][0][0], &n), GLB_OK);
    for (int c = 0; c < TINY_CLASSES; c++) {
        struct tiny_means means = {.log_z = 0};
        int8_t clamp[TINY_N];
        tiny_clamp(&x->m, -1, c, clamp);
        tiny_add(&x->m, x->J, x->h, 0.8, clamp, 1, &means);
        for (int p = 0; p < pixels; p++) {
            double sum = 0;
            for (int k = 0; k < columns; k++) /* [classes][columns][pixels], without gaps */
                sum += (&grey[0][0][0])[(c * columns + k) * pixels + p];
            close_to(x, sum / columns / 255, (1 + means.mean[p]) / 2, near, "drawn pixel", p);
        }
    }
}

/* Pixels 0 and 3 of each plane stay, or the upper row. Every image is in 64 chains. */
static void missing(struct loaded *x, const bool *keep) {
    static uint8_t grey[CHAINS * PIXELS];
    static int32_t index[CHAINS];
    const int pixels = x->m.t.layer[0].count, each = CHAINS / TINY_IMAGES;
    const struct glb_drawing o = {
        .columns = 1, .sweeps = 10 * AVERAGE + 300, .beta = 1, .average = AVERAGE, .seed = 2};
    struct glb_job_counters n;
    for (int c = 0; c < CHAINS; c++)
        index[c] = c % TINY_IMAGES;
    assert_int_equal(glb_draw_inpaint(&x->m.t, &x->s, &x->m.d, index, CHAINS, keep, &o, grey, &n),
                     GLB_OK);
    for (int i = 0; i < TINY_IMAGES; i++) {
        struct tiny_means means = {.log_z = 0};
        int8_t clamp[TINY_N];
        tiny_clamp(&x->m, i, x->m.d.label[i], clamp);
        for (int p = 0; p < pixels; p++)
            if (keep ? !keep[p % 4] : p % 4 >= 2)
                clamp[p] = 0;
        tiny_add(&x->m, x->J, x->h, 1, clamp, 1, &means);
        for (int p = 0; p < pixels; p++) {
            double sum = 0;
            for (int k = 0; k < each; k++)
                sum += grey[(k * TINY_IMAGES + i) * pixels + p];
            close_to(x, sum / each / 255, (1 + means.mean[p]) / 2, clamp[p] ? 1e-12 : 2 * near,
                     "missing pixel", p);
        }
    }
}

/* A machine that shows a pixel twice, and another not at all. */
static void refuses_to_draw(struct loaded *x) {
    static uint8_t grey[CHAINS * PIXELS];
    const int32_t index[1] = {0};
    const struct glb_drawing o = {.columns = 1, .sweeps = 100, .average = 10, .seed = 2};
    struct glb_job_counters n;
    assert_int_equal(glb_draw_digits(&x->m.t, &x->s, &o, grey, &n), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "each pixel once"));
    assert_int_equal(glb_draw_inpaint(&x->m.t, &x->s, &x->m.d, index, 1, NULL, &o, grey, &n),
                     GLB_ERR_ARGUMENT);
}

static void all(void **state) {
    const struct tiny_topology *topology = *state;
    static const bool corners[] = {true, false, false, true};
    struct loaded x;
    load(&x, topology->spec, topology->planes);
    labels(&x);
    free_energies(&x);
    if (x.m.t.pixel_of) {
        refuses_to_draw(&x);
    } else {
        drawn(&x);
        missing(&x, NULL);
        missing(&x, corners);
    }
    labels(&x); /* nothing stays held */
    unload(&x);
}

int main(void) {
    return tiny_run(all);
}
