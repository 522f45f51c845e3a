/* What a board returns in a run with statistics and without: the samples stay where they are.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glauber.h>
#include "support/counted_bytes.h"

static size_t bytes_of_run(struct glb_sampler *s, int statistics, int64_t samples) {
    struct glb_settings set;
    glb_settings_init(&set, sizeof set);
    set.samples = samples;
    set.statistics = statistics;
    counted_bytes.received = 0;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    return counted_bytes.received;
}

static void samples_stay_on_the_board(void **state) {
    static const struct {
        const char *array, *parameters;
        int words; /* of a sample */
    } c[] = {{"small", "n=256,d=3", 256}, {"ulx3s-85", "n=4096,d=3", 4096}};
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++) {
        struct glb_graph *g;
        struct glb_sampler *s;
        assert_int_equal(glb_graph_generate("regular", c[k].parameters, 1, &g), GLB_OK);
        assert_int_equal(glb_sampler_open(g, "emu-port", c[k].array, &s), GLB_OK);
        bytes_of_run(s, 1, 1); /* loads all that is new */
        const int64_t samples = k ? 100 : 1000;
        const size_t streamed = bytes_of_run(s, 0, samples), counted = bytes_of_run(s, 1, samples);
        const size_t more = bytes_of_run(s, 1, 2 * samples);
        print_message("%s, %s: %zu bytes from the board for %d samples a chain, %zu with counts\n",
                      c[k].array, c[k].parameters, streamed, (int)samples, counted);
        assert_true(streamed > (size_t)samples * (size_t)c[k].words * 2);
        assert_true(counted < streamed / 10);
        assert_true(more < streamed / 10); /* whatever the number of samples */
        glb_sampler_close(s);
        glb_graph_free(g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(samples_stay_on_the_board)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
