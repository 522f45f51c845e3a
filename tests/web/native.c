/* Compact models against the model files that they are made of; labels of images as the library
 * reads them. Usage: native check MODEL.h5 MODEL.glbm | native read MODEL.h5 IMAGES (28 x 28 bytes
 * each), which prints the labels. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/compact.h"

static int bad;

static void expect(const char *name, int good) {
    printf("%s - %s\n", good ? "ok" : "not ok", name);
    bad |= !good;
}

static uint8_t *whole_file(const char *path, size_t *size) {
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(1 << 24);
    *size = f && data ? fread(data, 1, 1 << 24, f) : 0;
    if (f)
        fclose(f);
    return data;
}

static int same(const struct glb_model *a, const struct glb_model *b) {
    const struct glb_graph *g = a->t.graph, *k = b->t.graph;
    const size_t m = (size_t)g->m, n = (size_t)g->n;
    return g->n == k->n && g->m == k->m && a->t.nlayers == b->t.nlayers && a->u == b->u &&
           a->readout_beta == b->readout_beta && a->t.width == b->t.width &&
           a->t.height == b->t.height && a->t.classes == b->t.classes &&
           memcmp(&a->binarise, &b->binarise, sizeof a->binarise) == 0 &&
           memcmp(g->ei, k->ei, m * sizeof *g->ei) == 0 &&
           memcmp(g->ej, k->ej, m * sizeof *g->ej) == 0 &&
           memcmp(a->J, b->J, m * sizeof *a->J) == 0 && memcmp(a->h, b->h, n * sizeof *a->h) == 0 &&
           memcmp(a->t.layer, b->t.layer, (size_t)a->t.nlayers * sizeof *a->t.layer) == 0;
}

/* A changed file is refused, or a model whose numbers differ; it never brings a crash. */
static int damaged(const struct glb_model *m, uint8_t *data, size_t size) {
    struct glb_model other;
    int refused = 1;
    for (size_t cut = 0; cut < size; cut += cut < 200 ? 1 : 977)
        refused &= compact_read(data, cut, &other) != GLB_OK;
    for (size_t at = 0; at < size; at += at < 120 ? 1 : 1013) {
        data[at] ^= 0x41;
        if (!compact_read(data, size, &other)) {
            refused &= !same(m, &other) || at < 76; /* weight_max, weight_bits, spare numbers */
            glb_model_clear(&other);
        }
        data[at] ^= 0x41;
    }
    return refused;
}

static int check(const char *h5, const char *compact) {
    struct glb_model a, b;
    size_t size;
    uint8_t *data = whole_file(compact, &size);
    expect("the model file is read", glb_model_read(h5, &a) == GLB_OK);
    expect("the compact model is read", compact_read(data, size, &b) == GLB_OK);
    expect("graph, weights, biases and layers are the same", same(&a, &b));
    data[size] = 0;
    struct glb_model more;
    expect("a byte too many is refused", compact_read(data, size + 1, &more) == GLB_ERR_FORMAT);
    expect("damaged ones are refused, or are other models", damaged(&a, data, size));
    glb_model_clear(&a);
    glb_model_clear(&b);
    free(data);
    return bad;
}

static int read_images(const char *h5, const char *images) {
    struct glb_model *m;
    struct glb_predict_options o;
    size_t size;
    uint8_t *grey = whole_file(images, &size), label;
    glb_predict_options_init(&o, sizeof o);
    o.batch = 16;
    if (glb_model_load(h5, &m))
        return 1;
    for (size_t at = 0; at + 784 <= size; at += 784) {
        if (glb_model_predict(m, grey + at, 1, 28, 28, &o, &label, NULL))
            return 1;
        printf("%d\n", label);
    }
    glb_model_free(m);
    free(grey);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "check") == 0)
        return check(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "read") == 0)
        return read_images(argv[2], argv[3]);
    fprintf(stderr, "usage: native check MODEL.h5 MODEL.glbm | native read MODEL.h5 IMAGES\n");
    return 2;
}
