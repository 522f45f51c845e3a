/* The unit of precise programs. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/precise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "array/precise.h"
#include "array/uses.h"
#include "compiler/quantise.h"
#include "compiler/room.h"

/* Error x beta from which on a program becomes precise: of graphs that can be enumerated, whose
 * samples show less than of large ones, the noise of a million samples. */
static const double AIMED_AT = 0.05, AIMED_AT_SMALL = 0.002;
static const double WORTH = 0.7; /* of the plain error: what is not below stays plain */

enum { MOST_PARTS = 255, SMALL = 32 }; /* p-bits */

struct rounding { /* of a precise problem */
    struct problem *problem;
    double *term;  /* [2 m + n]: of p-bit i from adj.start[i] + i on, its bias last */
    bool *decided; /* [n] by its largest term alone */
    int32_t *limit, *weight;
    struct glb_term *order;
    double error; /* of the last round_all(): the largest of a p-bit's field */
};

static void rounding_close(struct rounding *r) {
    free(r->term);
    free(r->decided);
    free(r->limit);
    free(r->weight);
    free(r->order);
}

static enum glb_status rounding_open(struct problem *problem, struct rounding *r) {
    const struct glb_adjacency *adj = &problem->adj;
    const struct glb_graph *g = problem->graph;
    const size_t n = (size_t)problem->n, uses = 2 * (size_t)g->m;
    const int32_t any = MOST_PARTS * glb_array_weight_limit(problem->array);
    *r = (struct rounding){.problem = problem,
                           .term = malloc((uses + n) * sizeof *r->term),
                           .decided = calloc(n, sizeof *r->decided),
                           .limit = malloc((n + 1) * sizeof *r->limit),
                           .weight = malloc((n + 1) * sizeof *r->weight),
                           .order = malloc((n + 1) * sizeof *r->order)};
    if (!problem->parts)
        problem->parts = malloc(uses + 1);
    if (!r->term || !r->decided || !r->limit || !r->weight || !r->order || !problem->parts)
        return glb_fail(GLB_ERR_MEMORY, "no memory to round %d couplings", g->m);
    memset(problem->parts, 1, uses + 1);
    for (int i = 0; i < problem->n; i++) {
        double *term = &r->term[adj->start[i] + i];
        const int count = problem_degree(problem, i);
        for (int k = 0; k < count; k++)
            term[k] = g->J[adj->edge[adj->start[i] + k]];
        term[count] = g->h[i];
        r->decided[i] = glb_certain_terms(term, count + 1,
                                          GLB_CERTAIN / problem->options->beta_least, r->order);
        r->limit[i] = any;
    }
    return GLB_OK;
}

/* What a p-bit's own terms may add up to: its helper adds up to as much as the largest weight. */
static int precise_limit(const struct problem *problem) {
    return glb_array_field_limit(problem->array) - GLB_MOST_HELPER_WEIGHT;
}

/* Is six sigma of random neighbours enough for p-bit i? */
static bool by_sigma(const struct problem *problem, int i) {
    return problem->hub[i] >= 0 && !problem->options->worst_case_range;
}

/* The smallest u before rounding. */
static double least_unit(const struct rounding *r) {
    const struct problem *problem = r->problem;
    double u = 0;
    for (int i = 0; i < problem->n; i++) {
        const double *term = &r->term[problem->adj.start[i] + i];
        const int count = problem_degree(problem, i);
        double sum = 0, squares = 0;
        for (int k = 0; k < count; k++) {
            sum += fabs(term[k]);
            squares += term[k] * term[k];
        }
        if (by_sigma(problem, i))
            sum = fmin(sum, 6 * sqrt(squares));
        u = fmax(u, (fabs(term[count]) + sum) / precise_limit(problem));
    }
    return u > 0 ? u : 1.0 / 32;
}

/* Rounds p-bit i; its largest field in units of u, and the error of its field into r->error. */
static double round_pbit(struct rounding *r, int i, double u) {
    const struct problem *problem = r->problem;
    const double *term = &r->term[problem->adj.start[i] + i];
    const int count = problem_degree(problem, i);
    double sum = 0, low = 0, high = 0, weights = 0, squares = 0;
    const double q = glb_round_terms(term, count, u, r->limit, r->weight);
    for (int k = 0; k < count; k++) {
        const int32_t w = r->weight[k];
        const int one = glb_array_weight_limit(problem->array);
        const int parts = (abs(w) + 1 + one - 1) / one; /* another sum may ask for one more */
        problem->parts[problem->adj.start[i] + k] =
            (uint8_t)(parts < MOST_PARTS ? parts : MOST_PARTS);
        sum += w;
        low += w < 0 ? w : 0;
        high += w > 0 ? w : 0;
        weights += (double)w * w / 4;
        squares += pow(term[k] - w * u / 2, 2);
    }
    if (!r->decided[i])
        r->error = fmax(r->error, sqrt(squares + pow(term[count] - (q + sum / 2) * u, 2)));
    const double worst = fmax(fabs(q + low), fabs(q + high));
    return by_sigma(problem, i) ? fmin(worst, fabs(q + sum / 2) + 6 * sqrt(weights)) : worst;
}

/* Rounds all p-bits with the smallest u from *u on that their fields allow. */
static void round_all(struct rounding *r, double *u) {
    const int limit = precise_limit(r->problem);
    for (bool fits = false; !fits; *u *= fits ? 1 : 1.002) {
        fits = true;
        r->error = 0;
        for (int i = 0; i < r->problem->n; i++) /* those that no segment updates add nothing */
            fits &= r->problem->seg_of[i] < 0 || round_pbit(r, i, *u) <= limit;
    }
}

/* The error of a p-bit's field with the plain weights of choose_unit(). */
static double plain_error(const struct problem *problem) {
    const struct glb_adjacency *adj = &problem->adj;
    const struct glb_graph *g = problem->graph;
    double most = 0;
    for (int i = 0; i < problem->n; i++) {
        double sum = 0, squares = 0;
        for (int k = adj->start[i]; k < adj->start[i + 1]; k++) {
            const int w = problem->weight[adj->edge[k]];
            sum += w;
            squares += pow(g->J[adj->edge[k]] - w * problem->u / 2, 2);
        }
        const double bias = rint(g->h[i] / problem->u - sum / 2) + sum / 2;
        if (problem->seg_of[i] >= 0)
            most = fmax(most, sqrt(squares + pow(g->h[i] - bias * problem->u, 2)));
    }
    return most;
}

static void no_helpers(struct problem *problem) {
    free(problem->helped);
    problem->helped = NULL;
    problem->helpers = problem->helper_reads = 0;
}

static void stay_plain(struct problem *problem) {
    no_helpers(problem);
    problem->precise = false;
    problem->u = problem->plain_u;
    problem->worst_case = problem->plain_worst_case;
    free(problem->parts);
    problem->parts = NULL;
}

enum {
    LEAST_GAIN = 4,
    MOST_GAIN = 120
}; /* of helpers: with less they win little, and with more
      rounding has lost little */

/* Helpers for all p-bits that do not decide anyway, where there is one beta. */
static enum glb_status give_helpers(const struct rounding *r, double u) {
    struct problem *problem = r->problem;
    const double beta = problem->options->beta_least, gain = glb_helper_gain(beta * u);
    no_helpers(problem);
    if (beta != problem->options->beta_most || problem->nhubs || gain < LEAST_GAIN ||
        gain > MOST_GAIN)
        return GLB_OK;
    problem->helped = calloc((size_t)problem->n, sizeof *problem->helped);
    if (!problem->helped)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d helpers", problem->n);
    for (int i = 0; i < problem->n; i++) {
        const int degree = problem_degree(problem, i);
        problem->helped[i] = problem->seg_of[i] >= 0 && !r->decided[i] &&
                             gain * (degree + 2) < precise_limit(problem);
        problem->helpers += problem->helped[i];
        problem->helper_reads += problem->helped[i] ? degree + 1 : 0;
    }
    return GLB_OK;
}

/* Precise with u or the next larger one whose reads have room, if that is worth it. */
static enum glb_status make_precise(struct problem *problem, double u) {
    struct rounding r;
    enum glb_status s = rounding_open(problem, &r);
    problem->precise = true;
    for (u = fmax(u, s ? 0 : least_unit(&r)); !s; u *= 1.25) {
        round_all(&r, &u);
        if (r.error >= WORTH * problem->plain_error) {
            stay_plain(problem);
            break;
        }
        problem->worst_case = !problem->nhubs;
        s = give_helpers(&r, u);
        if (!s)
            s = check_room(problem);
        if (s == GLB_ERR_FIT && problem->helpers) {
            no_helpers(problem);
            s = check_room(problem);
        }
        if (!s)
            break;
        s = s == GLB_ERR_FIT ? GLB_OK : s;
    }
    if (!s && problem->precise)
        problem->u = u;
    rounding_close(&r);
    return s;
}

enum glb_status choose_precision(struct problem *problem) {
    const struct glb_compile_options *o = problem->options;
    const double usual = problem->n <= SMALL ? AIMED_AT_SMALL : AIMED_AT;
    const double aim = o->precision > 0 ? o->precision : usual;
    if (!(o->beta_least > 0) || o->precision < 0 || o->u > 0 || problem->copies > 1)
        return GLB_OK;
    problem->plain_u = problem->u;
    problem->plain_worst_case = problem->worst_case;
    problem->plain_error = plain_error(problem);
    return problem->plain_error * o->beta_most > aim ? make_precise(problem, 0) : GLB_OK;
}

enum glb_status coarsen_precision(struct problem *problem) {
    if (problem->helpers) {
        no_helpers(problem);
        return GLB_OK;
    }
    return make_precise(problem, 1.5 * problem->u);
}

enum glb_status check_precision(const struct problem *problem, const struct glb_precision *q) {
    const struct glb_compile_options *o = problem->options;
    if (!o->precision_strict || q->field_error * o->beta_most <= o->precision)
        return GLB_OK;
    return glb_fail(GLB_ERR_FIT,
                    "precision: rounding changes the field of a p-bit by %.3g x beta, more than "
                    "the %g asked for: the %d-bit accumulator of array %s takes fields of up to "
                    "%.4g here in steps of %.3g; accept %.2g, or bring the largest couplings and "
                    "biases of a p-bit closer to the smallest",
                    q->field_error * o->beta_most, o->precision, problem->array->acc,
                    problem->array->name, q->u * precise_limit(problem), q->u,
                    q->field_error * o->beta_most * 1.01);
}

enum glb_status precise_field(const struct problem *problem, const struct glb_program *p,
                              double *largest) {
    struct glb_uses uses;
    const enum glb_status s = glb_uses_list(p, false, &uses);
    for (int b = 0; b < p->nbias && !s; b++) {
        const int i = p->bias[b].to;
        double sum = 0, low = p->qbias[i], high = low, squares = 0;
        for (int k = uses.start[i]; k < uses.start[i + 1]; k++) {
            const double w = glb_use_weight(p, &uses, &uses.use[k]);
            sum += w;
            low += w < 0 ? w : 0;
            high += w > 0 ? w : 0;
            squares += w * w / 4;
        }
        double f = fmax(fabs(low), fabs(high));
        if (by_sigma(problem, i))
            f = fmin(f, fabs(p->qbias[i] + sum / 2) + 6 * sqrt(squares));
        *largest = fmax(*largest, f);
    }
    glb_uses_free(&uses);
    return s;
}
