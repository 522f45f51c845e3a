/* The gradient of "read, then contrast" on the emulated array, for machines of every topology,
 * against the enumerated one: means with each image's label less those with the classes that the
 * reading draws, every class with its chance. Sums over all states of hidden units and labels give
 * that chance; so wrong signs, factors, biases or fields show, and so does an image that is left
 * out or counted twice. SPDX-License-Identifier: Apache-2.0 */
#include "support/learn/tiny_gradient.h"

enum { CHAINS = 4096, STEPS = 8 };

static struct glb_train_options options(const struct tiny_machine *m) {
    struct glb_train_options o;
    glb_train_defaults(&m->t, &o);
    glb_train_defaults_contrast(&m->t, &o);
    o.epochs = 10000;
    o.rate = 0.01;
    o.warm_up = 0;
    o.shift = 0;
    o.warp = 0;
    o.threads = 2;
    o.read_burn = 30;
    o.read = 1; /* the softmax of a mean has another mean */
    o.positive_burn = o.negative_burn = 20;
    o.positive = o.negative = 60;
    for (int k = 0; k < GLB_PARAMETER_KINDS; k++)
        o.relative[k] = 1;
    memset(o.decay, 0, sizeof o.decay);
    return o;
}

/* ---- the chance of each class ---- */

static double minus_energy(const struct tiny_machine *m, const double *J, const double *h,
                           uint32_t s) {
    const struct glb_graph *g = m->t.graph;
    double sum = 0;
    for (int i = 0; i < g->n; i++)
        sum += s >> i & 1 ? h[i] : -h[i];
    for (int e = 0; e < g->m; e++)
        sum += (s >> g->ei[e] ^ s >> g->ej[e]) & 1 ? -J[e] : J[e];
    return sum;
}

static uint32_t bits_of(const struct glb_layer *l) {
    return ((1u << l->count) - 1) << l->first;
}

/* Labels coupled to h2 or h3 alone: these units are summed out. */
static int sums_out(const struct tiny_machine *m) {
    return m->t.nlayers > 3;
}

/* Class c's logarithm of a share, given a state of the machine. */
static double score(const struct tiny_machine *m, const double *J, const double *h, uint32_t s,
                    int c) {
    const struct glb_layer *labels = &m->t.layer[m->t.nlayers - 1], *below = labels - 1;
    uint32_t on = 0;
    double sum = 0;
    for (int k = c; k < labels->count; k += TINY_CLASSES)
        on |= 1u << (labels->first + k);
    if (sums_out(m)) {
        s = (s & ~bits_of(labels) & ~bits_of(below)) | on;
        for (uint32_t k = 0; k < 1u << below->count; k++)
            sum += exp(minus_energy(m, J, h, s | k << below->first));
        return log(sum);
    }
    for (uint32_t k = 0; k < 32; k++) /* what each label gains if it is turned on by itself */
        if (on >> k & 1)
            sum += minus_energy(m, J, h, s | 1u << k) - minus_energy(m, J, h, s & ~(1u << k));
    return sum;
}

static void chances(const struct tiny_machine *m, const double *J, const double *h,
                    const int8_t *clamp, double q[TINY_CLASSES]) {
    const int n = m->t.graph->n;
    uint32_t mask = 0, fixed = 0;
    double all = 0;
    for (int i = 0; i < n; i++) {
        mask |= clamp[i] ? 1u << i : 0;
        fixed |= clamp[i] > 0 ? 1u << i : 0;
    }
    memset(q, 0, sizeof *q * TINY_CLASSES);
    for (uint32_t s = 0; s < 1u << n; s++) {
        if ((s ^ fixed) & mask)
            continue;
        const double p = exp(minus_energy(m, J, h, s));
        double share[TINY_CLASSES], total = 0;
        for (int c = 0; c < TINY_CLASSES; c++)
            total += share[c] = exp(score(m, J, h, s, c));
        for (int c = 0; c < TINY_CLASSES; c++)
            q[c] += p * share[c] / total;
        all += p;
    }
    for (int c = 0; c < TINY_CLASSES; c++)
        q[c] /= all;
}

/* ---- the trainer's ---- */

static int chains_with(const struct glb_trainer *r, int image) {
    int count = 0;
    for (int c = 0; c < CHAINS; c++)
        count += r->batch.index[c] == image;
    return count;
}

/* With the images' labels; with the classes that are drawn. */
static void phases(const struct tiny_machine *m, const struct glb_trainer *r, const double *J,
                   const double *h, struct tiny_means to[2]) {
    int8_t clamp[TINY_N];
    memset(to, 0, 2 * sizeof *to);
    for (int i = 0; i < TINY_IMAGES; i++) {
        const double share = (double)chains_with(r, i) / CHAINS;
        double q[TINY_CLASSES];
        tiny_clamp(m, i, -1, clamp);
        chances(m, J, h, clamp, q);
        for (int c = 0; c < TINY_CLASSES; c++) {
            tiny_clamp(m, i, c, clamp);
            tiny_add(m, J, h, 1, clamp, share * q[c], &to[1]);
            if (c == m->d.label[i])
                tiny_add(m, J, h, 1, clamp, share, &to[0]);
        }
    }
}

static void follows(const struct tiny_machine *m) {
    const int count = m->t.graph->m + m->t.graph->n;
    const struct glb_train_options o = options(m);
    const struct glb_layer_sampler_options so = {
        .device = "emu", .array = "tiny", .chains = CHAINS, .threads = 2, .u = GLB_TRAIN_U};
    double w[TINY_M + TINY_N], J[TINY_M], h[TINY_N], got[TINY_M + TINY_N] = {0};
    struct glb_layer_sampler s;
    struct glb_trainer *r;
    struct tiny_means to[2];
    int large = 0;
    if (glb_train_sampler_open(&m->t, &o, GLB_TRAIN_COUNT_AUTO, &so, &s) != GLB_OK)
        fail_msg("%s: %s", m->spec, glb_error());
    assert_int_equal(glb_trainer_open_on(&m->t, &m->d, &s, &o, &r), GLB_OK);
    for (int i = 0; i < m->t.graph->n; i++) /* biases stay on the grid */
        r->mu[i] = 0.5f * (float)((i * 7 + 1) % 3 - 1);
    for (int step = 0; step < STEPS; step++) {
        tiny_set_weights(r, w);
        memset(r->s.first, 0, sizeof *r->s.first * (size_t)count);
        if (glb_trainer_step(r) != GLB_OK)
            fail_msg("%s: %s", m->spec, glb_error());
        for (int p = 0; p < count; p++)
            got[p] += (double)r->s.first[p] / 0.1 / STEPS;
    }
    tiny_uncentre(r, w, J, h);
    phases(m, r, J, h, to); /* a batch has every image as often */
    for (int p = 0; p < count; p++) {
        const double want = tiny_gap(r, &to[0], &to[1], p);
        large += fabs(want) > 0.06;
        /* Chance: 271 * beyond(0.025 / 0.004) | slopes of all parameters, against enumeration;
         * eight seeds: 0.002 to 0.005 */
        if (fabs(got[p] - want) > 0.025)
            fail_msg("%s: parameter %d of %d: %.4f, not %.4f", m->spec, p, count, got[p], want);
    }
    assert_true(large > count / 10); /* for a wrong sign or factor to show */
    glb_trainer_close(r);
    glb_layer_sampler_close(&s);
}

static void follows_the_rule(void **state) {
    const struct tiny_topology *topology = *state;
    struct tiny_machine m = {.spec = topology->spec, .planes = topology->planes};
    tiny_build(&m);
    follows(&m);
    tiny_clear(&m);
}

int main(void) {
    return tiny_run(follows_the_rule);
}
