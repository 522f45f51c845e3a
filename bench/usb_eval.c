/* What reading labels moves: bytes each way and array clocks an image, with the defaults of
 * `glauber eval`, counted at the byte protocol on the emulated board. STATUS commands that ask a
 * board which is silent are left out: they come from the emulated board being slow. host_s is the
 * processor time an image outside the board, one thread. Usage: bench/usb_eval MODEL DATA [ARRAY
 * [IMAGES]]. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "array/protocol.h"
#include "learn/labels/label_scores.h"
#include "learn/labels/read_labels.h"
#include "learn/model/model.h"
#include "transports/transports.h"

enum { SWEEPS = 220, CHAINS = 4, BURN_IN = 5, BATCH = 512 }; /* glauber eval's defaults */

static struct glb_transport board;
static uint64_t out_bytes, in_bytes;
static clock_t in_board; /* processor time */

/* Frames of the stream to the board, by the bytes of their headers. */
static struct {
    uint64_t run, status; /* frames */
    int at, command;      /* byte of the frame; its command */
    uint32_t length;      /* of the payload */
} sent;

static void look(const uint8_t *byte, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (sent.at == 1)
            sent.command = byte[i];
        if (sent.at == 4)
            sent.length = byte[i];
        if (sent.at == 5)
            sent.length |= (uint32_t)byte[i] << 8;
        if (++sent.at < GLB_HEADER_BYTES ||
            sent.at < GLB_HEADER_BYTES + (int)sent.length + GLB_CRC_BYTES)
            continue;
        sent.run += sent.command == GLB_CMD_RUN;
        sent.status += sent.command == GLB_CMD_STATUS;
        sent.at = 0;
    }
}

enum glb_status __real_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

static enum glb_status count(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                             uint8_t *in, size_t n_in, size_t *done_in) {
    const clock_t start = clock();
    const enum glb_status s = board.exchange(self, out, n_out, done_out, in, n_in, done_in);
    in_board += clock() - start;
    look(out, *done_out);
    out_bytes += *done_out;
    in_bytes += *done_in;
    return s;
}

/* The library opens its emulated board through here (ld --wrap). */
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    const enum glb_status s = __real_glb_emu_port_open(array, argument, &board);
    *out = board;
    out->exchange = count;
    return s;
}

static enum glb_status open_all(const char *model, const char *data, const char *array,
                                struct glb_model *m, struct glb_dataset *d,
                                struct glb_layer_sampler *s) {
    enum glb_status e = glb_model_read(model, m);
    if (!e)
        e = glb_dataset_load(data, "t10k", m->binarise, d);
    if (e)
        return e;
    const struct glb_layer_sampler_options so = {.device = "emu-port",
                                                 .array = array,
                                                 .chains = BATCH,
                                                 .threads = 1,
                                                 .u = m->u,
                                                 .layers = (1u << m->t.nlayers) - 2,
                                                 .group = CHAINS,
                                                 .group_layers = glb_label_layers(&m->t, 1)};
    e = glb_layer_sampler_open(&m->t, &so, s);
    return e ? e : s->set_weights(s->self, m->J, m->h, NULL);
}

int main(int argc, char **argv) {
    struct glb_model m;
    struct glb_dataset all;
    struct glb_layer_sampler s;
    struct glb_read_labels r;
    const int images = argc > 4 ? atoi(argv[4]) : BATCH / CHAINS;
    if (argc < 3 || images < 1) {
        fprintf(stderr, "usage: bench/usb_eval MODEL DATA [ARRAY [IMAGES]]\n");
        return 2;
    }
    enum glb_status e = open_all(argv[1], argv[2], argc > 3 ? argv[3] : "ulx3s-85", &m, &all, &s);
    const uint64_t load = out_bytes, in_before = in_bytes, polls = sent.status - sent.run;
    const clock_t host = clock() - in_board;
    if (!e) {
        const struct glb_dataset d = glb_dataset_slice(&all, 0, images);
        const struct glb_read_labels_options o = {.sweeps = SWEEPS,
                                                  .chains = CHAINS,
                                                  .burn_in = BURN_IN,
                                                  .beta = m.readout_beta,
                                                  .J = m.J,
                                                  .h = m.h,
                                                  .seed = 1};
        e = glb_read_labels_run(&m.t, &s, &d, &o, NULL, &r);
    }
    if (e) {
        fprintf(stderr, "bench/usb_eval: %s\n", glb_error());
        return 1;
    }
    const double host_s = (double)(clock() - in_board - host) / CLOCKS_PER_SEC;
    const uint64_t polled = sent.status - sent.run - polls;
    const uint64_t out = out_bytes - load - polled * (GLB_HEADER_BYTES + GLB_CRC_BYTES);
    const uint64_t in =
        in_bytes - in_before - polled * (GLB_HEADER_BYTES + GLB_STATUS_BYTES + GLB_CRC_BYTES);
    printf("{\"eval\": \"%s\", \"images\": %d, \"right\": %d, \"load_bytes\": %llu, "
           "\"image_bytes_out\": %.1f, \"image_bytes_in\": %.1f, \"image_array_clocks\": %.1f, "
           "\"image_host_s\": %.7f}\n",
           m.t.spec, r.images, r.right, (unsigned long long)load, (double)out / images,
           (double)in / images, (double)r.cycles / images, host_s / images);
    return 0;
}
