/* Graph compiler at its limits: graphs with so many colours that most updates wait for others, and
 * graphs with hubs that fill the state memory to the last words. Every program is walked by the
 * verifier. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "support/random_graph.h"

/* Five to nine colours: a group that is started before those of lower levels have ended can keep
 * its lane from ever going on. */
static void many_colours(void **state) {
    static const struct {
        const char *array;
        int n, degree, rounds;
    } c[] = {{"tiny", 20, 6, 12}, {"tiny4", 20, 6, 24}};
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++)
        for (int round = 0; round < c[k].rounds; round++) {
            const int n = c[k].n + (int)draw((uint32_t)c[k].n);
            struct glb_graph *g = random_graph(n, n * (c[k].degree + (int)draw(6)) / 2, 0, 0);
            const struct glb_compile_options o = {.seed = (uint64_t)round, .effort = 0};
            glb_program_free(compile_ok(g, c[k].array, &o, NULL));
            glb_graph_free(g);
        }
}

/* Hubs take state words besides those of the p-bits. A graph that has one word too few is refused;
 * no lane of a program that is made has more words than there are. */
static void nearly_full_with_hubs(void **state) {
    int fit = 0, refused = 0;
    (void)state;
    for (int round = 26; round < 42; round++) {
        random_graph_state = 777 * (uint64_t)round + 1;
        for (int i = 0; i < 20; i++)
            draw(2);
        const int n = 90 + (int)draw(20), m = 10 + (int)draw(80);
        struct glb_graph *g = random_graph(n, m, 1 + (int)draw(2), round & 1);
        const struct glb_compile_options o = {
            .hub_degree = 30, .seed = (uint64_t)round, .effort = 1};
        struct glb_program *p;
        struct glb_compile_report r;
        const enum glb_status s = glb_compile(g, glb_array_find("tiny"), &o, &p, &r);
        assert_true(s == GLB_OK || s == GLB_ERR_FIT);
        if (s == GLB_OK && glb_program_verify(p, g) != GLB_OK)
            fail_msg("%s", glb_error());
        fit += s == GLB_OK;
        refused += s != GLB_OK;
        glb_program_free(p);
        glb_graph_free(g);
    }
    assert_true(fit >= 3 && refused >= 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_colours),
        cmocka_unit_test(nearly_full_with_hubs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
