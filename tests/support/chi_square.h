/* Statistics for tests and reports: chi-square. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SUPPORT_CHI_SQUARE_H
#define GLB_SUPPORT_CHI_SQUARE_H

#include <stdint.h>
#include "base/status.h"

struct glb_chi2 {
    double statistic;
    int dof;   /* cells after pooling, minus one */
    int cells; /* after pooling */
    double p;  /* chance of a statistic at least this large if the probabilities are right */
};

/* Regularised incomplete gamma functions, a > 0, x >= 0: P rises from 0 to 1 with x, Q = 1 - P
 * without cancellation. */
double glb_gamma_p(double a, double x);
double glb_gamma_q(double a, double x);

/* P(chi-square of dof degrees of freedom >= x). */
double glb_chi2_p(double x, int dof);

/* Pearson's test of counts[cells] against probability[cells] (their sum is 1) for independent
 * draws. Cells expected fewer than min_expected times (5 is usual; 0 means 5) are pooled, smallest
 * first. A count in a cell of probability 0 gives p = 0. */
enum glb_status glb_chi2_test(const double *probability, const uint64_t *counts, int cells,
                              double min_expected, struct glb_chi2 *out);

#endif
