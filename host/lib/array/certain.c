/* Terms of a field made smaller where that changes no decision.
 *
 * Let a_1 >= a_2 >= ... be the sizes, R_k = a_{k+1} + a_{k+2} + ..., L the limit. All of the k
 * largest are made smaller by d. Signs of which as many are + as - leave the field as it was. Of c
 * more + than -, c > 0, the k terms add up to M_c = (a_1 + .. + a_k) - 2 (a_1 + .. + a_q) at least,
 * q = (k - c) / 2: the largest ones are -. So the field is M_c - R_k at least, and M_c - c d - R_k
 * afterwards: both are L or more if d <= (M_c - R_k - L) / c. The same with - for +.
 * SPDX-License-Identifier: Apache-2.0 */
#include "array/certain.h"

#include <math.h>
#include <stdlib.h>

enum { LARGEST = 24, PASSES = 256 }; /* terms made smaller together; steps until nothing changes */

static const double LEAST = 1e-6; /* of all terms' sum: smaller steps are not worth a pass */

static int by_size(const void *a, const void *b) {
    const struct glb_term *x = a, *y = b;
    return x->size != y->size ? (x->size < y->size ? 1 : -1) : (x->at > y->at) - (x->at < y->at);
}

/* What the k largest can all be made smaller by. */
static double spare(const struct glb_term *t, int k, double all, double limit) {
    double largest = 0, sum = 0, least = t[k - 1].size;
    for (int i = 0; i < k; i++)
        sum += t[i].size;
    for (int q = 0; 2 * q < k; q++) {
        const int c = k - 2 * q;
        least = fmin(least, (sum - 2 * largest - (all - sum) - limit) / c);
        largest += t[q].size;
    }
    return least;
}

/* One step; false if there is none. */
static bool shrink(double *term, const struct glb_term *t, int count, double all, double limit) {
    for (int k = 1; k <= count && k <= LARGEST; k++) {
        const double d = spare(t, k, all, limit);
        if (d <= LEAST * all)
            continue;
        for (int i = 0; i < k; i++)
            term[t[i].at] -= copysign(d, term[t[i].at]);
        return true;
    }
    return false;
}

bool glb_certain_terms(double *term, int count, double limit, struct glb_term *order) {
    for (int pass = 0; pass < PASSES; pass++) {
        double all = 0;
        int used = 0;
        for (int i = 0; i < count; i++)
            if (term[i] != 0) {
                order[used++] = (struct glb_term){fabs(term[i]), i};
                all += fabs(term[i]);
            }
        qsort(order, (size_t)used, sizeof *order, by_size);
        if (used && 2 * order[0].size - all >= limit) { /* decides for all signs */
            for (int k = 0; k < used; k++)
                term[order[k].at] = k ? 0 : copysign(limit, term[order[k].at]);
            return true;
        }
        if (all <= limit || !shrink(term, order, used, all, limit))
            return false;
    }
    return false;
}
