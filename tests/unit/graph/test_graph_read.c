/* Reading and writing graph files: what is accepted, what is refused and with which message.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "graph/graph.h"
#include "graph/text_reader.h"

#define SYMMETRIC "%%MatrixMarket matrix coordinate real symmetric\n"
#define GENERAL "%%MatrixMarket matrix coordinate real general\n"
#define ARRAY "%%MatrixMarket matrix array real general\n"

static struct glb_graph *parse(const char *text, const char *bias, enum glb_convention c) {
    struct glb_graph *g;
    const enum glb_status s = glb_graph_parse("g", text, strlen(text), bias ? "b" : NULL, bias,
                                              bias ? strlen(bias) : 0, c, &g);
    assert_true((s == GLB_OK) == (g != NULL) && (!s || glb_error_status() == s));
    return g;
}

static void check_graph(struct glb_graph *g, int n, int m, const int *ends, const double *J) {
    if (!g)
        fail_msg("refused: %s", glb_error());
    assert_int_equal(g->n, n);
    assert_int_equal(g->m, m);
    for (int e = 0; e < m; e++) {
        assert_int_equal(g->ei[e], ends[2 * e]);
        assert_int_equal(g->ej[e], ends[2 * e + 1]);
        assert_true(g->J[e] == J[e]);
    }
}

static void accepted(void **state) {
    (void)state;
    static const char *const same[] = {
        SYMMETRIC "3 3 2\n2 1 1.5\n3 2 -2\n",
        SYMMETRIC "% a comment\n\n  3 3 2 \n2 1 15e-1\n\n% another\n3\t2 -2.0e0\r\n",
        SYMMETRIC "3 3 2\n1 2 1.5\n2 3 -2",          /* upper triangle, no final newline */
        SYMMETRIC "3 3 3\n2 1 1.5\n3 3 0\n3 2 -2\n", /* a zero on the diagonal */
        GENERAL "3 3 4\n1 2 1.5\n2 1 1.5\n2 3 -2\n3 2 -2\n",
        "%%matrixmarket Matrix coordinate real symmetric\n3 3 2\n2 1 1.5\n3 2 -2\n",
        "%%MatrixMarket MATRIX Coordinate Real Symmetric\n3 3 2\n2 1 1.5\n3 2 -2\n",
        "3 2\n1 2 1.5\n2 3 -2\n",
        "# rudy\n3 2\n2 1 1.5\n\n3 2 -2d0\n",
    };
    const int ends[] = {0, 1, 1, 2};
    const double J[] = {1.5, -2};
    uint64_t hash = 0;
    for (size_t k = 0; k < sizeof same / sizeof same[0]; k++) {
        struct glb_graph *g = parse(same[k], NULL, GLB_BOLTZMANN);
        check_graph(g, 3, 2, ends, J);
        hash = hash ? hash : g->hash;
        assert_true(g->hash == hash);
        glb_graph_free(g);
    }
    const double ones[] = {1, 1}, whole[] = {7, -3};
    struct glb_graph *g =
        parse("%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n", NULL, 0);
    check_graph(g, 3, 2, ends, ones);
    glb_graph_free(g);
    g = parse("3 2\n1 2\n2 3\n", NULL, GLB_BOLTZMANN);
    check_graph(g, 3, 2, ends, ones);
    glb_graph_free(g);
    g = parse("%%MatrixMarket matrix coordinate integer symmetric\n3 3 2\n3 2 -3\n2 1 7\n",
              "%%MatrixMarket matrix array integer general\n3 1\n1\n-2\n0\n", 0);
    check_graph(g, 3, 2, ends, whole);
    assert_true(g->h[0] == 1 && g->h[1] == -2 && g->h[2] == 0);
    glb_graph_free(g);
    g = parse(SYMMETRIC "1 1 0\n", ARRAY "1 1\n0.25\n", 0); /* one p-bit, no coupling */
    check_graph(g, 1, 0, NULL, NULL);
    glb_graph_free(g);
}

struct refusal {
    const char *text, *bias, *message; /* message: must be part of the error */
};

static void refused(void **state) {
    (void)state;
    static const struct refusal table[] = {
        {"", NULL, "g: there is no data"},
        {"\n\n# nothing\n", NULL, "g:3: there is no data"},
        {"hello world\n", NULL, "g:1: 'hello' is not a whole number"},
        {"\x7f\x45LF\x02\x01", NULL, "g: is a program"},
        {"\x1f\x8b\x08", NULL, "g: is gzip-compressed; unpack it first: gunzip g"},
        {"\xef\xbb\xbf"
         "3 0\n",
         NULL, "byte order mark"},
        {"%MatrixMarket matrix coordinate real symmetric\n2 2 0\n", NULL,
         "g:1: the first line must be '%%MatrixMarket"},
        {"3\n", NULL, "g:1: the number of edges is missing"},
        {"3 2 1\n", NULL, "unexpected '1'"},
        {"0 0\n", NULL, "the number of nodes is 0"},
        {"-3 2\n", NULL, "the number of nodes is -3"},
        {"99999999999999999999 1\n1 2 1\n", NULL, "not a whole number"},
        {"4194305 0\n", NULL, "allowed are 1 to 4194304"},
        {"3 999999999\n1 2 1\n", NULL, "the number of edges is 999999999"},
        {"3 2\n1 2 1\n", NULL, "g:2: the file ends after 1 of 2 edges"},
        {"3 1\n1 2 1\n2 3 1\n", NULL, "g:3: there are more than the 1 edges"},
        {"3 1\n0 2 1\n", NULL, "g:2: the first node is 0, allowed are 1 to 3"},
        {"3 1\n4 1 1\n", NULL, "g:2: the first node is 4, allowed are 1 to 3"},
        {"3 1\n1 4 1\n", NULL, "g:2: the second node is 4, allowed are 1 to 3"},
        {"3 1\n1 0 1\n", NULL, "g:2: the second node is 0, allowed are 1 to 3"},
        {"3 1\n1.0 2 1\n", NULL, "'1.0' is not a whole number"},
        {"3 1\n1\n", NULL, "the second node is missing"},
        {"3 1\n1 2 nan\n", NULL, "g:2: 'nan' is not a finite number"},
        {"3 1\n1 2 inf\n", NULL, "not a finite number"},
        {"3 1\n1 2 0x10\n", NULL, "not a finite number"},
        {"3 1\n1 2 1e999\n", NULL, "not a finite number"},
        {"3 1\n1 2 1e200\n", NULL, "allowed are"},
        {"3 1\n1 2 1,5\n", NULL, "'1,5' is not a finite number"},
        {"3 1\n1 2 1.5.2\n", NULL, "not a finite number"},
        {"3 1\n1 2 1 x\n", NULL, "unexpected 'x'"},
        {"3 1\n2 2 1\n", NULL, "g:2: p-bit 2 is coupled to itself"},
        {"3 2\n1 2 1\n2 1 1\n", NULL, "g:3: the pair (1, 2) was already given on line 2"},
        {"3 3\n1 2 1\n3 2 1\n1 2 1\n", NULL, "g:4: the pair (1, 2) was already given on line 2"},
        {"%%MatrixMarket\n", NULL, "the first line must be"},
        {"%%MatrixMarket matrix coordinate complex symmetric\n", NULL,
         "'complex' values are not read"},
        {"%%MatrixMarket matrix coordinate real hermitian\n", NULL,
         "'hermitian' matrices are not read"},
        {"%%MatrixMarket vector coordinate real general\n", NULL, "the first line must be"},
        {"%%MatrixMarket matrix coordinate real symmetric extra\n", NULL, "unexpected 'extra'"},
        {ARRAY "2 2\n0\n1\n1\n0\n", NULL, "coordinate matrix, not an array"},
        {SYMMETRIC, NULL, "the size line"},
        {SYMMETRIC "3 3\n", NULL, "the number of entries is missing"},
        {SYMMETRIC "3 4 0\n", NULL, "must be square, this one is 3 x 4"},
        {SYMMETRIC "3 3 1\n4 1 1\n", NULL, "g:3: the row is 4"},
        {SYMMETRIC "3 3 1\n0 2 1\n", NULL, "g:3: the row is 0, allowed are 1 to 3"},
        {SYMMETRIC "3 3 1\n2 0 1\n", NULL, "g:3: the column is 0, allowed are 1 to 3"},
        {SYMMETRIC "3 3 2\n2 1 1\n1 4 1\n", NULL, "g:4: the column is 4, allowed are 1 to 3"},
        {GENERAL "3 3 2\n4 1 1\n1 4 1\n", NULL, "g:3: the row is 4, allowed are 1 to 3"},
        {GENERAL "3 3 2\n1 4 1\n4 1 1\n", NULL, "g:3: the column is 4, allowed are 1 to 3"},
        {SYMMETRIC "3 3 1\n2 1\n", NULL, "the value is missing"},
        {SYMMETRIC "3 3 2\n2 1 1\n", NULL, "the file ends after 1 of 2 entries"},
        {SYMMETRIC "3 3 1\n2 1 1\n3 1 1\n", NULL, "more than the 1 entries"},
        {SYMMETRIC "3 3 2\n2 1 1\n1 2 1\n", NULL, "already given on line 3"},
        {SYMMETRIC "3 3 1\n2 2 1\n", NULL, "only the qubo convention has a diagonal"},
        {SYMMETRIC "3 3 1\n2 1 NaN\n", NULL, "not a finite number"},
        {"%%MatrixMarket matrix coordinate integer symmetric\n2 2 1\n2 1 1.5\n", NULL,
         "'1.5' is not a whole number"},
        {"%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1 1\n", NULL, "unexpected"},
        {GENERAL "3 3 2\n1 3 1\n3 1 2\n", NULL,
         "g:4: entry (1, 3) is 2 but (3, 1) on line 3 is 1: a coupling matrix must be symmetric"},
        {GENERAL "2 2 1\n1 2 1\n", NULL, "no equal partner"},
        {GENERAL "2 2 2\n1 2 1\n1 2 1\n", NULL, "g:4: the pair (1, 2) was already given on line 3"},
        {GENERAL "2 2 3\n1 2 1\n2 1 1\n2 1 1\n", NULL, "already given"},
        {"2 1\n1 2 1\n", "", "b: the file is empty"},
        {"2 1\n1 2 1\n", "1\n2\n", "b:1: the first line must be"},
        {"2 1\n1 2 1\n", SYMMETRIC "2 2 0\n", "matrix array real|integer general' for biases"},
        {"2 1\n1 2 1\n", ARRAY "3 1\n1\n2\n3\n", "3 biases for a graph of 2 p-bits"},
        {"2 1\n1 2 1\n", ARRAY "2 2\n1\n2\n3\n4\n", "the number of columns is 2"},
        {"2 1\n1 2 1\n", ARRAY "2 1\n1\n", "b:3: the file ends after 1 of 2 biases"},
        {"2 1\n1 2 1\n", ARRAY "2 1\n1\n2\n3\n", "more than the 2 biases"},
        {"2 1\n1 2 1\n", ARRAY "2 1\n1\ninf\n", "b:4: 'inf' is not a finite number"},
        {"2 1\n1 2 1\n", ARRAY "2 1\n1 2\n", "unexpected '2'"},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct glb_graph *g = parse(table[k].text, table[k].bias, GLB_BOLTZMANN);
        if (g)
            fail_msg("case %zu was accepted:\n%s", k, table[k].text);
        if (!strstr(glb_error(), table[k].message))
            fail_msg("case %zu:\n%s\nsays: %s\nnot:  %s", k, table[k].text, glb_error(),
                     table[k].message);
    }
    /* zero bytes inside a file are no terminators */
    static const char zeros[] = "3 1\n1 2 \0001\n", bare[] = "\0\0\0\0";
    struct glb_graph *g;
    assert_int_equal(
        glb_graph_parse("g", zeros, sizeof zeros - 1, NULL, NULL, 0, GLB_BOLTZMANN, &g),
        GLB_ERR_FORMAT);
    assert_int_equal(glb_graph_parse("g", bare, sizeof bare, NULL, NULL, 0, GLB_BOLTZMANN, &g),
                     GLB_ERR_FORMAT);
    /* long garbage is not echoed at full length */
    char garbage[2000];
    memset(garbage, 'x', sizeof garbage);
    assert_int_equal(
        glb_graph_parse("g", garbage, sizeof garbage, NULL, NULL, 0, GLB_BOLTZMANN, &g),
        GLB_ERR_FORMAT);
    assert_true(strlen(glb_error()) < 120);
    assert_int_equal(glb_graph_read("/nonexistent/file.mtx", NULL, GLB_BOLTZMANN, &g),
                     GLB_ERR_FILE);
    assert_null(g);
    assert_non_null(strstr(glb_error(), "/nonexistent/file.mtx"));
}

/* In every convention; a QUBO's diagonal too, which goes into an array of its own. */
static void bounds_in_every_convention(void **state) {
    static const char *const body[] = {"4 4 1", "1 4 1", "4 1 1", "0 0 1", "3 0 1"};
    (void)state;
    for (int c = GLB_BOLTZMANN; c <= GLB_MAXCUT; c++)
        for (size_t k = 0; k < sizeof body / sizeof body[0]; k++) {
            char text[200];
            snprintf(text, sizeof text, "%s3 3 2\n2 1 1\n%s\n", SYMMETRIC, body[k]);
            assert_null(parse(text, NULL, (enum glb_convention)c));
            assert_non_null(strstr(glb_error(), "g:4: the "));
            assert_non_null(strstr(glb_error(), "allowed are 1 to 3"));
        }
    struct glb_graph *g = parse(SYMMETRIC "3 3 2\n3 3 8\n3 1 2\n", NULL, GLB_QUBO);
    const int8_t both[] = {1, -1, 1}, last[] = {-1, -1, 1}, first[] = {1, -1, -1};
    assert_true(glb_graph_input_energy(g, both) == 10);
    assert_true(glb_graph_input_energy(g, last) == 8);
    assert_true(glb_graph_input_energy(g, first) == 0);
    glb_graph_free(g);
}

static void round_trip(void **state) {
    (void)state;
    char dir[] = "/tmp/glb_graph_XXXXXX", graph[64], bias[64], rudy[64];
    assert_non_null(mkdtemp(dir));
    snprintf(graph, sizeof graph, "%s/g.mtx", dir);
    snprintf(bias, sizeof bias, "%s/h.mtx", dir);
    snprintf(rudy, sizeof rudy, "%s/g.rud", dir);
    struct glb_graph *g, *back;
    assert_int_equal(
        glb_graph_generate("regular", "n=40,d=5,weights=gauss,bias=uniform,bias-scale=0.3", 7, &g),
        GLB_OK);
    assert_int_equal(glb_graph_write(g, graph, bias), GLB_OK);
    assert_int_equal(glb_graph_read(graph, bias, GLB_BOLTZMANN, &back), GLB_OK);
    assert_true(back->hash == g->hash);
    assert_int_equal(glb_graph_write(g, rudy, NULL), GLB_ERR_ARGUMENT); /* has biases */
    assert_int_equal(glb_graph_write(g, rudy, bias), GLB_OK);
    glb_graph_free(back);
    assert_int_equal(glb_graph_read(rudy, bias, GLB_BOLTZMANN, &back), GLB_OK);
    assert_true(back->hash == g->hash);
    glb_graph_free(back);
    glb_graph_free(g);

    assert_int_equal(glb_graph_generate("gset", "name=G11", 0, &g), GLB_OK);
    for (int k = 0; k < 2; k++) {
        const char *path = k ? rudy : graph;
        assert_int_equal(glb_graph_write(g, path, NULL), GLB_OK);
        assert_int_equal(glb_graph_read(path, NULL, GLB_MAXCUT, &back), GLB_OK);
        assert_true(back->hash == g->hash && back->offset == g->offset && back->scale == g->scale);
        glb_graph_free(back);
    }
    glb_graph_free(g);

    assert_int_equal(glb_graph_generate("complete", "n=3", 1, &g), GLB_OK);
    assert_int_equal(glb_graph_write(g, "/nonexistent/x.mtx", NULL), GLB_ERR_FILE);
    glb_graph_free(g);
    remove(graph);
    remove(bias);
    remove(rudy);
    assert_int_equal(rmdir(dir), 0); /* no temporary files are left */
}

static void container(void **state) {
    (void)state;
    struct glb_graph *g;
    assert_int_equal(glb_graph_new(-1, 0, &g), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_graph_new(4, 5, &g), GLB_OK);
    const int ends[][2] = {{3, 1}, {0, 2}, {1, 3}, {2, 0}, {0, 1}};
    const double J[] = {1, 2, 3, -2, -0.0};
    for (int e = 0; e < 5; e++) {
        g->ei[e] = ends[e][0];
        g->ej[e] = ends[e][1];
        g->J[e] = J[e];
    }
    g->m = 5;
    assert_int_equal(glb_graph_finish(g), GLB_OK); /* duplicates add up, zeros stay */
    const int sorted[] = {0, 1, 0, 2, 1, 3};
    const double sums[] = {0, 0, 4};
    check_graph(g, 4, 3, sorted, sums);
    assert_false(signbit(g->J[0]));
    const uint64_t hash = g->hash;
    assert_int_equal(glb_graph_finish(g), GLB_OK); /* a second time changes nothing */
    assert_true(g->hash == hash);
    g->h[2] = 1e-9;
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    assert_true(g->hash != hash);
    g->ej[0] = 0;
    assert_int_equal(glb_graph_finish(g), GLB_ERR_ARGUMENT);
    g->ej[0] = 4;
    assert_int_equal(glb_graph_finish(g), GLB_ERR_ARGUMENT);
    g->ej[0] = 1;
    g->J[0] = NAN;
    assert_int_equal(glb_graph_finish(g), GLB_ERR_ARGUMENT);
    glb_graph_free(g);
    glb_graph_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted),
        cmocka_unit_test(refused),
        cmocka_unit_test(bounds_in_every_convention),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(container),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
