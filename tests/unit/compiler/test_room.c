/* Graphs that cannot fit are refused by counting: at once, with the memory, the need, the limit and
 * what may fit. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>
#include "compiler/compile.h"

static struct glb_graph *generated(const char *family, const char *args) {
    struct glb_graph *g;
    assert_int_equal(glb_graph_generate(family, args, 1, &g), GLB_OK);
    return g;
}

static void refused_at_once(void **state) {
    static const struct {
        const char *family, *args, *array, *words[3];
    } c[] = {
        {"regular",
         "n=8194,d=3",
         "ulx3s-85",
         {"state memory of array ulx3s-85", "needs 8194 state words, the array has 8192",
          "may fit: big"}},
        {"regular",
         "n=70000,d=3",
         "ulx3s-85",
         {"state memory", "needs 70000 state words", "no array here would fit"}},
        /* 2 lanes share a read: (499,500 + 1,000) / 64 */
        {"complete",
         "n=1000",
         "ulx3s-85",
         {"coupling memory of array ulx3s-85", "needs 7821 or more entries", "may fit: big"}},
        /* 199 times a write's 10 clocks, the read and the CTRL */
        {"complete",
         "n=200",
         "ulx3s-85",
         {"schedule memory of array ulx3s-85",
          "needs 2388 or more clocks (p-bits that are all coupled to each other take turns)",
          "may fit: big"}},
        {"random",
         "n=4097,m=0",
         "25f",
         {"state memory", "needs 4097 state words, the array has 2048", "may fit: "}},
    };
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++) {
        struct glb_graph *g = generated(c[k].family, c[k].args);
        struct glb_program *p;
        const clock_t start = clock();
        assert_int_equal(glb_compile(g, glb_array_find(c[k].array), NULL, &p, NULL), GLB_ERR_FIT);
        assert_in_range(clock() - start, 0, CLOCKS_PER_SEC / 10);
        for (int i = 0; i < 3; i++)
            if (!strstr(glb_error(), c[k].words[i]))
                fail_msg("%s %s: %s", c[k].family, c[k].args, glb_error());
        glb_graph_free(g);
    }
}

/* Only p-bits of one segment take turns, and only those that a segment updates need clocks. */
static void segments_count(void **state) {
    (void)state;
    enum { N = 140 };
    struct glb_graph *g = generated("complete", "n=140");
    const struct glb_array *a = glb_array_find("ulx3s-85");
    int32_t pbits[N];
    for (int i = 0; i < N; i++)
        pbits[i] = i;
    const struct glb_segment_spec half = {pbits, N / 2};
    struct glb_compile_options o = {.segments = &half, .nsegments = 1};
    struct glb_program *p;
    if (glb_compile(g, a, &o, &p, NULL)) /* 70 of 140 take turns */
        fail_msg("%s", glb_error());
    glb_program_free(p);
    o.copies = 60; /* 8,400 words */
    assert_int_equal(glb_compile(g, a, &o, &p, NULL), GLB_ERR_FIT);
    assert_non_null(strstr(glb_error(), "several copies) needs 8400 state words"));
    glb_graph_free(g);
}

/* Noise alone: one word a tile and clock. */
static void noise_counts(void **state) {
    (void)state;
    struct glb_graph *g = generated("random", "n=6200,m=0"); /* 96.9 p-bits a tile, 16 words each */
    struct glb_program *p;
    assert_int_equal(glb_compile(g, glb_array_find("ulx3s-85"), NULL, &p, NULL), GLB_ERR_FIT);
    assert_non_null(strstr(glb_error(), "needs 1550 or more clocks, the array has 1536"));
    glb_graph_free(g);
    g = generated("random", "n=6000,m=0");
    assert_int_equal(glb_compile(g, glb_array_find("ulx3s-85"), NULL, &p, NULL), GLB_OK);
    glb_program_free(p);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_at_once),
        cmocka_unit_test(segments_count),
        cmocka_unit_test(noise_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
