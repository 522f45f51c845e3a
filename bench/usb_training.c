/* What training moves, and when: bytes each way, array clocks and times of step STEP of `glauber
 * train`'s defaults, whose sums the device counts, at the byte protocol on an emulated board with a
 * clock (timed/timed_board.h); the steps before it are the emulator's, but for the last one, which
 * brings all couplings to the board. OUT and IN: bytes a second of the bus; LATENCY: seconds of it.
 * OUT = 0: without a board, one thread of the emulator samples and counts, and its time is the
 * array's. Usage: bench/usb_training DATA ARRAY STEP OUT IN MHZ LATENCY.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/seconds.h"
#include "learn/data/dataset.h"
#include "learn/training/trainer.h"
#include "timed/timed_board.h"

static struct timed_rates rates;

/* ---- the emulator instead of a board ---- */

static struct glb_layer_sampler emulator; /* its own functions */
static double sampled;                    /* s */

static enum glb_status timed_run_both(void *self, struct glb_layer_phase phase[2]) {
    const double start = glb_seconds(CLOCK_THREAD_CPUTIME_ID);
    const enum glb_status s = emulator.run_both(self, phase);
    sampled += glb_seconds(CLOCK_THREAD_CPUTIME_ID) - start;
    return s;
}

static enum glb_status timed_sums(void *self, int64_t *out) {
    const double start = glb_seconds(CLOCK_THREAD_CPUTIME_ID);
    const enum glb_status s = emulator.sums(self, out);
    sampled += glb_seconds(CLOCK_THREAD_CPUTIME_ID) - start;
    return s;
}

/* ---- a training ---- */

struct made {
    struct glb_layer_sampler s;
    struct glb_trainer *r;
};

static enum glb_status make(struct made *m, const char *device, const char *array,
                            const struct glb_topology *t, const struct glb_dataset *d,
                            struct glb_train_options *o) {
    const struct glb_layer_sampler_options so = {.device = device,
                                                 .array = array,
                                                 .chains = GLB_TRAIN_BATCH,
                                                 .threads = 1,
                                                 .u = GLB_TRAIN_U};
    const enum glb_status e = glb_train_sampler_open(t, o, GLB_TRAIN_COUNT_AUTO, &so, &m->s);
    return e ? e : glb_trainer_open_on(t, d, &m->s, o, &m->r);
}

static void time_emulator(struct glb_layer_sampler *s) {
    emulator = *s;
    s->run_both = timed_run_both;
    s->sums = timed_sums;
}

/* To the point of another trainer of the same training. */
static void go_to(struct glb_trainer *to, const struct glb_trainer *from) {
    const size_t n = (size_t)to->t->graph->n, p = n + (size_t)to->t->graph->m;
    to->s.step = from->s.step;
    to->s.averaged = from->s.averaged;
    memcpy(to->s.weight, from->s.weight, p * sizeof(float));
    memcpy(to->s.first, from->s.first, p * sizeof(float));
    memcpy(to->s.second, from->s.second, p * sizeof(float));
    memcpy(to->s.sum, from->s.sum, p * sizeof(double));
    memcpy(to->s.memory, from->s.memory,
           2 * sizeof(uint32_t) * (size_t)to->data->count * (size_t)to->memory_words);
}

static enum glb_status step(struct glb_trainer *r, struct timed_total *t) {
    if (rates.out > 0) {
        timed_board_restart();
        const enum glb_status s = glb_trainer_step(r);
        *t = timed_board_total();
        return s;
    }
    const double start = glb_seconds(CLOCK_THREAD_CPUTIME_ID);
    sampled = 0;
    const enum glb_status s = glb_trainer_step(r);
    const double all = glb_seconds(CLOCK_THREAD_CPUTIME_ID) - start;
    *t = (struct timed_total){.now = all, .array = sampled, .host = all - sampled};
    return s;
}

int main(int argc, char **argv) {
    struct glb_topology t;
    struct glb_dataset d;
    struct glb_train_options o;
    static struct made before, m;
    struct timed_total first, last;
    if (argc < 8 || atoi(argv[3]) < 2) {
        fprintf(stderr, "usage: bench/usb_training DATA ARRAY STEP OUT IN MHZ LATENCY; STEP > 1\n");
        return 2;
    }
    rates = (struct timed_rates){atof(argv[4]), atof(argv[5]), 1e6 * atof(argv[6]), atof(argv[7])};
    timed_board_rates(&rates);
    const int board = rates.out > 0;
    const struct glb_binarise binary = {GLB_BINARISE_THRESHOLD, 1, {127}};
    enum glb_status e = glb_dataset_load(argv[1], "train", binary, &d);
    if (!e)
        e = glb_topology_build("local", d.width, d.height, 10, 1, &t);
    if (!e) {
        glb_train_defaults(&t, &o);
        o.threads = 1;
        e = make(&before, "emu", argv[2], &t, &d, &o);
    }
    if (!e)
        e = make(&m, board ? "emu-port" : "emu", argv[2], &t, &d, &o);
    const uint64_t load = board ? timed_board_total().out_bytes : 0;
    if (!board)
        time_emulator(&m.s);
    for (int i = 2; i < atoi(argv[3]) && !e; i++)
        e = glb_trainer_step(before.r);
    if (!e) {
        go_to(m.r, before.r);
        e = step(m.r, &first);
    }
    const uint64_t clocks = e ? 0 : m.r->cycles, flips = e ? 0 : m.r->flips;
    if (!e)
        e = step(m.r, &last);
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
           t.spec, (long long)m.r->steps, m.s.nsums, (unsigned long long)load,
           (unsigned long long)first.out_bytes, (int)m.r->s.step,
           (unsigned long long)last.out_bytes, (unsigned long long)last.in_bytes,
           (unsigned long long)(m.r->cycles - clocks), (unsigned long long)(m.r->flips - flips),
           rates.clock / 1e6, rates.latency, last.now, last.array, last.out, last.in, last.host,
           last.now * (double)m.r->steps);
    return 0;
}
