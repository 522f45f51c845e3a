/* Trainings whose sums a device counts and that broke off: their checkpoints, and steps that failed
 * or were stopped, give what an unbroken training counted on the host gives.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include "learn/training/checkpoint.h"
#include "learn/training/trainer_model.h"
#include "support/learn/variant_training.h"
#include "transports/transports.h"

enum { CHAINS = 128 }; /* eight boards */

static struct glb_topology topology;
static long bytes_to_stop; /* 0: never */
static struct glb_transport board;

enum glb_status __real_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    const enum glb_status s = board.exchange(self, out, n_out, done_out, in, n_in, done_in);
    if (bytes_to_stop > 0 && (bytes_to_stop -= (long)*done_out) <= 0)
        atomic_store(&stop, 1);
    return s;
}

/* The library opens its emulated board through here (ld --wrap). */
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    const enum glb_status s = __real_glb_emu_port_open(array, argument, &board);
    *out = board;
    out->exchange = exchange;
    return s;
}

/* The file of a training's state, without what tells who ran it. */
static long save(const struct training *x, const char *path, char **bytes) {
    const uint64_t cycles = x->r->cycles;
    struct glb_model m;
    assert_int_equal(glb_model_make(x->r, &m), GLB_OK);
    snprintf(m.device, sizeof m.device, "any");
    x->r->cycles = 0;
    assert_int_equal(glb_checkpoint_save(x->r, &m, path), GLB_OK);
    x->r->cycles = cycles;
    glb_model_clear(&m);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    const long size = ftell(f);
    rewind(f);
    *bytes = malloc((size_t)size);
    assert_int_equal(fread(*bytes, 1, (size_t)size, f), size);
    fclose(f);
    return size;
}

/* Host and device write the same file, and go on with each other's. */
static void checkpoints_know_no_counting(void **state) {
    char path[] = "/tmp/glb-test-counts-XXXXXX", *file[2];
    const int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    close(fd);
    for (int v = 0; v < VARIANTS; v += 3) {
        const struct glb_train_options o = variant_options(&topology, &variants[v], CHAINS);
        struct training host, device, resumed;
        open_training(&host, &topology, &o, "emu", GLB_TRAIN_COUNT_HOST, CHAINS);
        open_training(&device, &topology, &o, "emu-port", GLB_TRAIN_COUNT_DEVICE, CHAINS);
        steps(&host, 2);
        steps(&device, 2);
        const long size = save(&device, path, &file[0]);
        assert_int_equal(save(&host, path, &file[1]), size);
        assert_memory_equal(file[0], file[1], (size_t)size);
        free(file[0]);
        free(file[1]);
        open_training(&resumed, &topology, &o, "emu-port", GLB_TRAIN_COUNT_DEVICE, CHAINS);
        assert_int_equal(glb_checkpoint_resume(path, resumed.r), GLB_OK);
        steps(&host, VARIANT_STEPS);
        steps(&resumed, VARIANT_STEPS);
        same(&host, &resumed, variants[v].name);
        close_training(&host);
        close_training(&device);
        close_training(&resumed);
    }
    unlink(path);
}

/* ---- steps that break off ---- */

static enum glb_status (*whole)(void *self, struct glb_layer_phase phase[2]);
static int fails;

/* The first phase is counted, the second one fails. */
static enum glb_status half(void *self, struct glb_layer_phase phase[2]) {
    if (!fails)
        return whole(self, phase);
    struct glb_layer_phase one[2] = {phase[0], phase[0]};
    one[1].run.count = GLB_COUNT_NOT;
    one[1].run.replace = false;
    one[1].fn = NULL;
    const enum glb_status s = whole(self, one);
    return s == GLB_OK ? glb_fail(GLB_ERR_DEVICE, "as the test asks") : s;
}

static void counts_of_a_failed_step_are_forgotten(void **state) {
    static const char *const devices[] = {"emu", "emu-port"};
    const struct glb_train_options o = variant_options(&topology, &variants[0], CHAINS);
    struct training host, device;
    (void)state;
    open_training(&host, &topology, &o, "emu", GLB_TRAIN_COUNT_HOST, CHAINS);
    steps(&host, VARIANT_STEPS);
    for (int d = 0; d < 2; d++) {
        open_training(&device, &topology, &o, devices[d], GLB_TRAIN_COUNT_DEVICE, CHAINS);
        whole = device.s.run_both;
        device.s.run_both = half;
        for (int k = 0; k < VARIANT_STEPS; k++) {
            fails = 1;
            assert_int_equal(glb_trainer_step(device.r), GLB_ERR_DEVICE);
            assert_true(glb_trainer_gradient(device.r) != glb_trainer_gradient(device.r));
            fails = 0;
            steps(&device, k + 1);
        }
        same(&host, &device, devices[d]);
        close_training(&device);
    }
    close_training(&host);
}

/* Stopped at any point of its way over the line, and repeated until it is through. */
static void stopped_steps_are_repeated(void **state) {
    const struct glb_train_options o = variant_options(&topology, &variants[0], CHAINS);
    struct training host, device;
    int stops = 0;
    (void)state;
    open_training(&host, &topology, &o, "emu", GLB_TRAIN_COUNT_HOST, CHAINS);
    steps(&host, VARIANT_STEPS);
    open_training(&device, &topology, &o, "emu-port", GLB_TRAIN_COUNT_DEVICE, CHAINS);
    for (int sent = 50; device.r->s.step < VARIANT_STEPS; sent += 90) {
        bytes_to_stop = sent;
        const enum glb_status s = glb_trainer_step(device.r);
        if (s != GLB_OK && s != GLB_ERR_INTERRUPTED)
            fail_msg("stopped after %d bytes: %s", sent, glb_error());
        stops += s == GLB_ERR_INTERRUPTED;
        bytes_to_stop = 0;
        atomic_store(&stop, 0);
    }
    assert_true(stops > 5);
    same(&host, &device, "stopped");
    close_training(&device);
    close_training(&host);
}

int main(void) {
    images = small_images(VARIANT_IMAGES);
    if (glb_topology_build(variant_topology[0], 3, 3, 10, 1, &topology) != GLB_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checkpoints_know_no_counting),
        cmocka_unit_test(counts_of_a_failed_step_are_forgotten),
        cmocka_unit_test(stopped_steps_are_repeated),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
