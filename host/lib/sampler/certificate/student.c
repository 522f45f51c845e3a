/* Both tails of Student's t as finite sums (Abramowitz and Stegun, 26.7.3 and 26.7.4), inverted by
 * halving. SPDX-License-Identifier: Apache-2.0 */
#include "sampler/certificate/student.h"

#include <math.h>

enum { NORMAL = 1000 };

static const double pi = 3.14159265358979323846;

static double tails(double t, int freedom) {
    if (freedom > NORMAL)
        return erfc(t / sqrt(2));
    const double angle = atan(t / sqrt(freedom)), c = cos(angle) * cos(angle);
    double term = freedom % 2 ? cos(angle) : 1, sum = freedom % 2 ? 0 : 1;
    for (int k = freedom % 2 ? 3 : 2; k < freedom; k += 2) {
        sum += freedom % 2 ? term : 0;
        term *= c * (k - 1) / k;
        sum += freedom % 2 ? 0 : term;
    }
    if (freedom % 2)
        return 1 - 2 / pi * (angle + (freedom > 1 ? (sum + term) * sin(angle) : 0));
    return 1 - sin(angle) * sum;
}

double student_quantile(double alpha, int freedom) {
    double low = 0, high = 1;
    while (tails(high, freedom) > alpha && high < 1e12)
        high *= 2;
    for (int k = 0; k < 80; k++) {
        const double middle = (low + high) / 2;
        if (tails(middle, freedom) > alpha)
            low = middle;
        else
            high = middle;
    }
    return high;
}
