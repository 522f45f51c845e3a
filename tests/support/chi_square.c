/* Statistics: incomplete gamma function and Pearson's chi-square test.
 * SPDX-License-Identifier: Apache-2.0 */
#include "support/chi_square.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ITERATIONS = 100000 };

static double front(double a, double x) {
    return exp(a * log(x) - x - lgamma(a));
}

/* Series for P, good for x < a + 1: sum of x^k / (a (a+1) ... (a+k)). */
static double series(double a, double x) {
    double term = 1 / a, sum = term;
    for (int k = 1; k < ITERATIONS && term > sum * DBL_EPSILON; k++)
        sum += term *= x / (a + k);
    return sum * front(a, x);
}

/* Continued fraction for Q, good for x >= a + 1, evaluated forwards (Lentz). */
static double fraction(double a, double x) {
    const double tiny = 1e-300;
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, value = d;
    for (int k = 1; k < ITERATIONS; k++) {
        const double numerator = -k * (k - a);
        b += 2;
        d = numerator * d + b;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = b + numerator / c;
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        if (fabs(d * c - 1) < 4 * DBL_EPSILON)
            break;
    }
    return value * front(a, x);
}

double glb_gamma_p(double a, double x) {
    if (x <= 0)
        return 0;
    return x < a + 1 ? series(a, x) : 1 - fraction(a, x);
}

double glb_gamma_q(double a, double x) {
    if (x <= 0)
        return 1;
    return x < a + 1 ? 1 - series(a, x) : fraction(a, x);
}

double glb_chi2_p(double x, int dof) {
    return dof < 1 ? 1 : glb_gamma_q(dof / 2.0, x / 2);
}

struct cell {
    double expected;
    uint64_t count;
};

static int by_expected(const void *a, const void *b) {
    const double x = ((const struct cell *)a)->expected, y = ((const struct cell *)b)->expected;
    return (x > y) - (x < y);
}

enum glb_status glb_chi2_test(const double *probability, const uint64_t *counts, int cells,
                              double min_expected, struct glb_chi2 *out) {
    double sum = 0, total = 0;
    const double least = min_expected > 0 ? min_expected : 5;
    bool impossible = false;
    *out = (struct glb_chi2){.p = 1};
    for (int k = 0; k < cells; k++) {
        if (!(probability[k] >= 0))
            return glb_fail(GLB_ERR_ARGUMENT, "chi-square: probability %d is %g", k,
                            probability[k]);
        sum += probability[k];
        total += (double)counts[k];
        impossible |= probability[k] == 0 && counts[k] > 0;
    }
    if (cells < 1 || fabs(sum - 1) > 1e-6 || total == 0)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "chi-square: %d cells, %g counts, probabilities that add up to %g", cells,
                        total, sum);
    struct cell *sorted = malloc((size_t)cells * sizeof *sorted);
    if (!sorted)
        return glb_fail(GLB_ERR_MEMORY, "out of memory for %d cells", cells);
    for (int k = 0; k < cells; k++)
        sorted[k] = (struct cell){probability[k] * total / sum, counts[k]};
    qsort(sorted, (size_t)cells, sizeof *sorted, by_expected);

    struct cell pool = {0, 0};
    for (int k = 0; k < cells; k++) {
        pool.expected += sorted[k].expected;
        pool.count += sorted[k].count;
        if (pool.expected < least && k + 1 < cells)
            continue;
        const double difference = (double)pool.count - pool.expected;
        out->statistic += difference * difference / pool.expected;
        out->cells++;
        pool = (struct cell){0, 0};
    }
    free(sorted);
    out->dof = out->cells - 1;
    out->p = impossible ? 0 : glb_chi2_p(out->statistic, out->dof);
    return GLB_OK;
}
