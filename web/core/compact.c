/* Compact models. SPDX-License-Identifier: Apache-2.0 */
#include "compact.h"

#include <string.h>

enum { NUMBERS = 16, VERSION = 1, LARGEST = 65535 };

static void put(FILE *to, uint64_t v, int bytes) {
    for (int k = 0; k < bytes; k++)
        fputc((int)(v >> 8 * k & 255), to);
}

static void put_real(FILE *to, double d) {
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    put(to, bits, 8);
}

enum glb_status compact_write(const struct glb_model *m, FILE *to) {
    const struct glb_graph *g = m->t.graph;
    const int *level = m->binarise.threshold;
    if (g->n > LARGEST)
        return glb_fail(GLB_ERR_ARGUMENT, "%d p-bits; compact models have at most %d", g->n,
                        LARGEST);
    const int numbers[NUMBERS] = {g->n,
                                  g->m,
                                  m->t.width,
                                  m->t.height,
                                  m->t.classes,
                                  m->t.nlayers,
                                  m->binarise.planes,
                                  m->weight_max,
                                  m->weight_bits,
                                  (int)m->binarise.kind,
                                  level[0],
                                  level[1],
                                  level[2],
                                  level[3]};
    fwrite("GLBM", 1, 4, to);
    put(to, VERSION, 4);
    for (int k = 0; k < NUMBERS; k++)
        put(to, (uint64_t)numbers[k], 4);
    put_real(to, m->u);
    put_real(to, m->readout_beta);
    for (int l = 0; l < m->t.nlayers; l++) {
        put(to, (uint64_t)m->t.layer[l].kind, 4);
        put(to, (uint64_t)m->t.layer[l].count, 4);
    }
    for (int i = 0, e = 0; i < g->n; i++) {
        const int first = e;
        while (e < g->m && g->ei[e] == i)
            e++;
        put(to, (uint64_t)(e - first), 2);
    }
    for (int e = 0; e < g->m; e++)
        put(to, (uint64_t)g->ej[e], 2);
    for (int e = 0; e < g->m; e++)
        put(to, (uint64_t)(int)(2 * m->J[e] / m->u), 1);
    for (int i = 0; i < g->n; i++)
        put_real(to, m->h[i]);
    return ferror(to) ? glb_fail(GLB_ERR_FILE, "the compact model cannot be written") : GLB_OK;
}

/* ---- reading ---- */

struct source {
    const uint8_t *at;
    size_t left;
    int ended; /* more was asked for than there is */
};

static uint64_t take(struct source *s, int bytes) {
    uint64_t v = 0;
    if (s->left < (size_t)bytes) {
        s->ended = 1;
        s->left = 0;
        return 0;
    }
    for (int k = 0; k < bytes; k++)
        v |= (uint64_t)s->at[k] << 8 * k;
    s->at += bytes;
    s->left -= (size_t)bytes;
    return v;
}

static double take_real(struct source *s) {
    const uint64_t bits = take(s, 8);
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static enum glb_status malformed(const char *what) {
    return glb_fail(GLB_ERR_FORMAT,
                    "this is no machine of `make web`: %s; build the page again or load it anew",
                    what);
}

static enum glb_status take_edges(struct source *s, struct glb_graph *g) {
    struct source end = *s;
    int e = 0;
    end.at += 2 * (size_t)g->n;
    end.left -= 2 * (size_t)g->n; /* take_model() has looked at the size */
    for (int i = 0; i < g->n; i++)
        for (int k = (int)take(s, 2), last = i; k > 0; k--, e++) {
            if (e == g->m)
                return malformed("it has more couplings than it names");
            g->ei[e] = i;
            g->ej[e] = (int)take(&end, 2);
            if (g->ej[e] <= last || g->ej[e] >= g->n)
                return malformed("its couplings are not in order");
            last = g->ej[e];
        }
    *s = end;
    return e == g->m ? GLB_OK : malformed("it has fewer couplings than it names");
}

static enum glb_status take_topology(struct source *s, const int32_t *number,
                                     struct glb_topology *t) {
    struct glb_layer layer[GLB_MAX_LAYERS];
    struct glb_graph *g;
    const int n = number[0], m = number[1], layers = number[5];
    const size_t rest = (size_t)layers * 8 + (size_t)n * 10 + (size_t)m * 3;
    if (s->left != rest)
        return malformed("its size is not that of its couplings");
    for (int l = 0, first = 0; l < layers; l++) {
        const int kind = (int)take(s, 4), count = (int)take(s, 4);
        if (kind < GLB_LAYER_PIXELS || kind > GLB_LAYER_H3 || count < 1 || count > n - first)
            return malformed("a layer has an unknown kind or size");
        layer[l] = (struct glb_layer){(enum glb_layer_kind)kind, first, count};
        first += count;
    }
    enum glb_status st = glb_graph_new(n, m, &g);
    if (st)
        return st;
    g->m = m;
    if ((st = take_edges(s, g))) {
        glb_graph_free(g);
        return st;
    }
    return glb_topology_adopt("compact", 1, number[2], number[3], number[4], layer, layers, g, t);
}

static enum glb_status take_model(struct source *s, struct glb_model *m) {
    int32_t number[NUMBERS];
    if (s->left < 4 || memcmp(s->at, "GLBM", 4) != 0)
        return malformed("it does not begin with GLBM");
    take(s, 4);
    if (take(s, 4) != VERSION)
        return malformed("it has another version");
    for (int k = 0; k < NUMBERS; k++)
        number[k] = (int32_t)take(s, 4);
    m->u = take_real(s);
    m->readout_beta = take_real(s);
    if (s->ended || number[0] < 2 || number[0] > LARGEST || number[1] < 1 ||
        number[1] > GLB_GRAPH_MAX_M || number[2] < 1 || number[2] > GLB_DATASET_MAX_SIDE ||
        number[3] < 1 || number[3] > GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_PLANES ||
        number[4] < GLB_MIN_CLASSES || number[4] > GLB_MAX_CLASSES || number[5] < 2 ||
        number[5] > GLB_MAX_LAYERS || number[6] < 1 || number[6] > GLB_DATASET_MAX_PLANES ||
        !(m->u > 0 && m->u < 1e6) || !(m->readout_beta > 0 && m->readout_beta <= 1e3))
        return malformed("a number of its head is out of range");
    m->binarise.planes = number[6];
    m->weight_max = number[7];
    m->weight_bits = number[8];
    m->binarise.kind = (enum glb_binarise_kind)(number[9] != 0);
    memcpy(m->binarise.threshold, number + 10, sizeof m->binarise.threshold);
    enum glb_status st = take_topology(s, number, &m->t);
    if (st)
        return st;
    if (!glb_model_allocate(m))
        return glb_fail(GLB_ERR_MEMORY, "no memory for a machine of %d p-bits", number[0]);
    for (int e = 0; e < number[1]; e++)
        m->J[e] = (int8_t)take(s, 1) * m->u / 2;
    for (int i = 0; i < number[0]; i++)
        if (!((m->h[i] = take_real(s)) > -GLB_GRAPH_MAX_VALUE && m->h[i] < GLB_GRAPH_MAX_VALUE))
            return malformed("a bias is not finite");
    return GLB_OK;
}

enum glb_status compact_read(const uint8_t *data, size_t size, struct glb_model *out) {
    struct source s = {data, size, 0};
    struct glb_model m = {0};
    memset(out, 0, sizeof *out);
    const enum glb_status st = take_model(&s, &m);
    if (st)
        glb_model_clear(&m);
    else
        *out = m;
    return st;
}
