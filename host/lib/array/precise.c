/* Rounding and measuring precise programs. SPDX-License-Identifier: Apache-2.0 */
#include "array/precise.h"

#include <math.h>
#include <stdlib.h>
#include "array/coupling_word.h"
#include "array/uses.h"

struct terms {                  /* of one p-bit at a time */
    struct glb_uses uses, lost; /* of the p-bits, of their helpers */
    int32_t *helper;            /* [n] index into p->helper, or -1 */
    double *term;               /* [most + 1] */
    int32_t *limit, *weight;
    struct glb_term *order;
};

static void terms_free(struct terms *t) {
    glb_uses_free(&t->uses);
    glb_uses_free(&t->lost);
    free(t->helper);
    free(t->term);
    free(t->limit);
    free(t->weight);
    free(t->order);
}

/* Does p-bit i's helper read the same couplings, each once? */
static bool same_uses(const struct terms *t, int i) {
    const int count = t->uses.start[i + 1] - t->uses.start[i];
    bool same = t->lost.start[i + 1] - t->lost.start[i] == count;
    for (int k = 0; k < count && same; k++)
        same = t->lost.use[t->lost.start[i] + k].edge == t->uses.use[t->uses.start[i] + k].edge &&
               t->lost.use[t->lost.start[i] + k].count == 1;
    return same;
}

static enum glb_status terms_open(const struct glb_program *p, struct terms *t) {
    *t = (struct terms){0};
    enum glb_status s = glb_uses_list(p, false, &t->uses);
    if (!s)
        s = glb_uses_list(p, true, &t->lost);
    const size_t most = (size_t)t->uses.most + 1;
    if (s)
        return s;
    t->helper = malloc(((size_t)p->n + 1) * sizeof *t->helper);
    t->term = malloc(most * sizeof *t->term);
    t->limit = malloc(most * sizeof *t->limit);
    t->weight = malloc(most * sizeof *t->weight);
    t->order = malloc(most * sizeof *t->order);
    if (!t->helper || !t->term || !t->limit || !t->weight || !t->order)
        return glb_fail(GLB_ERR_MEMORY, "no memory to round the couplings of %d p-bits", p->n);
    for (int i = 0; i < p->n; i++)
        t->helper[i] = -1;
    for (int k = 0; k < p->nhelpers; k++)
        t->helper[p->helper[k].to] = k;
    for (int k = 0; k < p->nhelpers; k++)
        if (!same_uses(t, p->helper[k].to))
            return glb_fail(GLB_ERR_FORMAT,
                            "the helper of p-bit %d does not read what the p-bit does; compile "
                            "the graph again",
                            p->helper[k].to);
    return GLB_OK;
}

/* p-bit i's couplings and, last, its bias as far as the program's beta can tell; their number
 * without it. */
static int load_terms(const struct glb_program *p, struct terms *t, int i, const double *J,
                      const double *h, bool *decided) {
    const int first = t->uses.start[i], count = t->uses.start[i + 1] - first;
    for (int k = 0; k < count; k++)
        t->term[k] = J[t->uses.use[first + k].edge];
    t->term[count] = h[i];
    *decided = glb_certain_terms(t->term, count + 1, GLB_CERTAIN / p->beta, t->order);
    return count;
}

/* What another integer than the nearest adds to the squared error, in squared half units. */
static double cost_of(double x) {
    return 1 - 2 * fabs(x - rint(x));
}

/* Moves the cheapest coupling to the second nearest integer, so that the sum becomes even or odd,
 * unless a bias can give way for less. */
static void change_sum(const double *term, int count, double u, const int32_t *limit,
                       int32_t *weight) {
    double least = term[count] != 0 ? cost_of(2 * term[count] / u) : INFINITY;
    int at = -1;
    int32_t to = 0;
    for (int k = 0; k < count; k++) {
        const double x = 2 * term[k] / u;
        const int32_t y = weight[k] + (x > weight[k] || (x == weight[k] && x < 0) ? 1 : -1);
        if (term[k] != 0 && abs(y) <= limit[k] && cost_of(x) < least) {
            least = cost_of(x);
            at = k;
            to = y;
        }
    }
    if (at >= 0)
        weight[at] = to;
}

double glb_round_terms(const double *term, int count, double u, const int32_t *limit,
                       int32_t *weight) {
    const double bias = rint(2 * term[count] / u);
    int64_t sum = 0;
    for (int k = 0; k < count; k++) {
        const double y = rint(2 * term[k] / u);
        weight[k] = (int32_t)fmin(fmax(y, -limit[k]), limit[k]);
        sum += weight[k];
    }
    if (fmod(bias - (double)sum, 2) != 0)
        change_sum(term, count, u, limit, weight);
    sum = 0;
    for (int k = 0; k < count; k++)
        sum += weight[k];
    return rint(term[count] / u - (double)sum / 2);
}

/* Spreads a use's weight over its entries. */
static void put_use(struct glb_program *p, const struct glb_uses *u, const struct glb_use *use,
                    int32_t weight) {
    const struct glb_array *a = &p->array;
    const uint64_t field = (1u << a->jw) - 1;
    for (int k = 0; k < use->count; k++) {
        const struct glb_read_ref *r = &p->reads[u->read[use->first + k]];
        const int32_t part = weight * (k + 1) / use->count - weight * k / use->count;
        const int shift = a->ow + r->lane * a->jw;
        uint64_t *w = &p->coupling[(size_t)r->tile * (size_t)p->c_used + (size_t)r->entry];
        *w = (*w & ~(field << shift)) | ((uint64_t)part & field) << shift;
    }
}

/* Gives p-bit i's helper what is lost of the terms, which become that. A helper reads what its
 * p-bit does, each once, so the two lists of uses run side by side. */
static void put_helper(struct glb_program *p, struct terms *t, int i, int count) {
    const struct glb_bias_ref *h = &p->helper[t->helper[i]];
    const double unit = p->u / glb_helper_gain(p->beta * p->u);
    double sum = 0;
    for (int k = 0; k < count; k++) {
        t->term[k] -= t->weight[k] * p->u / 2;
        sum += t->weight[k];
        t->limit[k] = glb_array_weight_limit(&p->array);
    }
    t->term[count] -= (p->qbias[i] + sum / 2) * p->u;
    const int32_t bias = (int32_t)glb_round_terms(t->term, count, unit, t->limit, t->weight);
    for (int k = 0; k < count; k++)
        put_use(p, &t->lost, &t->lost.use[t->lost.start[i] + k], t->weight[k]);
    glb_program_put_bias(p, h->tile, h->entry, bias);
}

enum glb_status glb_precise_set_weights(struct glb_program *p, const double *J, const double *h,
                                        int *saturated) {
    const int32_t one = glb_array_weight_limit(&p->array);
    struct terms t;
    int count = 0;
    const enum glb_status s = terms_open(p, &t);
    for (int e = 0; e < p->m && !s; e++)
        p->weight[e] = 0;
    for (int i = 0; i < p->n && !s; i++) {
        const struct glb_use *use = &t.uses.use[t.uses.start[i]];
        bool decided;
        const int n = load_terms(p, &t, i, J, h, &decided);
        for (int k = 0; k < n; k++) {
            t.limit[k] = one * use[k].count;
            count += !(fabs(rint(2 * t.term[k] / p->u)) <= t.limit[k]);
        }
        p->qbias[i] = (int32_t)glb_round_terms(t.term, n, p->u, t.limit, t.weight);
        for (int k = 0; k < n; k++) {
            put_use(p, &t.uses, &use[k], t.weight[k]);
            if (abs(t.weight[k]) > abs(p->weight[use[k].edge]))
                p->weight[use[k].edge] = (int16_t)t.weight[k];
        }
        if (t.helper[i] >= 0)
            put_helper(p, &t, i, n);
    }
    if (!s) {
        p->version++;
        glb_program_put_biases(p, &count);
    }
    terms_free(&t);
    if (!s && saturated)
        *saturated = count;
    return s;
}

/* What p-bit i's reads and bias stand for, its helper's included, into term[count] and term[count].
 */
static void effective_terms(const struct glb_program *p, const struct terms *t, int i, double *term,
                            int count) {
    const double fine = p->nhelpers ? p->u / glb_helper_gain(p->beta * p->u) : 0;
    const struct glb_bias_ref *h = t->helper[i] >= 0 ? &p->helper[t->helper[i]] : NULL;
    double sum = 0, lost = 0;
    for (int k = 0; k < count; k++) {
        const int32_t w = glb_use_weight(p, &t->uses, &t->uses.use[t->uses.start[i] + k]);
        const int32_t f = h ? glb_use_weight(p, &t->lost, &t->lost.use[t->lost.start[i] + k]) : 0;
        sum += w;
        lost += f;
        term[k] = w * p->u / 2 + f * fine / 2;
    }
    term[count] = (p->qbias[i] + sum / 2) * p->u;
    if (h) {
        const uint64_t word = p->coupling[(size_t)h->tile * (size_t)p->c_used + (size_t)h->entry];
        term[count] += (glb_ctrl_parts(&p->array, word).bias + lost / 2) * fine;
    }
}

enum glb_status glb_precise_effective(const struct glb_program *p, double *J, double *h) {
    struct terms t;
    const enum glb_status s = terms_open(p, &t);
    for (int e = 0; e < p->m && J && !s; e++)
        J[e] = 0;
    for (int i = 0; i < p->n && !s; i++) {
        const struct glb_use *use = &t.uses.use[t.uses.start[i]];
        const int count = t.uses.start[i + 1] - t.uses.start[i];
        effective_terms(p, &t, i, t.term, count);
        for (int k = 0; k < count && J; k++)
            if (fabs(t.term[k]) > fabs(J[use[k].edge]))
                J[use[k].edge] = t.term[k];
        if (h)
            h[i] = t.term[count];
    }
    terms_free(&t);
    return s;
}

enum { LOST = 1, CUT = 2 }; /* of a coupling: became 0, was made smaller, for one p-bit at least */

/* Adds the errors of a p-bit that no coupling or bias decides alone. mark[m]; term: what its terms
 * should be; is[count + 1]: scratch. */
static void measure_pbit(const struct glb_program *p, const struct terms *t, int i, int count,
                         double *is, double *squares, uint8_t *mark, struct glb_precision *q) {
    const struct glb_use *use = &t->uses.use[t->uses.start[i]];
    double field = 0;
    effective_terms(p, t, i, is, count);
    for (int k = 0; k < count; k++) {
        const double error = t->term[k] - is[k];
        field += error * error;
        q->j_max_error = fmax(q->j_max_error, fabs(error));
        mark[use[k].edge] |= t->term[k] != 0 && is[k] == 0 ? LOST : 0;
    }
    const double error = t->term[count] - is[count];
    *squares += field;
    q->h_max_error = fmax(q->h_max_error, fabs(error));
    q->field_error = fmax(q->field_error, sqrt(field + error * error));
}

enum glb_status glb_precise_measure(const struct glb_program *p, const struct glb_graph *g,
                                    struct glb_precision *q) {
    struct terms t;
    uint8_t *mark = calloc((size_t)p->m + 1, sizeof *mark);
    double *is = NULL;
    double squares = 0;
    int uses = 0;
    enum glb_status s = terms_open(p, &t);
    if (!s && !(mark && (is = malloc(((size_t)t.uses.most + 1) * sizeof *is))))
        s = glb_fail(GLB_ERR_MEMORY, "no memory for the errors of %d couplings", p->m);
    for (int b = 0; b < p->nbias && !s; b++) {
        const int i = p->bias[b].to;
        const struct glb_use *use = &t.uses.use[t.uses.start[i]];
        bool decided;
        const int count = load_terms(p, &t, i, g->J, g->h, &decided);
        uses += count;
        for (int k = 0; k < count; k++) {
            mark[use[k].edge] |= t.term[k] != g->J[use[k].edge] ? CUT : 0;
            q->entries_added += use[k].count - 1;
        }
        if (!decided)
            measure_pbit(p, &t, i, count, is, &squares, mark, q);
    }
    q->j_rms_error = uses ? sqrt(squares / uses) : 0;
    for (int e = 0; e < p->m && !s; e++) {
        q->couplings_nonzero += g->J[e] != 0;
        q->couplings_zeroed += (mark[e] & LOST) != 0;
        q->couplings_cut += (mark[e] & CUT) != 0;
    }
    q->helpers = p->nhelpers;
    free(is);
    free(mark);
    terms_free(&t);
    return s;
}
