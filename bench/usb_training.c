/* What training moves: bytes each way and array clocks of a batch of `glauber train`'s defaults,
 * whose sums the device counts, of the first (most couplings change) and of the last of STEPS (20),
 * counted at the byte protocol on the emulated board. STATUS commands that ask a board which is
 * silent are left out: they come from the emulated board being slow. step_host_s is the processor
 * time of that step outside the board, one thread: images, protocol, update. CHECKPOINT: the steps
 * are those behind it. Usage: bench/usb_training DATA [ARRAY [STEPS [CHECKPOINT]]].
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "array/protocol.h"
#include "learn/data/dataset.h"
#include "learn/training/checkpoint.h"
#include "learn/training/trainer.h"
#include "transports/transports.h"

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

/* Every RUN is followed by one STATUS; those beyond are polls. */
static uint64_t polls(void) {
    return sent.status - sent.run;
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

int main(int argc, char **argv) {
    struct glb_topology t;
    struct glb_dataset d;
    struct glb_train_options o;
    struct glb_layer_sampler s;
    struct glb_trainer *r;
    const int steps = argc > 3 ? atoi(argv[3]) : 20;
    if (argc < 2 || steps < 1) {
        fprintf(stderr, "usage: bench/usb_training DATA [ARRAY [STEPS [CHECKPOINT]]]\n");
        return 2;
    }
    enum glb_status e = glb_dataset_load(
        argv[1], "train", (struct glb_binarise){GLB_BINARISE_THRESHOLD, 1, {127}}, &d);
    if (!e)
        e = glb_topology_build("local", d.width, d.height, 10, 1, &t);
    if (!e) {
        glb_train_defaults(&t, &o);
        o.threads = 1;
        const struct glb_layer_sampler_options so = {.device = "emu-port",
                                                     .array = argc > 2 ? argv[2] : "ulx3s-85",
                                                     .chains = GLB_TRAIN_BATCH,
                                                     .threads = 1,
                                                     .u = GLB_TRAIN_U};
        e = glb_train_sampler_open(&t, &o, GLB_TRAIN_COUNT_AUTO, &so, &s);
    }
    const uint64_t load = out_bytes;
    uint64_t first_out = 0, out = 0, in = 0, clocks = 0, flips = 0, polled = 0;
    clock_t host = 0;
    if (!e)
        e = glb_trainer_open_on(&t, &d, &s, &o, &r);
    if (!e && argc > 4)
        e = glb_checkpoint_resume(argv[4], r);
    for (int i = 0; i < steps && !e; i++) {
        out = out_bytes;
        in = in_bytes;
        polled = polls();
        host = clock() - in_board;
        clocks = r->cycles;
        flips = r->flips;
        e = glb_trainer_step(r);
        if (i == 0)
            first_out = out_bytes - out;
    }
    host = clock() - in_board - host;
    polled = polls() - polled;
    out += polled * (GLB_HEADER_BYTES + GLB_CRC_BYTES);
    in += polled * (GLB_HEADER_BYTES + GLB_STATUS_BYTES + GLB_CRC_BYTES);
    if (e) {
        fprintf(stderr, "bench/usb_training: %s\n", glb_error());
        return 1;
    }
    printf("{\"training\": \"%s\", \"steps\": %lld, \"device_sums\": %d, \"load_bytes\": %llu, "
           "\"first_step_bytes_out\": %llu, \"step\": %d, \"step_bytes_out\": %llu, "
           "\"step_bytes_in\": %llu, \"step_array_clocks\": %llu, \"step_flips\": %llu, "
           "\"step_host_s\": %.4f}\n",
           t.spec, (long long)r->steps, s.nsums, (unsigned long long)load,
           (unsigned long long)first_out, (int)r->s.step, (unsigned long long)(out_bytes - out),
           (unsigned long long)(in_bytes - in), (unsigned long long)(r->cycles - clocks),
           (unsigned long long)(r->flips - flips), (double)host / CLOCKS_PER_SEC);
    return 0;
}
