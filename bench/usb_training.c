/* What training moves, and when: bytes each way, array clocks and times of a batch of `glauber
 * train`'s defaults, whose sums the device counts, of the first (most couplings change) and of the
 * last of STEPS, at the byte protocol on an emulated board with a clock (timed/timed_board.h).
 * OUT and IN: bytes a second of the bus; LATENCY: seconds of it; CHECKPOINT: the steps are those
 * behind it. OUT = 0: without a board, one thread of the emulator samples and counts, and its time
 * is the array's. Usage: bench/usb_training DATA ARRAY STEPS OUT IN MHZ LATENCY [CHECKPOINT].
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "learn/data/dataset.h"
#include "learn/training/checkpoint.h"
#include "learn/training/trainer.h"
#include "timed/timed_board.h"
#include "transports/transports.h"

static struct timed_rates rates;

enum glb_status __real_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

/* The library opens its emulated board through here (ld --wrap). */
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    struct glb_transport board;
    const enum glb_status s = __real_glb_emu_port_open(array, argument, &board);
    if (s == GLB_OK)
        timed_board_open(&board, &rates, out);
    return s;
}

/* ---- the emulator instead of a board ---- */

static struct glb_layer_sampler emulator; /* its own functions */
static double sampled;                    /* s */

static double thread_time(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum glb_status timed_run_both(void *self, struct glb_layer_phase phase[2]) {
    const double start = thread_time();
    const enum glb_status s = emulator.run_both(self, phase);
    sampled += thread_time() - start;
    return s;
}

static enum glb_status timed_sums(void *self, int64_t *out) {
    const double start = thread_time();
    const enum glb_status s = emulator.sums(self, out);
    sampled += thread_time() - start;
    return s;
}

/* ---- a training ---- */

struct made {
    struct glb_topology t;
    struct glb_dataset d;
    struct glb_train_options o;
    struct glb_layer_sampler s;
    struct glb_trainer *r;
    uint64_t load_bytes;
};

static enum glb_status make(struct made *m, const char *data, const char *array) {
    enum glb_status e = glb_dataset_load(
        data, "train", (struct glb_binarise){GLB_BINARISE_THRESHOLD, 1, {127}}, &m->d);
    if (!e)
        e = glb_topology_build("local", m->d.width, m->d.height, 10, 1, &m->t);
    if (e)
        return e;
    glb_train_defaults(&m->t, &m->o);
    m->o.threads = 1;
    const struct glb_layer_sampler_options so = {.device = rates.out > 0 ? "emu-port" : "emu",
                                                 .array = array,
                                                 .chains = GLB_TRAIN_BATCH,
                                                 .threads = 1,
                                                 .u = GLB_TRAIN_U};
    e = glb_train_sampler_open(&m->t, &m->o, GLB_TRAIN_COUNT_AUTO, &so, &m->s);
    m->load_bytes = rates.out > 0 ? timed_board_total().out_bytes : 0;
    emulator = m->s;
    if (rates.out <= 0) {
        m->s.run_both = timed_run_both;
        m->s.sums = timed_sums;
    }
    return e ? e : glb_trainer_open_on(&m->t, &m->d, &m->s, &m->o, &m->r);
}

static enum glb_status step(struct glb_trainer *r, struct timed_total *t) {
    if (rates.out > 0) {
        timed_board_restart();
        const enum glb_status s = glb_trainer_step(r);
        *t = timed_board_total();
        return s;
    }
    const double start = thread_time();
    sampled = 0;
    const enum glb_status s = glb_trainer_step(r);
    const double all = thread_time() - start;
    *t = (struct timed_total){.now = all, .array = sampled, .host = all - sampled};
    return s;
}

int main(int argc, char **argv) {
    static struct made m;
    if (argc < 8 || atoi(argv[3]) < 1) {
        fprintf(stderr,
                "usage: bench/usb_training DATA ARRAY STEPS OUT IN MHZ LATENCY [CHECKPOINT]\n");
        return 2;
    }
    const int steps = atoi(argv[3]);
    rates = (struct timed_rates){atof(argv[4]), atof(argv[5]), 1e6 * atof(argv[6]), atof(argv[7])};
    struct timed_total first = {0}, last = {0};
    uint64_t clocks = 0, flips = 0;
    enum glb_status e = make(&m, argv[1], argv[2]);
    if (!e && argc > 8)
        e = glb_checkpoint_resume(argv[8], m.r);
    for (int i = 0; i < steps && !e; i++) {
        clocks = m.r->cycles;
        flips = m.r->flips;
        e = step(m.r, &last);
        if (i == 0)
            first = last;
    }
    if (e) {
        fprintf(stderr, "bench/usb_training: %s\n", glb_error());
        return 1;
    }
    printf("{\"training\": \"%s\", \"steps\": %lld, \"device_sums\": %d, \"load_bytes\": %llu, "
           "\"first_step_bytes_out\": %llu, \"step\": %d, \"step_bytes_out\": %llu, "
           "\"step_bytes_in\": %llu, \"step_array_clocks\": %llu, \"step_flips\": %llu, "
           "\"array_mhz\": %g, \"latency_s\": %g, \"step_s\": %.5f, \"step_array_s\": %.5f, "
           "\"step_to_s\": %.5f, \"step_from_s\": %.5f, \"step_host_s\": %.5f, "
           "\"training_s\": %.1f}\n",
           m.t.spec, (long long)m.r->steps, m.s.nsums, (unsigned long long)m.load_bytes,
           (unsigned long long)first.out_bytes, (int)m.r->s.step,
           (unsigned long long)last.out_bytes, (unsigned long long)last.in_bytes,
           (unsigned long long)(m.r->cycles - clocks), (unsigned long long)(m.r->flips - flips),
           rates.clock / 1e6, rates.latency, last.now, last.array, last.out, last.in, last.host,
           last.now * (double)m.r->steps);
    return 0;
}
