/* libFuzzer harness of the HDF5 readers: programs, models, checkpoints. libhdf5 itself does not
 * survive bytes changed at random, so the input selects what libhdf5 changes in a valid
 * file: values, types, sizes, presence of its items. What a reader accepts must be usable: it is.
 * Files live in memory (H5Fopen by ld --wrap). SPDX-License-Identifier: Apache-2.0 */
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "support/learn/gibbs_sampler.h"
#include "support/learn/small_images.h"
#include "learn/training/checkpoint.h"
#include "learn/draw/draw.h"
#include "learn/labels/free_energy.h"
#include "glauber.h"
#include "graph/graph.h"
#include "hdf5_changes.h"
#include "learn/training/trainer_model.h"
#include "compiler/compile.h"
#include "sampler/sampler_state.h"

enum { IMAGES = 64, CHAINS = 64, MAX_CHANGES = 12 };
enum kind { PROGRAM, MODEL, CHECKPOINT, KINDS };

/* A valid file and the items in it. */
struct base {
    uint8_t *image;
    size_t size;
    struct item item[96];
    int items;
};

static struct base base[KINDS];
static struct glb_graph *graph;
static struct glb_device *device;
static struct glb_topology topology;
static struct glb_dataset images;
static struct glb_layer_sampler gibbs;
static hid_t opened; /* the file that readers get */
static const char PATH[] = "/dev/null";

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
hid_t __real_H5Fopen(const char *path, unsigned flags, hid_t access);
hid_t __wrap_H5Fopen(const char *path, unsigned flags, hid_t access);

hid_t __wrap_H5Fopen(const char *path, unsigned flags, hid_t access) {
    return strcmp(path, PATH) == 0 ? H5Freopen(opened) : __real_H5Fopen(path, flags, access);
}

static void must(int ok) {
    if (!ok) {
        fprintf(stderr, "fuzz_hdf5: %s\n", glb_error());
        abort();
    }
}

/* ---- valid files ---- */

static void add_item(struct base *b, const char *group, const char *name, int attribute) {
    must(b->items < (int)(sizeof b->item / sizeof *b->item));
    struct item *i = &b->item[b->items++];
    snprintf(i->group, sizeof i->group, "%s", group);
    snprintf(i->name, sizeof i->name, "%s", name);
    i->attribute = attribute;
}

struct listing {
    struct base *b;
    const char *group;
};

static herr_t list_link(hid_t at, const char *name, const H5L_info_t *info, void *user) {
    const struct listing *l = user;
    (void)at;
    (void)info;
    add_item(l->b, l->group, name, 0);
    return 0;
}

static herr_t list_attribute(hid_t at, const char *name, const H5A_info_t *info, void *user) {
    const struct listing *l = user;
    (void)at;
    (void)info;
    add_item(l->b, l->group, name, 1);
    return 0;
}

static hid_t open_image(const struct base *b) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1 << 16, 0);
    H5Pset_file_image(access, b->image, b->size);
    const hid_t f = __real_H5Fopen("image", H5F_ACC_RDWR, access);
    H5Pclose(access);
    return f;
}

static void read_base(const char *path, struct base *b) {
    FILE *f = fopen(path, "rb");
    must(f && fseek(f, 0, SEEK_END) == 0);
    b->size = (size_t)ftell(f);
    b->image = malloc(b->size);
    rewind(f);
    must(b->image && fread(b->image, 1, b->size, f) == b->size);
    fclose(f);
    unlink(path);
    const hid_t h = open_image(b);
    const char *groups[] = {"/", "/trainer"};
    for (int g = 0; g < 2; g++) {
        const struct listing l = {b, groups[g]};
        if (g == 1 && H5Lexists(h, "trainer", H5P_DEFAULT) <= 0)
            continue;
        const hid_t at = H5Gopen2(h, groups[g], H5P_DEFAULT);
        H5Literate(at, H5_INDEX_NAME, H5_ITER_INC, NULL, list_link, (void *)&l);
        H5Aiterate2(at, H5_INDEX_NAME, H5_ITER_INC, NULL, list_attribute, (void *)&l);
        H5Gclose(at);
    }
    H5Fclose(h);
}

/* A graph with a hub of partial sums, two copies of it side by side. */
static void make_program(const char *path) {
    char text[1024];
    size_t n = (size_t)snprintf(text, sizeof text, "16 23\n");
    for (int i = 1; i < 16; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "1 %d 0.%d\n", i + 1, i);
    for (int i = 2; i < 10; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%d %d -0.5\n", i, i + 5);
    glb_graph_parse("graph", text, n, NULL, NULL, 0, GLB_BOLTZMANN, &graph);
    must(graph != NULL);
    const struct glb_compile_options o = {.hub_degree = 6, .copies = 2};
    struct glb_program *p;
    must(glb_compile(graph, glb_array_find("tiny"), &o, &p, NULL) == GLB_OK);
    must(glb_program_save(p, path) == GLB_OK);
    glb_program_free(p);
    must(glb_device_open("emu", "tiny", &device) == GLB_OK);
}

static void training_options(struct glb_train_options *o) {
    glb_train_defaults(&topology, o);
    o->generative = 0.1;
    o->epochs = 4;
    o->positive = o->negative = o->free_sweeps = 1; /* fast */
    o->positive_burn = o->negative_burn = 0;
    o->threads = 1;
}

static void make_model(const char *model, const char *checkpoint) {
    struct glb_train_options o;
    struct glb_trainer *r;
    struct glb_model m;
    images = small_images(IMAGES);
    must(glb_topology_build("local:hidden=6,fan=4,window=3", 3, 3, 10, 1, &topology) == GLB_OK);
    gibbs = gibbs_open(&topology, CHAINS);
    training_options(&o);
    must(glb_trainer_open_on(&topology, &images, &gibbs, &o, &r) == GLB_OK);
    must(glb_trainer_step(r) == GLB_OK && glb_model_make(r, &m) == GLB_OK);
    must(glb_model_write(&m, model) == GLB_OK);
    must(glb_checkpoint_save(r, &m, checkpoint) == GLB_OK);
    glb_model_clear(&m);
    glb_trainer_close(r);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    char folder[] = "/tmp/fuzz-hdf5-XXXXXX", path[KINDS][64];
    (void)argc;
    (void)argv;
    must(mkdtemp(folder) != NULL);
    for (int k = 0; k < KINDS; k++)
        snprintf(path[k], sizeof path[k], "%s/%d", folder, k);
    make_program(path[PROGRAM]);
    make_model(path[MODEL], path[CHECKPOINT]);
    for (int k = 0; k < KINDS; k++)
        read_base(path[k], &base[k]);
    rmdir(folder);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return 0;
}

static void change(struct input *in, hid_t file, const struct base *b) {
    const struct item *i = &b->item[byte(in) % (unsigned)b->items];
    const unsigned how = byte(in) & 15;
    const hid_t at = H5Gopen2(file, i->group, H5P_DEFAULT);
    if (at < 0)
        return; /* "trainer" may be gone by now */
    if (how < 11)
        change_values(in, at, i);
    else if (how < 14)
        change_type(in, at, i);
    else if (how == 14)
        erase(at, i);
    else
        change_link(in, at, i);
    H5Gclose(at);
}

/* ---- readers, and use of what they accept ---- */

static enum glb_status try_program(unsigned use) {
    struct glb_program *p;
    struct glb_sampler *s;
    struct glb_settings set;
    const enum glb_status status = glb_program_load(PATH, &p);
    if (status != GLB_OK)
        return status;
    uint32_t k;
    glb_program_k(p, 1, &k);
    double *J = calloc((size_t)p->m + 1, sizeof *J), *h = calloc((size_t)p->n, sizeof *h);
    for (int e = 0; e < p->m; e++)
        J[e] = e & 1 ? 1e30 : -0.1 * e;
    glb_program_set_weights(p, J, h, NULL);
    free(J);
    free(h);
    /* its words as they are in the file may be nonsense, but none that the array minds */
    if (strcmp(p->array.name, "tiny") == 0 && p->n == graph->n && p->m == graph->m) {
        p->graph_hash = graph->hash;
        glb_program_verify(p, graph);
        if (use % 8 == 7 && glb_sampler_new(graph, p, device, &s) == GLB_OK) {
            glb_settings_init(&set, sizeof set);
            set.burn_in = 1;
            set.samples = 1;
            glb_sampler_run(s, &set);
            glb_sampler_close(s);
        }
    }
    glb_program_free(p);
    return GLB_OK;
}

static enum glb_status try_model(unsigned use) {
    struct glb_model m;
    const enum glb_status status = glb_model_read(PATH, &m);
    if (status != GLB_OK)
        return status;
    const struct glb_graph *g = m.t.graph;
    for (int i = 0; i < g->n; i++)
        must(isfinite(m.h[i]) && isfinite(m.mu[i]) && m.t.layer_of[i] < m.t.nlayers);
    for (int e = 0; e < g->m; e++)
        must(g->ei[e] >= 0 && g->ei[e] < g->ej[e] && g->ej[e] < g->n && isfinite(m.J[e]));
    if (use % 8 == 7) {
        uint8_t *grey = malloc((size_t)m.t.width * (size_t)m.t.height * 4), labels[IMAGES];
        if (m.t.nlayers > 2)
            glb_draw_weights(&m.t, m.J, 4, grey);
        free(grey);
        if (glb_free_energy_exists(&m.t) && m.t.width == 3 && m.t.height == 3)
            glb_free_energy_labels(&m.t, m.J, m.h, &images, 1, labels);
    }
    glb_model_clear(&m);
    return GLB_OK;
}

static enum glb_status try_checkpoint(unsigned use) {
    struct glb_train_options o;
    struct glb_trainer *r;
    int batch, first, count;
    enum glb_status s = glb_checkpoint_options(PATH, &o, &batch, &first, &count);
    if (s != GLB_OK)
        return s;
    must(batch > 0 && first >= 0 && count > 0);
    o.threads = 1;
    if (o.positive + o.positive_burn + o.negative + o.negative_burn + o.free_sweeps > 12)
        training_options(&o); /* only slow */
    s = glb_trainer_open_on(&topology, &images, &gibbs, &o, &r);
    if (s != GLB_OK)
        return s;
    s = glb_checkpoint_resume(PATH, r);
    if (s == GLB_OK && use % 32 == 31 && r->s.step < r->steps)
        must(glb_trainer_step(r) == GLB_OK);
    glb_trainer_close(r);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input in = {data, size};
    const unsigned first = byte(&in), use = byte(&in);
    const enum kind kind = (enum kind)(first % KINDS);
    opened = open_image(&base[kind]);
    must(opened >= 0);
    for (int k = 0; k < MAX_CHANGES && in.size > 0; k++)
        change(&in, opened, &base[kind]);
    const enum glb_status s = kind == PROGRAM ? try_program(use)
                              : kind == MODEL ? try_model(use)
                                              : try_checkpoint(use);
    must(s == GLB_OK || strlen(glb_error()) > 0); /* every refusal has a message */
    must(size > 2 || s == GLB_OK);                /* the file unchanged is a good one */
    H5Fclose(opened);
    return 0;
}
