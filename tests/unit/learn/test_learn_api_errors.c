/* glauber/learn.h: what is refused, and with which words; structs of options of other sizes.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "support/glyph_images.h"

enum { IMAGES = 128 };

static uint8_t grey[IMAGES][GLYPH_PIXELS], label[IMAGES];
static struct glb_dataset *images;
static struct glb_topology *topology;
static struct glb_model *model;
static char path[] = "/tmp/glb-test-learn-errors-XXXXXX";

static void refused(enum glb_status s, enum glb_status want, const char *word) {
    if (s != want || !strstr(glb_error(), word))
        fail_msg("status %s, message: %s; expected %s, ...%s...", glb_status_name(s), glb_error(),
                 glb_status_name(want), word);
}

static struct glb_dataset *dataset(int height, int width, int classes, int labelled) {
    static const uint8_t all_grey[4 * 32 * 32], all_label[4] = {0, 1, 1, 0};
    struct glb_dataset *d;
    assert_int_equal(glb_dataset_from_arrays(all_grey, labelled ? all_label : NULL, 4, height,
                                             width, classes, NULL, &d),
                     GLB_OK);
    return d;
}

static void data_sets(void **state) {
    struct glb_dataset *d = images;
    (void)state;
    refused(glb_dataset_from_arrays(*grey, label, IMAGES, 6, 6, 0, "grey", &d), GLB_ERR_ARGUMENT,
            "stochastic");
    assert_null(d);
    refused(glb_dataset_from_arrays(*grey, label, IMAGES, 6, 33, 0, NULL, &d), GLB_ERR_ARGUMENT,
            "6 x 33");
    refused(glb_dataset_from_arrays(*grey, label, IMAGES, 6, 6, 2, NULL, &d), GLB_ERR_ARGUMENT,
            "labels must be 0 to 1");
    refused(glb_dataset_read("/nowhere", "train", NULL, &d), GLB_ERR_FILE, "/nowhere");
    assert_null(d);
    assert_int_equal(glb_dataset_from_arrays(*grey, label, IMAGES, 6, 6, 9, "threshold=10+200", &d),
                     GLB_OK);
    assert_int_equal(glb_dataset_height(d), 6);
    assert_int_equal(glb_dataset_width(d), 6);
    assert_int_equal(glb_dataset_planes(d), 2);
    assert_int_equal(glb_dataset_classes(d), 9);
    assert_int_equal(glb_dataset_count(d), IMAGES);
    assert_memory_equal(glb_dataset_grey(d), grey, sizeof grey);
    assert_memory_equal(glb_dataset_labels(d), label, sizeof label);
    glb_dataset_free(d);
    glb_dataset_free(NULL);
}

static void topologies(void **state) {
    const int32_t i[] = {0, 1}, j[] = {4, 5};
    const double J[] = {1, 1};
    uint8_t role[8] = {1, 1, 1, 1, 0, 0, 2, 2};
    struct glb_topology *t = topology;
    (void)state;
    refused(glb_topology_generate("ring", images, 1, &t), GLB_ERR_ARGUMENT, "known: local");
    assert_null(t);
    assert_non_null(strstr(glb_topology_help(), "pegasus"));
    struct glb_dataset *d = dataset(2, 2, 2, 1);
    struct glb_graph *g;
    assert_int_equal(glb_graph_from_arrays(8, 2, i, j, J, NULL, GLB_BOLTZMANN, 0, &g), GLB_OK);
    assert_int_equal(glb_topology_from_graph(g, role, d, NULL, &t), GLB_OK);
    glb_topology_free(t);
    role[3] = 0;
    refused(glb_topology_from_graph(g, role, d, NULL, &t), GLB_ERR_ARGUMENT, "3 visible");
    role[3] = 3;
    refused(glb_topology_from_graph(g, role, d, NULL, &t), GLB_ERR_ARGUMENT, "role[3] is 3");
    role[3] = 1;
    role[5] = 2;
    refused(glb_topology_from_graph(g, role, d, NULL, &t), GLB_ERR_ARGUMENT, "3 label");
    assert_null(t);
    glb_graph_free(g);
    glb_dataset_free(d);
    glb_topology_free(NULL);
}

static void trainers(void **state) {
    struct glb_trainer_options o;
    struct glb_trainer *r = NULL;
    (void)state;
    struct glb_dataset *wide = dataset(6, 7, 3, 1), *bare = dataset(6, 6, 3, 0);
    struct glb_dataset *many = dataset(6, 6, 5, 1);
    refused(glb_trainer_open(topology, wide, NULL, &r), GLB_ERR_ARGUMENT, "7 x 6 pixels");
    assert_null(r);
    refused(glb_trainer_open(topology, bare, NULL, &r), GLB_ERR_ARGUMENT, "labels");
    glb_trainer_options_init(&o, sizeof o, topology, GLB_TRAIN_CONDITIONAL);
    o.array = "small";
    o.batch = 96;
    refused(glb_trainer_open(topology, images, &o, &r), GLB_ERR_ARGUMENT, "multiple of 64");
    o.batch = 64;
    o.rate = NAN;
    refused(glb_trainer_open(topology, images, &o, &r), GLB_ERR_ARGUMENT, "rate");
    o.rate = 0.03;
    o.positive = 256;
    refused(glb_trainer_open(topology, images, &o, &r), GLB_ERR_ARGUMENT, "positive is 256");
    o.positive = 9;
    refused(glb_trainer_open(topology, images, &o, &r), GLB_ERR_ARGUMENT, "common noise");
    o.positive = o.negative;
    o.array = "tiny";
    refused(glb_trainer_open(topology, images, &o, &r), GLB_ERR_FIT, "tiny");
    o.array = "small";
    o.device = "teapot";
    refused(glb_trainer_open(topology, images, &o, &r), GLB_ERR_ARGUMENT, "teapot");
    assert_null(r);
    /* more classes than are used are none too many, labels that the machine has not are */
    o.device = "emu";
    assert_int_equal(glb_trainer_open(topology, many, &o, &r), GLB_OK);
    glb_trainer_close(r);
    glb_trainer_close(NULL);
    glb_dataset_free(wide);
    glb_dataset_free(bare);
    glb_dataset_free(many);
}

static void checkpoints(void **state) {
    struct glb_trainer_options o;
    struct glb_trainer *r, *resumed = NULL;
    struct glb_dataset *other;
    (void)state;
    glb_trainer_options_init(&o, sizeof o, topology, GLB_TRAIN_CONDITIONAL);
    o.array = "small";
    o.batch = 64;
    assert_int_equal(glb_trainer_open(topology, images, &o, &r), GLB_OK);
    assert_int_equal(glb_trainer_step(r), GLB_OK);
    refused(glb_trainer_save(r, "/nowhere/x.h5"), GLB_ERR_FILE, "/nowhere");
    assert_int_equal(glb_trainer_save(r, path), GLB_OK);
    assert_int_equal(glb_dataset_from_arrays(*grey, label, IMAGES - 1, 6, 6, 3, NULL, &other),
                     GLB_OK);
    refused(glb_trainer_resume(path, other, NULL, &resumed), GLB_ERR_ARGUMENT, "on 128 images");
    glb_dataset_free(other);
    assert_int_equal(glb_dataset_from_arrays(*grey, label, IMAGES, 6, 6, 3, "threshold=9", &other),
                     GLB_OK);
    refused(glb_trainer_resume(path, other, NULL, &resumed), GLB_ERR_ARGUMENT, "another way");
    glb_dataset_free(other);
    assert_int_equal(glb_model_save(model, path), GLB_OK);
    refused(glb_trainer_resume(path, images, NULL, &resumed), GLB_ERR_FORMAT, "cannot be resumed");
    assert_null(resumed);
    glb_trainer_close(r);
}

static void models(void **state) {
    struct glb_predict_options p;
    struct glb_draw_options d;
    uint8_t read[IMAGES], big[IMAGES * GLYPH_PIXELS];
    double f[IMAGES * 3];
    struct glb_model *m = model;
    (void)state;
    refused(glb_model_load("/nowhere/m.h5", &m), GLB_ERR_FILE, "/nowhere");
    assert_null(m);
    assert_int_equal(glb_model_height(model), 6);
    assert_int_equal(glb_model_width(model), 6);
    assert_int_equal(glb_model_planes(model), 1);
    refused(glb_model_predict(model, *grey, 4, 5, 6, NULL, read, NULL), GLB_ERR_ARGUMENT, "6 x 5");
    refused(glb_model_free_energy(model, *grey, 4, 6, 5, f), GLB_ERR_ARGUMENT, "5 x 6");
    glb_predict_options_init(&p, sizeof p);
    p.burn_in = 60;
    refused(glb_model_predict(model, *grey, 4, 6, 6, &p, read, NULL), GLB_ERR_ARGUMENT,
            "220 sweeps");
    p.burn_in = 5;
    p.beta = -1;
    refused(glb_model_predict(model, *grey, 4, 6, 6, &p, read, NULL), GLB_ERR_ARGUMENT, "beta");
    refused(glb_model_draw(model, 0, NULL, big), GLB_ERR_ARGUMENT, "0 pictures");
    refused(glb_model_draw(model, 1 << 20, NULL, big), GLB_ERR_ARGUMENT, "pictures a class");
    glb_draw_options_init(&d, sizeof d);
    d.average = d.sweeps;
    refused(glb_model_draw(model, 1, &d, big), GLB_ERR_ARGUMENT, "a tenth");
    refused(glb_model_inpaint(model, *grey, label, 4, 6, 7, NULL, NULL, big), GLB_ERR_ARGUMENT,
            "7 x 6");
    const uint8_t wrong[] = {0, 1, 2, 3};
    refused(glb_model_inpaint(model, *grey, wrong, 4, 6, 6, NULL, NULL, big), GLB_ERR_ARGUMENT,
            "label 3 is 3");
    glb_model_free(NULL);
}

static void deep_machines_have_no_free_energies(void **state) {
    struct glb_topology *t;
    struct glb_trainer *r;
    struct glb_model *m;
    double f[3];
    (void)state;
    assert_int_equal(glb_topology_generate("deep:h1=20,h2=3,fan=8", images, 1, &t), GLB_OK);
    assert_int_equal(glb_topology_count(t, GLB_ROLE_HIDDEN), 23);
    assert_int_equal(glb_trainer_open(t, images, NULL, &r), GLB_OK);
    assert_int_equal(glb_model_from_trainer(r, &m), GLB_OK);
    refused(glb_model_free_energy(m, *grey, 1, 6, 6, f), GLB_ERR_UNSUPPORTED, "coupled");
    glb_model_free(m);
    glb_trainer_close(r);
    glb_topology_free(t);
}

/* Programs compiled with another header. */
static void structs_of_other_sizes(void **state) {
    struct {
        struct glb_draw_options o;
        char more[16];
    } longer;
    struct glb_draw_options o;
    uint8_t full[3 * GLYPH_PIXELS], part[3 * GLYPH_PIXELS];
    (void)state;
    glb_draw_options_init(&o, sizeof o);
    o.sweeps = 100;
    o.average = 5;
    o.array = "small";
    assert_int_equal(glb_model_draw(model, 1, &o, full), GLB_OK);
    memset(&longer, 1, sizeof longer);
    glb_draw_options_init(&longer.o, sizeof longer);
    longer.o.sweeps = 100;
    longer.o.average = 5;
    longer.o.array = "small";
    assert_int_equal(glb_model_draw(model, 1, &longer.o, part), GLB_OK);
    assert_memory_equal(part, full, sizeof full);
    longer.more[3] = 1;
    refused(glb_model_draw(model, 1, &longer.o, part), GLB_ERR_ARGUMENT, "newer library");
    o.beta = 77; /* beyond the end of the older struct: the default holds */
    o.size = offsetof(struct glb_draw_options, beta);
    assert_int_equal(glb_model_draw(model, 1, &o, part), GLB_OK);
    assert_memory_equal(part, full, sizeof full);
    o.size = 0;
    refused(glb_model_draw(model, 1, &o, part), GLB_ERR_ARGUMENT, "glb_draw_options_init");
}

int main(void) {
    struct glb_trainer *r;
    const int fd = mkstemp(path);
    glyph_images(1, IMAGES, grey, label);
    if (fd < 0 || glb_dataset_from_arrays(*grey, label, IMAGES, 6, 6, 0, NULL, &images) ||
        glb_topology_generate("local:hidden=40,fan=12,window=5", images, 1, &topology) ||
        glb_trainer_open(topology, images, NULL, &r) || glb_model_from_trainer(r, &model))
        return 1;
    glb_trainer_close(r);
    close(fd);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_sets),
        cmocka_unit_test(topologies),
        cmocka_unit_test(trainers),
        cmocka_unit_test(checkpoints),
        cmocka_unit_test(models),
        cmocka_unit_test(deep_machines_have_no_free_energies),
        cmocka_unit_test(structs_of_other_sizes),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_model_free(model);
    glb_topology_free(topology);
    glb_dataset_free(images);
    unlink(path);
    return failed;
}
