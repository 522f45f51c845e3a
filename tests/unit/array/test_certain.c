/* Terms of a field made smaller: for all signs the field stays, or decides as it did. Against all
 * signs of small sets, among them near-equal and balanced ones. SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "array/certain.h"
#include "base/rng.h"

enum { MOST = 10 };

static uint64_t rng = 1;

static double uniform(void) {
    return (double)(glb_lcg(&rng) >> 11) / 9007199254740992.0;
}

static double field(const double *term, int count, int signs) {
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += signs >> i & 1 ? term[i] : -term[i];
    return sum;
}

static double sum_of(const double *term, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += fabs(term[i]);
    return sum;
}

static void no_decision_changes(void **state) {
    int smaller = 0, decided = 0;
    (void)state;
    for (int round = 0; round < 4000; round++) {
        const int count = 1 + round % MOST;
        const double limit = round % 3 ? 16 : 2;
        double before[MOST], after[MOST];
        struct glb_term order[MOST];
        for (int i = 0; i < count; i++) {
            before[i] = pow(10, -3 + 5 * uniform()) * (uniform() < 0.5 ? -1 : 1);
            if (i && uniform() < 0.4) /* balances another, nearly */
                before[i] = -before[i - 1] + (uniform() < 0.5 ? 0 : uniform() - 0.5);
            after[i] = before[i];
        }
        const bool one = glb_certain_terms(after, count, limit, order);
        const double all = sum_of(before, count);
        for (int signs = 0; signs < 1 << count; signs++) {
            const double x = field(before, count, signs), y = field(after, count, signs);
            const double a = fmin(fmax(x, -limit), limit), b = fmin(fmax(y, -limit), limit);
            if (fabs(a - b) > 1e-9 * (1 + all))
                fail_msg("round %d, signs %x: %g has become %g, limit %g", round, signs, x, y,
                         limit);
        }
        int left = 0;
        for (int i = 0; i < count; i++)
            left += after[i] != 0;
        assert_true(!one || left == 1);
        decided += one;
        smaller += sum_of(after, count) < all * (1 - 1e-9);
    }
    assert_true(smaller > 1000 && decided > 300);
}

static void check(double a, double b, double c, double want_a, double want_b, double want_c) {
    double term[3] = {a, b, c};
    struct glb_term order[3];
    glb_certain_terms(term, 3, 16, order);
    assert_true(fabs(term[0] - want_a) < 1e-9 && fabs(term[1] - want_b) < 1e-9 &&
                fabs(term[2] - want_c) < 1e-9);
}

static void as_much_as_can_be(void **state) {
    (void)state;
    check(1000, 0.5, -2, 16, 0, 0);               /* one decides */
    check(-18.5, 0.5, 2, -16, 0, 0);              /* just so */
    check(18.4, 0.5, 2, 16, 0.05, 0.05);          /* just not */
    check(100, -99.5, 0.75, 8.625, -8.125, 0.75); /* (199.5 - 0.75 - 16) / 2 less: differ by 0.5 */
    check(50, 50, 50, 16, 16, 16);                /* any two against the third */
    check(3, 2, 1, 3, 2, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_decision_changes),
        cmocka_unit_test(as_much_as_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
