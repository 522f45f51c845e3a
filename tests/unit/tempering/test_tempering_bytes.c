/* What a round of a ladder moves over the line to a board: the states once each way, nothing else
 * of size. SPDX-License-Identifier: Apache-2.0 */
#include "unit/tempering/tempered.h"

#include "support/counted_bytes.h"

static void a_round(void **state) {
    enum { N = 4096, T = 3, ROUNDS = 4 };
    static const double betas[T] = {0.3, 0.6, 1};
    struct glb_graph *g;
    (void)state;
    must(glb_graph_generate("regular", "n=4096,d=3", 1, &g));
    struct tempered x = tempered_open(g, "emu-port", "ulx3s-85");
    x.t.betas = betas;
    x.t.temperatures = T;
    x.set.burn_in = 0;
    x.set.samples = 2;
    tempered_go(&x); /* loads all that is new */
    counted_bytes.sent = counted_bytes.received = 0;
    tempered_go(&x);
    const size_t up = counted_bytes.sent, down = counted_bytes.received;
    x.set.samples += ROUNDS;
    counted_bytes.sent = counted_bytes.received = 0;
    tempered_go(&x);
    const size_t up_round = (counted_bytes.sent - up) / ROUNDS / T,
                 down_round = (counted_bytes.received - down) / ROUNDS / T;
    print_message("# a temperature and round: %zu bytes to the board, %zu from it\n", up_round,
                  down_round);
    assert_in_range(up_round, 2 * N, 2 * N + 2 * N / 20); /* 16 chains: two bytes a p-bit */
    assert_in_range(down_round, 2 * N, 2 * N + 2 * N / 20);
    tempered_close(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_round)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
