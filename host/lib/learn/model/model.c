/* Model files (HDF5). SPDX-License-Identifier: Apache-2.0 */
#include "learn/model/model.h"

#include <stdlib.h>
#include <string.h>
#include "files/hdf5_store.h"

static const char FORMAT[] = "glauber-model";

int glb_model_allocate(struct glb_model *m) {
    const size_t n = (size_t)m->t.graph->n, p = n + (size_t)m->t.graph->m;
    m->weight = calloc(p, sizeof *m->weight);
    m->mu = calloc(n, sizeof *m->mu);
    m->J = calloc((size_t)m->t.graph->m, sizeof *m->J);
    m->h = calloc(n, sizeof *m->h);
    return m->weight && m->mu && m->J && m->h;
}

void glb_model_clear(struct glb_model *m) {
    glb_topology_clear(&m->t);
    free(m->weight);
    free(m->mu);
    free(m->J);
    free(m->h);
    memset(m, 0, sizeof *m);
}

void glb_model_put(struct glb_hdf5_store *s, const struct glb_model *m) {
    const struct glb_graph *g = m->t.graph;
    int32_t kind[GLB_MAX_LAYERS], count[GLB_MAX_LAYERS];
    int8_t *weight = malloc((size_t)g->m + 1);
    if (!weight) {
        glb_hdf5_fail(s, GLB_ERR_MEMORY, "weight", "cannot be written: out of memory");
        return;
    }
    for (int l = 0; l < m->t.nlayers; l++) {
        kind[l] = (int32_t)m->t.layer[l].kind;
        count[l] = m->t.layer[l].count;
    }
    for (int e = 0; e < g->m; e++)
        weight[e] = (int8_t)(2 * m->J[e] / m->u);

    glb_hdf5_put_text(s, "format", FORMAT);
    const int ten = m->t.classes == 10 && !m->t.pixel_of;
    glb_hdf5_put_int(s, "version",
                     ten             ? GLB_MODEL_TEN_CLASSES
                     : m->t.pixel_of ? GLB_MODEL_VERSION
                                     : GLB_MODEL_CLASSES);
    if (!ten)
        glb_hdf5_put_int(s, "classes", m->t.classes);
    glb_hdf5_put_text(s, "topology", m->t.spec);
    glb_hdf5_put_int(s, "topology_seed", (int64_t)m->t.seed);
    glb_hdf5_put_int(s, "width", m->t.width);
    glb_hdf5_put_int(s, "height", m->t.height);
    glb_hdf5_put_int(s, "pbits", g->n);
    glb_hdf5_put_int(s, "couplings", g->m);
    glb_hdf5_put_real(s, "field_lsb", m->u);
    glb_hdf5_put_int(s, "weight_max", m->weight_max);
    glb_hdf5_put_int(s, "weight_bits", m->weight_bits);
    glb_hdf5_put_real(s, "readout_beta", m->readout_beta);
    if (m->generative >= 0)
        glb_hdf5_put_real(s, "generative", m->generative);
    glb_hdf5_put_int(s, "binarise_kind", m->binarise.kind);
    glb_hdf5_put_int(s, "binarise_threshold", m->binarise.threshold[0]);
    if (m->binarise.planes > 1)
        glb_hdf5_put_array(s, "binarise_planes", GLB_ELEMENT_INT32, (size_t)m->binarise.planes,
                           m->binarise.threshold);
    glb_hdf5_put_text(s, "command", m->command);
    glb_hdf5_put_text(s, "revision", m->revision);
    glb_hdf5_put_text(s, "device", m->device);
    glb_hdf5_put_text(s, "array", m->array);
    glb_hdf5_put_int(s, "images", m->images);
    glb_hdf5_put_real(s, "epochs", m->epochs);
    glb_hdf5_put_int(s, "seed", (int64_t)m->seed);
    glb_hdf5_put_int(s, "flips", (int64_t)m->flips);
    glb_hdf5_put_real(s, "seconds", m->seconds);
    glb_hdf5_put_real(s, "training_accuracy", m->accuracy);
    glb_hdf5_put_int(s, "layers", m->t.nlayers);
    glb_hdf5_put_array(s, "layer_kind", GLB_ELEMENT_INT32, (size_t)m->t.nlayers, kind);
    glb_hdf5_put_array(s, "layer_pbits", GLB_ELEMENT_INT32, (size_t)m->t.nlayers, count);
    if (m->t.pixel_of)
        glb_hdf5_put_array(s, "pixel_of", GLB_ELEMENT_INT32, (size_t)m->t.layer[0].count,
                           m->t.pixel_of);
    if (m->t.qubit)
        glb_hdf5_put_array(s, "qubit", GLB_ELEMENT_INT32, (size_t)g->n, m->t.qubit);
    glb_hdf5_put_array(s, "edge_i", GLB_ELEMENT_INT32, (size_t)g->m, g->ei);
    glb_hdf5_put_array(s, "edge_j", GLB_ELEMENT_INT32, (size_t)g->m, g->ej);
    glb_hdf5_put_array(s, "weight", GLB_ELEMENT_INT8, (size_t)g->m, weight);
    glb_hdf5_put_array(s, "bias", GLB_ELEMENT_DOUBLE, (size_t)g->n, m->h);
    glb_hdf5_put_array(s, "master", GLB_ELEMENT_FLOAT, (size_t)(g->m + g->n), m->weight);
    glb_hdf5_put_array(s, "mu", GLB_ELEMENT_FLOAT, (size_t)g->n, m->mu);
    free(weight);
}

enum glb_status glb_model_write(const struct glb_model *m, const char *path) {
    struct glb_hdf5_store s;
    glb_hdf5_create(&s, path);
    glb_model_put(&s, m);
    return glb_hdf5_close(&s);
}

static void get_header(struct glb_hdf5_store *s, struct glb_model *m) {
    char format[32];
    if (s->status == GLB_OK && !glb_hdf5_has_attribute(s, "format"))
        glb_hdf5_fail(s, GLB_ERR_FORMAT, "format",
                      "is missing: not a model; `glauber train` makes one");
    glb_hdf5_get_text(s, "format", format, sizeof format);
    if (s->status == GLB_OK && strcmp(format, FORMAT) != 0)
        glb_hdf5_fail(s, GLB_ERR_FORMAT, "format",
                      "does not say that this is a glauber model; `glauber train` makes one");
    m->t.classes = glb_hdf5_get_int(s, "version", GLB_MODEL_TEN_CLASSES, GLB_MODEL_VERSION) ==
                           GLB_MODEL_TEN_CLASSES
                       ? 10
                       : (int)glb_hdf5_get_int(s, "classes", GLB_MIN_CLASSES, GLB_MAX_CLASSES);
    m->u = glb_hdf5_get_real(s, "field_lsb", 1e-9, 1e6);
    m->weight_max = (int)glb_hdf5_get_int(s, "weight_max", 1, 127);
    m->weight_bits = (int)glb_hdf5_get_int(s, "weight_bits", 2, 16);
    m->readout_beta = glb_hdf5_get_real(s, "readout_beta", 1e-3, 1e3);
    m->generative = -1; /* models of version 0.1 do not have it */
    if (s->status == GLB_OK && glb_hdf5_has_attribute(s, "generative"))
        m->generative = glb_hdf5_get_real(s, "generative", 0, 100);
    m->binarise.kind = (enum glb_binarise_kind)glb_hdf5_get_int(s, "binarise_kind", 0, 1);
    m->binarise.threshold[0] = (int)glb_hdf5_get_int(s, "binarise_threshold", 0, 254);
    m->binarise.planes = 1;
    glb_hdf5_get_text(s, "command", m->command, sizeof m->command);
    glb_hdf5_get_text(s, "revision", m->revision, sizeof m->revision);
    glb_hdf5_get_text(s, "device", m->device, sizeof m->device);
    glb_hdf5_get_text(s, "array", m->array, sizeof m->array);
    m->images = (int)glb_hdf5_get_int(s, "images", 0, INT32_MAX);
    m->epochs = glb_hdf5_get_real(s, "epochs", 0, 1e6);
    m->seed = (uint64_t)glb_hdf5_get_int(s, "seed", INT64_MIN, INT64_MAX);
    m->flips = (uint64_t)glb_hdf5_get_int(s, "flips", 0, INT64_MAX);
    m->seconds = glb_hdf5_get_real(s, "seconds", 0, 1e12);
    m->accuracy = glb_hdf5_get_real(s, "training_accuracy", 0, 1);
}

/* More thresholds than one are an array of their own. */
static void get_planes(struct glb_hdf5_store *s, struct glb_model *m) {
    struct glb_binarise *b = &m->binarise;
    if (!glb_hdf5_has(s, "binarise_planes"))
        return;
    const int64_t planes = glb_hdf5_count(s, "binarise_planes");
    if (planes < 2 || planes > GLB_DATASET_MAX_PLANES) {
        glb_hdf5_fail(s, GLB_ERR_FORMAT, "binarise_planes", "must hold 2 to 4 thresholds");
        return;
    }
    b->planes = (int)planes;
    glb_hdf5_get_array(s, "binarise_planes", GLB_ELEMENT_INT32, (size_t)planes, b->threshold);
    for (int p = 0; p < b->planes; p++)
        if (b->threshold[p] < 0 || b->threshold[p] > 254)
            glb_hdf5_fail(s, GLB_ERR_FORMAT, "binarise_planes", "is out of its range");
}

/* An array of `count` numbers from 0 on, in `to`; NULL where the file has none. */
static const int32_t *get_places(struct glb_hdf5_store *s, const char *name, int count,
                                 int32_t *to) {
    if (s->status != GLB_OK || !to || !glb_hdf5_has(s, name))
        return NULL;
    glb_hdf5_get_array(s, name, GLB_ELEMENT_INT32, (size_t)count, to);
    for (int i = 0; i < count && s->status == GLB_OK; i++)
        if (to[i] < 0)
            glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "holds a number below 0");
    return to;
}

static void get_topology(struct glb_hdf5_store *s, struct glb_model *m) {
    char spec[GLB_SPEC_BYTES];
    int32_t kind[GLB_MAX_LAYERS] = {0}, count[GLB_MAX_LAYERS] = {0};
    struct glb_layer layer[GLB_MAX_LAYERS];
    glb_hdf5_get_text(s, "topology", spec, sizeof spec);
    const uint64_t seed = (uint64_t)glb_hdf5_get_int(s, "topology_seed", INT64_MIN, INT64_MAX);
    const int width = (int)glb_hdf5_get_int(s, "width", 1, GLB_DATASET_MAX_SIDE);
    const int height =
        (int)glb_hdf5_get_int(s, "height", 1, GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_PLANES);
    get_planes(s, m);
    const int n = (int)glb_hdf5_get_int(s, "pbits", 2, 1 << 20);
    const int edges = (int)glb_hdf5_get_int(s, "couplings", 1, 1 << 26);
    const int layers = (int)glb_hdf5_get_int(s, "layers", 2, GLB_MAX_LAYERS);
    glb_hdf5_get_array(s, "layer_kind", GLB_ELEMENT_INT32, (size_t)layers, kind);
    glb_hdf5_get_array(s, "layer_pbits", GLB_ELEMENT_INT32, (size_t)layers, count);
    /* before memory is taken for as many as the file says */
    if (s->status == GLB_OK &&
        (glb_hdf5_count(s, "edge_i") != edges || glb_hdf5_count(s, "mu") != n))
        glb_hdf5_fail(s, GLB_ERR_FORMAT, "couplings", "or pbits is not what edge_i and mu hold");
    if (s->status != GLB_OK)
        return;
    struct glb_graph *g;
    if ((s->status = glb_graph_new(n, edges, &g)) != GLB_OK)
        return;
    g->m = edges;
    glb_hdf5_get_array(s, "edge_i", GLB_ELEMENT_INT32, (size_t)edges, g->ei);
    glb_hdf5_get_array(s, "edge_j", GLB_ELEMENT_INT32, (size_t)edges, g->ej);
    for (int e = 0; e < edges && s->status == GLB_OK; e++) {
        const int sorted = e == 0 || g->ei[e] > g->ei[e - 1] ||
                           (g->ei[e] == g->ei[e - 1] && g->ej[e] > g->ej[e - 1]);
        if (g->ei[e] < 0 || g->ej[e] <= g->ei[e] || g->ej[e] >= n || !sorted)
            glb_hdf5_fail(s, GLB_ERR_FORMAT, "edge_i",
                          "and edge_j are not sorted couplings of its p-bits");
    }
    for (int l = 0, first = 0; l < layers; l++) {
        int again = 0; /* code asks for "the" layer of a kind */
        for (int k = 0; k < l; k++)
            again |= kind[k] == kind[l];
        if (kind[l] < GLB_LAYER_PIXELS || kind[l] > GLB_LAYER_H3 || count[l] < 1 || count[l] > n ||
            again)
            glb_hdf5_fail(s, GLB_ERR_FORMAT, "layer_kind",
                          "or layer_pbits holds an unknown value, or a kind twice");
        if (s->status != GLB_OK)
            break; /* a sum of such counts could overflow */
        layer[l] = (struct glb_layer){(enum glb_layer_kind)kind[l], first, count[l]};
        first += count[l];
    }
    int32_t *room = s->status == GLB_OK ? malloc(2 * sizeof *room * (size_t)n) : NULL;
    const struct glb_topology_parts parts = {spec,
                                             seed,
                                             width,
                                             height,
                                             m->t.classes,
                                             layers,
                                             layer,
                                             get_places(s, "pixel_of", count[0], room),
                                             get_places(s, "qubit", n, room ? room + n : NULL)};
    if (s->status == GLB_OK && !room)
        s->status = glb_fail(GLB_ERR_MEMORY, "%s: no memory for its topology", s->path);
    if (s->status != GLB_OK)
        glb_graph_free(g);
    else
        s->status = glb_topology_assemble(&parts, g, &m->t);
    free(room);
}

static void get_weights(struct glb_hdf5_store *s, struct glb_model *m) {
    if (s->status != GLB_OK)
        return;
    const size_t n = (size_t)m->t.graph->n, e = (size_t)m->t.graph->m;
    int8_t *weight = malloc(e);
    if (!weight || !glb_model_allocate(m)) {
        s->status = glb_fail(GLB_ERR_MEMORY, "%s: no memory for its weights", s->path);
    } else {
        glb_hdf5_get_array(s, "weight", GLB_ELEMENT_INT8, e, weight);
        glb_hdf5_get_array(s, "bias", GLB_ELEMENT_DOUBLE, n, m->h);
        glb_hdf5_get_array(s, "master", GLB_ELEMENT_FLOAT, e + n, m->weight);
        glb_hdf5_get_array(s, "mu", GLB_ELEMENT_FLOAT, n, m->mu);
        for (size_t k = 0; k < e; k++)
            m->J[k] = weight[k] * m->u / 2;
    }
    free(weight);
}

enum glb_status glb_model_read(const char *path, struct glb_model *out) {
    struct glb_hdf5_store s;
    struct glb_model m = {0};
    memset(out, 0, sizeof *out);
    glb_hdf5_open(&s, path);
    get_header(&s, &m);
    get_topology(&s, &m);
    get_weights(&s, &m);
    const enum glb_status status = glb_hdf5_close(&s);
    if (status == GLB_OK)
        *out = m;
    else
        glb_model_clear(&m);
    return status;
}
