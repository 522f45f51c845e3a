/* What reading labels moves, and when: bytes each way, array clocks and times of an image with the
 * defaults of `glauber eval`, at the byte protocol on an emulated board with a clock
 * (timed/timed_board.h). OUT and IN: bytes a second of the bus; LATENCY: seconds of it. Usage:
 * bench/usb_eval MODEL DATA ARRAY IMAGES OUT IN MHZ LATENCY. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include "learn/labels/label_scores.h"
#include "learn/labels/read_labels.h"
#include "learn/model/model.h"
#include "timed/timed_board.h"

enum { SWEEPS = 220, CHAINS = 4, BURN_IN = 5, BATCH = 512 }; /* glauber eval's defaults */
enum { ALL = 10000 };                                        /* test images of MNIST */

static enum glb_status open_all(char **argv, struct glb_model *m, struct glb_dataset *d,
                                struct glb_layer_sampler *s) {
    enum glb_status e = glb_model_read(argv[1], m);
    if (!e)
        e = glb_dataset_load(argv[2], "t10k", m->binarise, d);
    if (e)
        return e;
    const struct glb_layer_sampler_options so = {.device = "emu-port",
                                                 .array = argv[3],
                                                 .chains = BATCH,
                                                 .threads = 1,
                                                 .u = m->u,
                                                 .layers = (1u << m->t.nlayers) - 2,
                                                 .group = CHAINS,
                                                 .group_layers = glb_label_layers(&m->t, 1)};
    e = glb_layer_sampler_open(&m->t, &so, s);
    return e ? e : s->set_weights(s->self, m->J, m->h, NULL);
}

static enum glb_status read_images(const struct glb_model *m, struct glb_layer_sampler *s,
                                   const struct glb_dataset *d, struct glb_read_labels *r,
                                   struct timed_total *t) {
    const struct glb_read_labels_options o = {.sweeps = SWEEPS,
                                              .chains = CHAINS,
                                              .burn_in = BURN_IN,
                                              .beta = m->readout_beta,
                                              .J = m->J,
                                              .h = m->h,
                                              .seed = 1};
    timed_board_restart();
    const enum glb_status e = glb_read_labels_run(&m->t, s, d, &o, NULL, r);
    *t = timed_board_total();
    return e;
}

int main(int argc, char **argv) {
    struct glb_model m;
    struct glb_dataset all;
    struct glb_layer_sampler s;
    struct glb_read_labels r;
    struct timed_total t;
    if (argc != 9 || atoi(argv[4]) < 1) {
        fprintf(stderr, "usage: bench/usb_eval MODEL DATA ARRAY IMAGES OUT IN MHZ LATENCY\n");
        return 2;
    }
    const struct timed_rates rates = {atof(argv[5]), atof(argv[6]), 1e6 * atof(argv[7]),
                                      atof(argv[8])};
    timed_board_rates(&rates);
    enum glb_status e = open_all(argv, &m, &all, &s);
    const uint64_t load = e ? 0 : timed_board_total().out_bytes;
    if (!e) {
        const struct glb_dataset d = glb_dataset_slice(&all, 0, atoi(argv[4]));
        e = read_images(&m, &s, &d, &r, &t);
    }
    if (e) {
        fprintf(stderr, "bench/usb_eval: %s\n", glb_error());
        return 1;
    }
    const double n = r.images;
    printf("{\"eval\": \"%s\", \"images\": %d, \"right\": %d, \"chains_counted\": %d, "
           "\"load_bytes\": %llu, \"image_bytes_out\": %.1f, \"image_bytes_in\": %.1f, "
           "\"image_array_clocks\": %.1f, \"array_mhz\": %g, \"latency_s\": %g, \"image_s\": %.7f, "
           "\"image_array_s\": %.7f, \"image_to_s\": %.7f, \"image_from_s\": %.7f, "
           "\"image_host_s\": %.7f, \"eval_s\": %.2f}\n",
           m.t.spec, r.images, r.right, s.group, (unsigned long long)load, (double)t.out_bytes / n,
           (double)t.in_bytes / n, (double)r.cycles / n, rates.clock / 1e6, rates.latency,
           t.now / n, t.array / n, t.out / n, t.in / n, t.host / n, t.now / n * ALL);
    return 0;
}
