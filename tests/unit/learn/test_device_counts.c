/* Trainings whose sums a device counts, side by side on the emulator and in turns behind the byte
 * protocol, against those counted on the host: the same bits, on arrays with less room, and with
 * batches whose sums do not fit a board. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "support/learn/variant_training.h"

enum { CHAINS = 128 }; /* eight boards */

static struct glb_topology topology[VARIANT_TOPOLOGIES];

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
                char what[1000];
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

/* The host counts samples of images that read wrong: any device, any number of threads, boards side
 * by side or in turns, the same bits. */
static void contrasts_everywhere(void **state) {
    struct training one, other;
    struct glb_layer_sampler s;
    (void)state;
    for (int k = 0; k < VARIANT_TOPOLOGIES; k++)
        for (int threads = 1; threads <= 3; threads += 2)
            for (int d = 0; d < 2; d++) {
                struct glb_train_options o =
                    variant_options(&topology[k], &variants[VARIANTS - 1], CHAINS);
                const char *device = d ? "emu-port" : "emu";
                o.threads = 1;
                open_training(&one, &topology[k], &o, "emu", GLB_TRAIN_COUNT_AUTO, CHAINS);
                o.threads = threads;
                open_training(&other, &topology[k], &o, device, GLB_TRAIN_COUNT_AUTO, CHAINS);
                steps(&one, VARIANT_STEPS);
                steps(&other, VARIANT_STEPS);
                same(&one, &other, device);
                close_training(&one);
                close_training(&other);
                const struct glb_layer_sampler_options so = {
                    .device = device, .array = "small", .chains = CHAINS, .u = GLB_TRAIN_U};
                assert_int_equal(
                    glb_train_sampler_open(&topology[k], &o, GLB_TRAIN_COUNT_DEVICE, &so, &s),
                    GLB_ERR_ARGUMENT);
                assert_non_null(strstr(glb_error(), "let the host count"));
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

int main(void) {
    images = small_images(VARIANT_IMAGES);
    images.binarise.kind = GLB_BINARISE_STOCHASTIC; /* warped ones are drawn anew each time */
    for (int p = 0; p < VARIANT_IMAGES * 9; p++)
        images.grey[p] = images.grey[p] ? 200 : 40;
    for (int k = 0; k < VARIANT_TOPOLOGIES; k++)
        if (glb_topology_build(variant_topology[k], 3, 3, 10, 1, &topology[k]) != GLB_OK)
            return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant),
        cmocka_unit_test(contrasts_everywhere),
        cmocka_unit_test(arrays_with_less_room),
        cmocka_unit_test(sums_beyond_a_board),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (int k = 0; k < VARIANT_TOPOLOGIES; k++)
        glb_topology_clear(&topology[k]);
    glb_dataset_clear(&images);
    return failed;
}
