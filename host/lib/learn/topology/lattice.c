/* The lines of Pegasus, Zephyr and Chimera lattices, from the numbers and couplings of their
 * p-bits. SPDX-License-Identifier: Apache-2.0 */
#include "learn/topology/lattice.h"

#include <stdlib.h>
#include <string.h>
#include "base/arguments.h"

/* Cells of 2 t p-bits, the standing ones first. */
static void number_cells(struct lattice *l, int cells, int t) {
    for (int i = 0; i < l->graph->n; i++) {
        struct lattice_bit *b = &l->bit[i];
        const int cell = i / (2 * t), row = cell / cells, column = cell % cells, k = i % (2 * t);
        b->upright = k < t;
        b->line = b->upright ? column * t + k : row * t + k - t;
        b->piece = b->upright ? row : column;
    }
}

/* Direction, line, piece: Pegasus and Zephyr. */
static void number_lines(struct lattice *l) {
    for (int i = 0; i < l->graph->n; i++) {
        struct lattice_bit *b = &l->bit[i];
        b->upright = i < l->graph->n / 2;
        b->line = i / l->pieces % l->lines;
        b->piece = i % l->pieces;
    }
}

static void find_centres(struct lattice *l) {
    const struct glb_graph *g = l->graph;
    int most = 0, lines[2] = {0, 0};
    int64_t *sum = calloc((size_t)g->n, sizeof *sum);
    if (!sum)
        return;
    for (int e = 0; e < g->m; e++) {
        struct lattice_bit *a = &l->bit[g->ei[e]], *b = &l->bit[g->ej[e]];
        if (a->upright == b->upright)
            continue;
        sum[g->ei[e]] += b->line;
        sum[g->ej[e]] += a->line;
        a->crossings++;
        b->crossings++;
    }
    for (int i = 0; i < g->n; i++) {
        const struct lattice_bit *b = &l->bit[i];
        lines[b->upright] = b->line >= lines[b->upright] ? b->line + 1 : lines[b->upright];
        most = b->crossings > most ? b->crossings : most;
    }
    for (int i = 0; i < g->n; i++) {
        struct lattice_bit *b = &l->bit[i];
        const int64_t other = lines[!b->upright], count = b->crossings;
        b->centre = count ? (int32_t)((2 * sum[i] + count) * 32768 / (count * other)) : 32768;
    }
    l->length = (int32_t)((int64_t)most * 65536 / lines[0]);
    free(sum);
}

enum glb_status lattice_open(const char *family, const char *args, struct lattice *out) {
    struct glb_arguments a;
    memset(out, 0, sizeof *out);
    enum glb_status s = glb_arguments_parse(&a, family, args);
    const int chimera = strcmp(family, "chimera") == 0, zephyr = strcmp(family, "zephyr") == 0;
    const int m = glb_argument_int(&a, "m", chimera ? 16 : zephyr ? 4 : 14, 1, 256);
    const int columns = glb_argument_int(&a, "n", m, 1, 256);
    const int t = glb_argument_int(&a, "t", 4, 1, 32);
    glb_arguments_free(&a);
    if (s == GLB_OK)
        s = glb_graph_generate(family, args, 0, &out->graph);
    if (s != GLB_OK)
        return s;
    out->bit = calloc((size_t)out->graph->n, sizeof *out->bit);
    if (!out->bit) {
        lattice_close(out);
        return glb_fail(GLB_ERR_MEMORY, "topology %s: no memory", family);
    }
    out->pieces = chimera || zephyr ? m : m - 1;
    out->lines = chimera ? columns * t : out->graph->n / 2 / out->pieces;
    if (chimera)
        number_cells(out, columns, t);
    else
        number_lines(out);
    find_centres(out);
    if (out->length)
        return GLB_OK;
    lattice_close(out);
    return glb_fail(GLB_ERR_MEMORY, "topology %s: no memory", family);
}

void lattice_close(struct lattice *l) {
    if (l->graph)
        glb_graph_free(l->graph);
    free(l->bit);
    memset(l, 0, sizeof *l);
}
