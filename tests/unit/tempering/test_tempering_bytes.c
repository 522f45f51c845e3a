/* What a round of a ladder moves over the line to a board: the states once each way, nothing else
 * of size. SPDX-License-Identifier: Apache-2.0 */
#include "unit/tempering/tempered.h"

#include "transports/transports.h"

static struct glb_transport board;
static size_t sent, received;

/* mk/tests.mk puts this in the place of the emulated board's transport. */
enum glb_status __real_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    const enum glb_status s = board.exchange(self, out, n_out, done_out, in, n_in, done_in);
    sent += *done_out;
    received += *done_in;
    return s;
}

enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    const enum glb_status s = __real_glb_emu_port_open(array, argument, &board);
    *out = board;
    out->exchange = exchange;
    return s;
}

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
    sent = received = 0;
    tempered_go(&x);
    const size_t up = sent, down = received;
    x.set.samples += ROUNDS;
    sent = received = 0;
    tempered_go(&x);
    const size_t up_round = (sent - up) / ROUNDS / T, down_round = (received - down) / ROUNDS / T;
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
