/* Trainings whose sums a device counts, side by side on the emulator and in turns behind the byte
 * protocol, against those counted on the host: the same bits, with batches whose sums do not fit a
 * board, over a checkpoint, and after steps that broke off. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include "learn/training/checkpoint.h"
#include "learn/training/trainer_model.h"
#include "support/train_variants.h"
#include "transports/transports.h"

enum { CHAINS = 128 }; /* eight boards */

static struct glb_topology topology[VARIANT_TOPOLOGIES];
static struct glb_dataset images;
static atomic_int stop;
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

struct training {
    struct glb_layer_sampler s;
    struct glb_trainer *r;
};

static void open_training(struct training *x, const struct glb_topology *t,
                          const struct glb_train_options *o, const char *device,
                          enum glb_train_count count, int chains) {
    const struct glb_layer_sampler_options so = {.device = device,
                                                 .array = "small",
                                                 .chains = chains,
                                                 .threads = 2,
                                                 .u = GLB_TRAIN_U,
                                                 .stop = &stop};
    if (glb_train_sampler_open(t, o, count, &so, &x->s) != GLB_OK ||
        glb_trainer_open_on(t, &images, &x->s, o, &x->r) != GLB_OK)
        fail_msg("%s", glb_error());
    assert_int_equal(x->s.nsums, count == GLB_TRAIN_COUNT_HOST ? 0 : x->r->wanted);
}

static void close_training(struct training *x) {
    glb_trainer_close(x->r);
    glb_layer_sampler_close(&x->s);
}

static void steps(struct training *x, int64_t until) {
    while (x->r->s.step < until)
        if (glb_trainer_step(x->r) != GLB_OK)
            fail_msg("step %d: %s", (int)x->r->s.step, glb_error());
}

static void same(const struct training *a, const struct training *b, const char *what) {
    const char *other = variant_difference(a->r, b->r);
    if (other)
        fail_msg("%s: other %s", what, other);
}

static void every_variant(void **state) {
    static const char *const devices[] = {"emu", "emu-port"};
    (void)state;
    for (int k = 0; k < VARIANT_TOPOLOGIES; k++)
        for (int v = 0; v < VARIANTS; v++) {
            const struct glb_train_options o = variant_options(&topology[k], &variants[v], CHAINS);
            struct training host, device;
            open_training(&host, &topology[k], &o, "emu", GLB_TRAIN_COUNT_HOST, CHAINS);
            steps(&host, VARIANT_STEPS);
            for (int d = 0; d < 2; d++) {
                char what[600];
                snprintf(what, sizeof what, "%s, %s on %s", topology[k].spec, variants[v].name,
                         devices[d]);
                open_training(&device, &topology[k], &o, devices[d], GLB_TRAIN_COUNT_DEVICE,
                              CHAINS);
                steps(&device, VARIANT_STEPS);
                same(&host, &device, what);
                close_training(&device);
            }
            close_training(&host);
        }
}

/* Arrays of 4 and 8 chains, whose words hold parts of a sum, with room for all sums, some or none:
 * a machine too large for all of them is left to the host, unless the device is to count. */
static void arrays_with_less_room(void **state) {
    static const struct {
        const char *array;
        int hidden, share; /* of the sums that fit: 2 all, 1 some, 0 none */
    } machine[] = {
        {"tiny", 10, 2}, {"tiny4", 12, 2}, {"tiny", 16, 1}, {"tiny4", 20, 1}, {"tiny", 26, 0}};
    (void)state;
    for (int k = 0; k < 5; k++) {
        struct glb_topology t;
        struct glb_layer_sampler_options so = {
            .device = "emu", .array = machine[k].array, .chains = 64, .u = GLB_TRAIN_U};
        struct training x[3];
        char spec[60];
        snprintf(spec, sizeof spec, "local:hidden=%d,fan=6,window=3", machine[k].hidden);
        assert_int_equal(glb_topology_build(spec, 3, 3, 10, 1, &t), GLB_OK);
        const struct glb_train_options o = variant_options(&t, &variants[k % 4], 64);
        for (int d = 0; d < 3; d++) { /* the host; devices */
            so.device = d == 2 ? "emu-port" : "emu";
            const enum glb_train_count count = d ? GLB_TRAIN_COUNT_DEVICE : GLB_TRAIN_COUNT_HOST;
            const enum glb_status s = glb_train_sampler_open(&t, &o, count, &so, &x[d].s);
            if (d && machine[k].share == 0) {
                assert_int_equal(s, GLB_ERR_FIT);
                assert_non_null(strstr(glb_error(), "let the host count"));
                continue;
            }
            assert_int_equal(s, GLB_OK);
            assert_int_equal(glb_trainer_open_on(&t, &images, &x[d].s, &o, &x[d].r), GLB_OK);
            assert_int_equal(x[d].s.nsums > 0, d > 0);
            assert_int_equal(x[d].s.nsums == x[d].r->wanted, d > 0 && machine[k].share == 2);
            steps(&x[d], VARIANT_STEPS);
            same(&x[0], &x[d], spec);
            if (d)
                close_training(&x[d]);
        }
        assert_int_equal(glb_train_sampler_open(&t, &o, GLB_TRAIN_COUNT_AUTO, &so, &x[1].s),
                         GLB_OK);
        assert_int_equal(x[1].s.nsums, machine[k].share == 2 ? x[0].r->wanted : 0);
        glb_layer_sampler_close(&x[1].s);
        close_training(&x[0]);
        glb_topology_clear(&t);
    }
}

/* 512 chains of 140 samples: sums of 71,680, and of -76,160 with what subtracting adds, on one
 * board of 16 bits. The last hidden p-bit is always on and so is every pixel of some images. */
static void sums_beyond_a_board(void **state) {
    (void)state;
    for (int v = 0; v < 3; v++) { /* differences, common noise or not; each phase */
        struct glb_train_options o = variant_options(&topology[0], &variants[v], 512);
        struct training host, device;
        o.positive = 140;
        o.negative = v == 2 ? 200 : 140;
        open_training(&host, &topology[0], &o, "emu", GLB_TRAIN_COUNT_HOST, 512);
        open_training(&device, &topology[0], &o, "emu-port", GLB_TRAIN_COUNT_DEVICE, 512);
        for (int k = 0; k < 2; k++) {
            struct glb_trainer *r = k ? device.r : host.r;
            r->s.weight[topology[0].graph->m + topology[0].graph->n - 1] = 20;
        }
        steps(&host, 2);
        steps(&device, 2);
        same(&host, &device, variants[v].name);
        close_training(&host);
        close_training(&device);
    }
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
        const struct glb_train_options o = variant_options(&topology[0], &variants[v], CHAINS);
        struct training host, device, resumed;
        open_training(&host, &topology[0], &o, "emu", GLB_TRAIN_COUNT_HOST, CHAINS);
        open_training(&device, &topology[0], &o, "emu-port", GLB_TRAIN_COUNT_DEVICE, CHAINS);
        steps(&host, 2);
        steps(&device, 2);
        const long size = save(&device, path, &file[0]);
        assert_int_equal(save(&host, path, &file[1]), size);
        assert_memory_equal(file[0], file[1], (size_t)size);
        free(file[0]);
        free(file[1]);
        open_training(&resumed, &topology[0], &o, "emu-port", GLB_TRAIN_COUNT_DEVICE, CHAINS);
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
    const struct glb_train_options o = variant_options(&topology[0], &variants[0], CHAINS);
    struct training host, device;
    (void)state;
    open_training(&host, &topology[0], &o, "emu", GLB_TRAIN_COUNT_HOST, CHAINS);
    steps(&host, VARIANT_STEPS);
    for (int d = 0; d < 2; d++) {
        open_training(&device, &topology[0], &o, devices[d], GLB_TRAIN_COUNT_DEVICE, CHAINS);
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
    const struct glb_train_options o = variant_options(&topology[0], &variants[0], CHAINS);
    struct training host, device;
    int stops = 0;
    (void)state;
    open_training(&host, &topology[0], &o, "emu", GLB_TRAIN_COUNT_HOST, CHAINS);
    steps(&host, VARIANT_STEPS);
    open_training(&device, &topology[0], &o, "emu-port", GLB_TRAIN_COUNT_DEVICE, CHAINS);
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
    for (int k = 0; k < VARIANT_TOPOLOGIES; k++)
        if (glb_topology_build(variant_topology[k], 3, 3, 10, 1, &topology[k]) != GLB_OK)
            return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant),
        cmocka_unit_test(arrays_with_less_room),
        cmocka_unit_test(sums_beyond_a_board),
        cmocka_unit_test(checkpoints_know_no_counting),
        cmocka_unit_test(counts_of_a_failed_step_are_forgotten),
        cmocka_unit_test(stopped_steps_are_repeated),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (int k = 0; k < VARIANT_TOPOLOGIES; k++)
        glb_topology_clear(&topology[k]);
    glb_dataset_clear(&images);
    return failed;
}
