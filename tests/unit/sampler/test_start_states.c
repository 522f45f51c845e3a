/* What chains start from, and samplers that share a program and a device.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <glauber.h>

enum { CHAINS = 64 };

static struct glb_graph *pair(double J) {
    static const int32_t i = 0, j = 1;
    struct glb_graph *g;
    assert_int_equal(glb_graph_from_arrays(2, 1, &i, &j, &J, NULL, GLB_BOLTZMANN, 0, &g), GLB_OK);
    return g;
}

/* Two p-bits with J = 1 at a large beta: the first update copies the start value of the p-bit that
 * is updated last, and both keep it. So every sample tells the start, a coin of its own for each
 * chain: of the 16 of a board, all alike is a chance of 2^-15. */
static void every_chain_has_a_start_of_its_own(void **state) {
    (void)state;
    struct glb_graph *g = pair(1);
    struct glb_sampler *s;
    struct glb_settings set;
    uint8_t bits[CHAINS], again[CHAINS], other[CHAINS];
    assert_int_equal(glb_sampler_open(g, "emu", "small", &s), GLB_OK);
    glb_settings_init(&set, sizeof set);
    set.beta = 1000;
    set.burn_in = 0;
    set.samples = 1;
    set.chains = CHAINS;
    assert_int_equal(glb_sampler_collect(s, &set, bits, sizeof bits, NULL, 0), GLB_OK);
    const int board = glb_sampler_board_chains(s);
    int up = 0, alike = 0;
    for (int c = 0; c < CHAINS; c++) {
        assert_true(bits[c] == 0 || bits[c] == 3);
        up += bits[c] == 3;
        alike += bits[c] == bits[c % board];
    }
    /* Chance: outside(64, 0.5, 11, 53) | chains that start up */
    assert_in_range(up, 11, 53);
    assert_true(alike < CHAINS); /* boards differ */
    int uniform = 0;
    for (int first = 0; first < CHAINS; first += board) {
        int ups = 0;
        for (int c = 0; c < board; c++)
            ups += bits[first + c] == 3;
        uniform += ups == 0 || ups == board;
    }
    /* Chance: outside(4, 2 ** -15, 0, 1) | boards of 16 chains that all start alike */
    assert_true(uniform < 2);
    assert_int_equal(glb_sampler_collect(s, &set, again, sizeof again, NULL, 0), GLB_OK);
    assert_memory_equal(bits, again, sizeof bits);
    set.seed = 2;
    assert_int_equal(glb_sampler_collect(s, &set, other, sizeof other, NULL, 0), GLB_OK);
    assert_memory_not_equal(bits, other, sizeof bits);
    glb_sampler_close(s);
    glb_graph_free(g);
}

/* Mean of m_0 m_1 times 16 over the chains' samples; +-1 at J = +-1 and a large beta. */
static int correlation(struct glb_sampler *s) {
    struct glb_settings set;
    uint8_t bits[16 * CHAINS];
    int sum = 0;
    glb_settings_init(&set, sizeof set);
    set.beta = 1000;
    set.samples = 16;
    set.chains = 16;
    const int chains = glb_sampler_chains(s, &set);
    assert_int_equal(glb_sampler_collect(s, &set, bits, sizeof bits, NULL, 0), GLB_OK);
    for (int k = 0; k < 16 * chains; k++)
        sum += bits[k] == 0 || bits[k] == 3 ? 1 : -1;
    return sum / chains;
}

/* Several samplers may use a program and a device in turn: each runs with its own weights. */
static void shared_program(void **state) {
    (void)state;
    struct glb_graph *same = pair(1), *opposite = pair(-1);
    struct glb_program *p;
    struct glb_device *d;
    struct glb_sampler *a, *b, *c;
    assert_int_equal(glb_program_compile(same, "small", NULL, &p), GLB_OK);
    assert_int_equal(glb_device_open("emu", "small", &d), GLB_OK);
    assert_int_equal(glb_sampler_new(same, p, d, &a), GLB_OK);
    assert_int_equal(glb_sampler_new(same, p, d, &b), GLB_OK);
    assert_int_equal(glb_sampler_new(opposite, p, d, &c), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_sampler_set_weights(b, opposite, NULL), GLB_OK);
    assert_true(glb_program_info(p)->graph_hash == glb_graph_hash(opposite));
    assert_int_equal(correlation(b), -16);
    assert_int_equal(correlation(a), 16);
    assert_int_equal(correlation(b), -16);
    assert_int_equal(glb_sampler_set_weights(b, opposite, NULL), GLB_OK);
    assert_int_equal(glb_sampler_new(opposite, p, d, &c), GLB_OK); /* the program is that graph's */
    assert_int_equal(correlation(c), -16);
    assert_int_equal(correlation(a), 16);
    glb_sampler_close(c);
    glb_sampler_close(b);
    glb_sampler_close(a);
    glb_device_close(d);
    glb_program_free(p);
    glb_graph_free(opposite);
    glb_graph_free(same);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chain_has_a_start_of_its_own),
        cmocka_unit_test(shared_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
