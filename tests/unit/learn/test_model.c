/* Model files: round trip, damaged files, pictures. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <cmocka.h>
#include <png.h>
#include "learn/training/checkpoint.h"
#include "support/learn/gibbs_sampler.h"
#include "learn/training/trainer_model.h"
#include "tool/output/png_grey.h"
#include "support/learn/small_images.h"

static char path[] = "/tmp/glb-test-model-XXXXXX";
static struct glb_topology topology;
static struct glb_dataset images;

static void make_model_of(const struct glb_topology *t, struct glb_model *m) {
    struct glb_layer_sampler s = gibbs_open(t, 64);
    struct glb_train_options o;
    struct glb_trainer *r;
    glb_train_defaults(t, &o);
    assert_int_equal(glb_trainer_open_on(t, &images, &s, &o, &r), GLB_OK);
    assert_int_equal(glb_trainer_step(r), GLB_OK);
    assert_int_equal(glb_model_make(r, m), GLB_OK);
    glb_trainer_close(r);
    s.close(s.self);
    snprintf(m->command, sizeof m->command, "glauber train --seed 1");
    snprintf(m->revision, sizeof m->revision, "1.2.3");
    snprintf(m->array, sizeof m->array, "tiny");
    m->seconds = 1.5;
    m->readout_beta = 0.83;
    m->epochs = 2.25;
    m->seed = 41;
    m->accuracy = 0.625;
    m->binarise.threshold[0] = 77;
    snprintf(m->device, sizeof m->device, "a board");
}

static void make_model(struct glb_model *m) {
    make_model_of(&topology, m);
}

static void comes_back_as_written(void **state) {
    struct glb_model a, b;
    (void)state;
    make_model(&a);
    assert_int_equal(glb_model_write(&a, path), GLB_OK);
    assert_int_equal(glb_model_read(path, &b), GLB_OK);
    assert_string_equal(b.t.spec, a.t.spec);
    assert_int_equal(b.t.graph->n, a.t.graph->n);
    assert_int_equal(b.t.graph->m, a.t.graph->m);
    assert_int_equal(b.t.nlayers, a.t.nlayers);
    assert_memory_equal(b.t.graph->ei, a.t.graph->ei, sizeof(int32_t) * (size_t)a.t.graph->m);
    assert_memory_equal(b.t.graph->ej, a.t.graph->ej, sizeof(int32_t) * (size_t)a.t.graph->m);
    assert_memory_equal(b.J, a.J, sizeof *a.J * (size_t)a.t.graph->m);
    assert_memory_equal(b.h, a.h, sizeof *a.h * (size_t)a.t.graph->n);
    assert_memory_equal(b.weight, a.weight,
                        sizeof *a.weight * (size_t)(a.t.graph->m + a.t.graph->n));
    assert_string_equal(b.command, a.command);
    assert_string_equal(b.revision, a.revision);
    assert_string_equal(b.array, "tiny");
    assert_true(b.u == a.u && b.seconds == a.seconds && b.flips == a.flips && b.flips > 0);
    assert_true(b.readout_beta == 0.83 && b.epochs == 2.25 && b.accuracy == 0.625);
    assert_true(b.seed == 41 && b.images == 200);
    assert_string_equal(b.device, "a board");
    assert_int_equal(b.weight_max, a.weight_max);
    assert_int_equal(b.weight_bits, a.weight_bits);
    assert_int_equal(b.binarise.kind, GLB_BINARISE_THRESHOLD);
    assert_int_equal(b.binarise.planes, 1);
    assert_int_equal(b.binarise.threshold[0], 77);
    assert_memory_equal(b.mu, a.mu, sizeof *a.mu * (size_t)a.t.graph->n);
    assert_int_equal(b.t.seed, a.t.seed);
    assert_true(b.t.width == 3 && b.t.height == 3 && b.t.classes == 10);
    glb_model_clear(&b);

    struct glb_train_options o;
    int batch, first, count;
    assert_int_equal(glb_checkpoint_options(path, &o, &batch, &first, &count), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), "cannot be resumed"));
    glb_model_clear(&a);
}

/* Of what an array's couplings hold, or of those that the training was given. */
static void weights_have_the_bits_of_the_training(void **state) {
    static const struct {
        int most, asked, bits;
    } want[] = {{127, 0, 8}, {31, 0, 6}, {7, 0, 4}, {127, 5, 5}};
    (void)state;
    for (int k = 0; k < 4; k++) {
        struct glb_layer_sampler s = gibbs_open(&topology, 64);
        struct glb_train_options o;
        struct glb_trainer *r;
        struct glb_model m;
        s.weight_max = want[k].most;
        glb_train_defaults(&topology, &o);
        o.bits = want[k].asked;
        o.readout_beta = 0.77;
        o.seed = 19;
        assert_int_equal(glb_trainer_open_on(&topology, &images, &s, &o, &r), GLB_OK);
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        assert_int_equal(glb_model_make(r, &m), GLB_OK);
        assert_int_equal(m.weight_bits, want[k].bits);
        assert_int_equal(m.weight_max, want[k].most);
        assert_true(m.u == s.u && m.readout_beta == 0.77 && m.seed == 19 && m.images == 200);
        assert_true(m.epochs == 64 / 200.0 && m.flips > 0);
        glb_model_clear(&m);
        glb_trainer_close(r);
        s.close(s.self);
    }
}

static void refuse(const struct glb_model *m, const char *word) {
    struct glb_model back;
    assert_int_equal(glb_model_write(m, path), GLB_OK);
    assert_int_equal(glb_model_read(path, &back), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), word));
    assert_non_null(strstr(glb_error(), path));
    assert_null(back.J);
}

static void refuses_nonsense(void **state) {
    struct glb_model m, back;
    (void)state;
    make_model(&m);
    struct glb_graph *g = m.t.graph;
    const int32_t j = g->ej[3];
    g->ej[3] = g->n; /* no such p-bit */
    refuse(&m, "edge_i");
    g->ej[3] = g->ej[2]; /* twice the same coupling */
    refuse(&m, "edge_i");
    g->ej[3] = j;
    m.t.layer[1].kind = (enum glb_layer_kind)9;
    refuse(&m, "layer_kind");
    m.t.layer[1].kind = GLB_LAYER_H1;
    m.t.layer[1].count--;
    assert_int_equal(glb_model_write(&m, path), GLB_OK);
    assert_int_equal(glb_model_read(path, &back), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), "layers do not make up"));
    m.t.layer[1].count++;
    m.t.width = 99;
    refuse(&m, "width");
    m.t.width = 3;
    m.weight_max = 1000;
    refuse(&m, "weight_max");
    m.weight_max = 127;
    m.u = -1;
    refuse(&m, "field_lsb");
    m.u = 1.0 / 16;
    assert_int_equal(glb_model_write(&m, path), GLB_OK);
    assert_int_equal(glb_model_read(path, &back), GLB_OK);
    glb_model_clear(&back);
    glb_model_clear(&m);

    assert_int_equal(truncate(path, 3000), 0);
    assert_int_equal(glb_model_read(path, &m), GLB_ERR_FORMAT);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(glb_model_read(path, &m), GLB_ERR_FORMAT);
    assert_int_equal(glb_model_read("/nowhere/m.h5", &m), GLB_ERR_FILE);
    assert_non_null(strstr(glb_error(), "/nowhere/m.h5"));
}

static void classes_come_back(void **state) {
    struct glb_topology t;
    struct glb_model a, b;
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=12,fan=6,window=3", 3, 3, 4, 1, &t), GLB_OK);
    make_model_of(&t, &a);
    assert_int_equal(a.t.classes, 4);
    assert_int_equal(glb_model_write(&a, path), GLB_OK);
    assert_int_equal(glb_model_read(path, &b), GLB_OK);
    assert_int_equal(b.t.classes, 4);
    assert_int_equal(b.t.layer[2].count, 4);
    assert_memory_equal(b.h, a.h, sizeof *a.h * (size_t)a.t.graph->n);
    glb_model_clear(&b);
    a.t.classes = 3; /* four labels are no copies of three */
    assert_int_equal(glb_model_write(&a, path), GLB_OK);
    assert_int_equal(glb_model_read(path, &b), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), "3 labels"));
    a.t.classes = 65;
    refuse(&a, "classes");
    a.t.classes = 4;
    glb_model_clear(&a);
    /* labels that the topology does not have */
    assert_int_equal(glb_topology_build("local:hidden=12,fan=6,window=3", 3, 3, 3, 1, &a.t),
                     GLB_OK);
    struct glb_layer_sampler s = gibbs_open(&a.t, 64);
    struct glb_train_options o;
    struct glb_trainer *r;
    glb_train_defaults(&a.t, &o);
    assert_int_equal(glb_trainer_open_on(&a.t, &images, &s, &o, &r), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "3 classes"));
    s.close(s.self);
    glb_topology_clear(&a.t);
    glb_topology_clear(&t);
}

/* Into a folder of its own, so that a temporary that stays would be seen. */
static void a_failed_write_leaves_the_old_file(void **state) {
    char folder[] = "/tmp/glb-test-model-XXXXXX", file[64];
    struct glb_model old, m;
    int status;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/m.h5", folder);
    make_model(&old);
    make_model(&m);
    snprintf(m.command, sizeof m.command, "another one");
    assert_int_equal(glb_model_write(&old, file), GLB_OK);
    const pid_t child = fork();
    if (child == 0) { /* files end at 1000 bytes there, as on a full disk */
        const struct rlimit small = {1000, 1000};
        signal(SIGXFSZ, SIG_IGN);
        const int fails = setrlimit(RLIMIT_FSIZE, &small) == 0 &&
                          glb_model_write(&m, file) == GLB_ERR_FILE && strstr(glb_error(), file);
        _exit(fails ? 0 : 1); /* at exit HDF5 would write again what it could not */
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    glb_model_clear(&m);
    assert_int_equal(glb_model_read(file, &m), GLB_OK);
    assert_string_equal(m.command, old.command);
    assert_memory_equal(m.J, old.J, sizeof *m.J * (size_t)m.t.graph->m);
    assert_int_equal(glb_model_write(&m, "/nowhere/m.h5"), GLB_ERR_FILE);
    assert_non_null(strstr(glb_error(), "/nowhere/m.h5"));
    glb_model_clear(&m);
    glb_model_clear(&old);
    unlink(file);
    assert_int_equal(rmdir(folder), 0);
}

static void pictures_come_back(void **state) {
    const uint8_t tiles[2][4] = {{0, 50, 100, 150}, {200, 210, 220, 255}};
    int w, h;
    (void)state;
    uint8_t *picture = png_grey_grid(&tiles[0][0], 1, 2, 2, 2, 2, &w, &h);
    assert_non_null(picture);
    assert_int_equal(w, 14);
    assert_int_equal(h, 8);
    assert_int_equal(picture[2 * 14 + 2], 0);
    assert_int_equal(picture[3 * 14 + 5], 50);
    assert_int_equal(picture[5 * 14 + 11], 255);
    assert_int_equal(png_grey_write(path, picture, w, h), GLB_OK);
    png_image image = {.version = PNG_IMAGE_VERSION};
    uint8_t back[14 * 8];
    assert_true(png_image_begin_read_from_file(&image, path));
    assert_int_equal(image.width, 14);
    image.format = PNG_FORMAT_GRAY;
    assert_true(png_image_finish_read(&image, NULL, back, 0, NULL));
    assert_memory_equal(back, picture, sizeof back);
    free(picture);
    assert_int_equal(png_grey_write("/nowhere/p.png", back, 14, 8), GLB_ERR_FILE);
}

int main(void) {
    const int fd = mkstemp(path);
    if (fd < 0 ||
        glb_topology_build("local:hidden=12,fan=6,window=3", 3, 3, 10, 1, &topology) != GLB_OK)
        return 1;
    close(fd);
    images = small_images(200);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_written),
        cmocka_unit_test(weights_have_the_bits_of_the_training),
        cmocka_unit_test(refuses_nonsense),
        cmocka_unit_test(classes_come_back),
        cmocka_unit_test(a_failed_write_leaves_the_old_file),
        cmocka_unit_test(pictures_come_back),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    unlink(path);
    return failed;
}
