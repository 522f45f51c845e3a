/* A whole training over the gateware's USB pins, whose array counts the sums, and labels read there
 * from its counts: weights and scores must be those of the emulator, where the host counts samples.
 * Prints TAP lines, and what the last step takes at the pins. Usage: train high|full.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "learn/labels/label_scores.h"
#include "learn/labels/read_labels.h"
#include "learn/training/trainer.h"
#include "pins_transport.h"
#include "support/learn/small_images.h"
#include "transports/transports.h"
#include "usb_board/usb.h"

enum { IMAGES = 128, CHAINS = 64, EPOCHS = 4, EACH = 2, ADDRESS = 42, ARRAY_MHZ = 100 };

static struct glb_usb_wire w;
static struct glb_usb_host h;
static struct pins p;
static int high;

static struct glb_topology topology;
static struct glb_dataset images;
static struct glb_train_options options;

struct result {
    int64_t steps;
    int sums, wanted; /* that the device counts; that the training needs */
    uint64_t cycles, flips;
    float *weight; /* [m + n] */
};

enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

/* The library opens an emulated board through here (ld --wrap); it gets the pins. */
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    const uint8_t configure[8] = {0, GLB_USB_SET_CONFIGURATION, 1};
    (void)argument;
    if (w.self)
        glb_usb_wire_close(&w);
    const enum glb_status s = glb_usb_wire_open(array, high, ARRAY_MHZ, &w);
    if (s)
        return s;
    if (glb_usb_host_attach(&h, &w) || h.high != high || glb_usb_host_set_address(&h, ADDRESS) ||
        glb_usb_host_control(&h, configure, NULL, 0))
        return glb_fail(GLB_ERR_DEVICE, "the board does not enumerate");
    *out = pins_transport(&p, &h);
    return GLB_OK;
}

/* What the last step has taken. */
static void report(const struct glb_trainer *r, uint64_t ticks, uint64_t out, uint64_t in,
                   uint64_t cycles) {
    printf("# {\"pins_training\": \"%s\", \"speed\": \"%s\", \"array\": \"%s\", \"step\": %d, "
           "\"bus_cycles\": %llu, \"bus_mhz\": %g, \"bytes_out\": %llu, \"bytes_in\": %llu, "
           "\"array_clocks\": %llu, \"array_mhz\": %d}\n",
           r->t->spec, high ? "high" : "full", r->sampler->array, (int)r->s.step,
           (unsigned long long)(w.now - ticks), w.ticks_a_us,
           (unsigned long long)(p.bytes_out - out), (unsigned long long)(p.bytes_in - in),
           (unsigned long long)(r->cycles - cycles), ARRAY_MHZ);
}

static enum glb_status step(struct glb_trainer *r, int at_pins) {
    const uint64_t ticks = w.now, out = p.bytes_out, in = p.bytes_in, cycles = r->cycles;
    const enum glb_status s = glb_trainer_step(r);
    if (!s && at_pins && r->s.step == r->steps)
        report(r, ticks, out, in, cycles);
    return s;
}

static enum glb_status train(const char *device, enum glb_train_count count, struct result *out) {
    const struct glb_layer_sampler_options so = {
        .device = device, .array = "tiny", .chains = CHAINS, .threads = 1, .u = GLB_TRAIN_U};
    const size_t bytes = (size_t)(topology.graph->m + topology.graph->n) * sizeof(float);
    struct glb_layer_sampler sampler;
    struct glb_trainer *r = NULL;
    enum glb_status s = glb_train_sampler_open(&topology, &options, count, &so, &sampler);
    if (s)
        return s;
    s = glb_trainer_open_on(&topology, &images, &sampler, &options, &r);
    while (!s && r->s.step < r->steps)
        s = step(r, strcmp(device, "emu") != 0);
    if (!s) {
        *out = (struct result){r->s.step, sampler.nsums, r->wanted,
                               r->cycles, r->flips,      malloc(bytes)};
        memcpy(out->weight, r->s.weight, bytes);
    }
    glb_trainer_close(r);
    glb_layer_sampler_close(&sampler);
    return s;
}

/* Scores of the images' labels, by fields: score[IMAGES * classes]. *group: chains of which the
 * device counts samples together. */
static enum glb_status read_labels(const char *device, const struct result *trained, double *score,
                                   int *group) {
    const struct glb_layer_sampler_options so = {.device = device,
                                                 .array = "tiny",
                                                 .chains = CHAINS,
                                                 .threads = 1,
                                                 .u = GLB_TRAIN_U,
                                                 .layers = 6,
                                                 .group = EACH,
                                                 .group_layers = glb_label_layers(&topology, 1)};
    const int m = topology.graph->m, n = topology.graph->n;
    double *J = malloc(sizeof *J * (size_t)m), *h = malloc(sizeof *h * (size_t)n);
    const struct glb_read_labels_options o = {
        .sweeps = 24, .chains = EACH, .burn_in = 2, .J = J, .h = h, .score = score, .seed = 1};
    struct glb_layer_sampler s;
    struct glb_read_labels r;
    for (int k = 0; k < m + n; k++)
        *(k < m ? &J[k] : &h[k - m]) = trained->weight[k];
    enum glb_status e = glb_layer_sampler_open(&topology, &so, &s);
    if (!e)
        e = s.set_weights(s.self, J, h, NULL);
    if (!e)
        e = glb_read_labels_run(&topology, &s, &images, &o, NULL, &r);
    *group = s.group;
    glb_layer_sampler_close(&s);
    free(J);
    free(h);
    return e;
}

static int check(int good, const char *what, const char *why) {
    printf("%s - usb training, %s speed: %s%s%s\n", good ? "ok" : "not ok", high ? "high" : "full",
           what, good ? "" : ": ", good ? "" : why);
    fflush(stdout);
    return !good;
}

int main(int argc, char **argv) {
    struct result want = {0}, counted = {0}, got = {0};
    if (argc != 2 || (strcmp(argv[1], "high") != 0 && strcmp(argv[1], "full") != 0)) {
        fprintf(stderr, "usage: train high|full\n");
        return 2;
    }
    high = strcmp(argv[1], "high") == 0;
    images = small_images(IMAGES);
    if (glb_topology_build("local:hidden=6,fan=4,window=3", 3, 3, 4, 1, &topology))
        return check(0, "topology", glb_error());
    glb_train_defaults(&topology, &options);
    options.epochs = EPOCHS;
    options.shift = 0;
    options.threads = 1;

    if (train("emu", GLB_TRAIN_COUNT_HOST, &want) || train("emu", GLB_TRAIN_COUNT_DEVICE, &counted))
        return check(0, "on the emulator", glb_error());
    if (train("emu-port", GLB_TRAIN_COUNT_DEVICE, &got))
        return check(0, "at the pins", glb_error());
    const int m = topology.graph->m, n = topology.graph->n;
    char what[96];
    snprintf(what, sizeof what, "the gateware counts all %d sums in each of %d steps", got.sums,
             (int)got.steps);
    int bad =
        check(want.sums == 0 && got.sums > 0 && got.sums == got.wanted && got.steps == want.steps,
              what, "too few, or other steps");
    bad |= check(memcmp(got.weight, want.weight, (size_t)(m + n) * sizeof(float)) == 0,
                 "weights bit for bit those of the emulator", "others");
    bad |= check(got.flips == want.flips && got.cycles == counted.cycles,
                 "as many updates and clocks of the array", "others");
    static double score[2][IMAGES * 4];
    int group[2] = {0};
    if (read_labels("emu", &want, score[0], &group[0]) ||
        read_labels("emu-port", &want, score[1], &group[1]))
        return check(0, "labels", glb_error());
    bad |=
        check(group[0] == 0 && group[1] == EACH && memcmp(score[0], score[1], sizeof score[0]) == 0,
              "labels from counts of the gateware score as from samples", "they do not");
    glb_usb_wire_close(&w);
    free(want.weight), free(counted.weight), free(got.weight);
    glb_topology_clear(&topology);
    return bad;
}
