/* What the gateware's USB moves, counted in clocks of the bus at the simulated pins, with the byte
 * protocol on top: writes to the board, samples from it; or how long a program takes to load.
 * Usage: bench/usb high|full [ARRAY [PROGRAM]]; needs `make sim-usb ARRAY=..` (tiny). Prints a
 * table and rows for docs/results/usb.json. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../tests/usb/pins_transport.h"
#include "wire/client.h"
#include "array/job.h"
#include "array/protocol.h"

static struct glb_usb_wire w;
static struct glb_usb_host h;
static struct pins p;
static struct glb_client *c;
static const struct glb_array *a;

static void row(const char *direction, uint64_t payload, uint64_t stream, uint64_t ticks) {
    const double us = (double)ticks / w.ticks_a_us;
    fprintf(stderr,
            "%s speed, %s: %llu bytes of %s (%llu with frames) in %.1f us: %.2f MB/s, with "
            "frames %.2f\n",
            h.high ? "high" : "full", direction, (unsigned long long)payload,
            strcmp(direction, "out") == 0 ? "items" : "samples", (unsigned long long)stream, us,
            (double)payload / us, (double)stream / us);
    printf("{\"speed\": \"%s\", \"direction\": \"%s\", \"payload_mb_per_s\": %.2f, \"bus_cycles\": "
           "%llu, \"bytes\": %llu, \"stream_bytes\": %llu, \"bus_mhz\": %g, \"array\": \"%s\"}\n",
           h.high ? "high" : "full", direction, (double)payload / us, (unsigned long long)ticks,
           (unsigned long long)payload, (unsigned long long)stream, w.ticks_a_us, a->name);
}

/* Schedule, network and coupling words in the shares of a large program. */
static enum glb_status writes(int rounds) {
    static uint8_t zero[4096];
    const struct {
        int target, tiles, bytes, depth;
    } memory[] = {{GLB_TARGET_SCHED, a->tiles, (a->sw + 7) / 8, a->sdepth},
                  {GLB_TARGET_NET, 1, 2, a->sdepth},
                  {GLB_TARGET_COUPLING, a->tiles, (a->cw + 7) / 8, a->cdepth}};
    enum glb_status s = link_sync(glb_client_link(c));
    const uint64_t start = w.now, before = p.bytes_out;
    uint64_t payload = 0;
    for (int i = 0; i < rounds && !s; i++)
        for (size_t m = 0; m < 3; m++)
            for (int t = 0; t < memory[m].tiles && !s; t++) {
                s = link_write(glb_client_link(c), memory[m].target, t, 0, zero, memory[m].bytes,
                               memory[m].depth);
                payload += (uint64_t)(memory[m].bytes * memory[m].depth);
            }
    if (!s)
        s = link_sync(glb_client_link(c));
    if (!s)
        row("out", payload, p.bytes_out - before, w.now - start);
    return s;
}

static int count(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                 size_t stride) {
    (void)sweep, (void)words, (void)stride;
    *(uint32_t *)user = sample + 1;
    return 0;
}

/* All of a program, from the first byte to the reply to its last command. */
static enum glb_status load(const char *path) {
    struct glb_program *program = NULL;
    enum glb_status s = glb_program_load(path, &program);
    if (!s)
        s = glb_client_check(c, &program->array);
    if (!s)
        s = link_sync(glb_client_link(c));
    const uint64_t start = w.now, before = p.bytes_out;
    if (!s)
        s = glb_client_load(c, program);
    if (!s)
        s = link_sync(glb_client_link(c));
    const double ms = (double)(w.now - start) / w.ticks_a_us / 1e3;
    const unsigned long long bytes = p.bytes_out - before, ticks = w.now - start;
    if (!s)
        printf("{\"speed\": \"%s\", \"load\": \"%s\", \"array\": \"%s\", \"load_ms\": %.2f, "
               "\"bus_cycles\": %llu, \"stream_bytes\": %llu, \"schedule_words\": %d, "
               "\"coupling_words\": %d}\n",
               h.high ? "high" : "full", strrchr(path, '/') ? strrchr(path, '/') + 1 : path,
               a->name, ms, ticks, bytes, program->s_used, program->c_used);
    glb_program_free(program);
    return s;
}

/* A segment of one clock and long samples: the array makes them faster than the bus takes them. */
static enum glb_status samples(int sweeps) {
    enum { RUNS = 48 };
    const struct glb_beta_step step = {1 << 16, (uint32_t)sweeps};
    struct glb_run runs[RUNS];
    uint8_t segment[12] = {0, 0, 1};
    struct glb_job_counters n;
    uint32_t got = 0;
    for (int i = 0; i < RUNS; i++)
        runs[i] = (struct glb_run){(uint16_t)(i % a->tiles), 0, (uint16_t)(1 << a->aw)};
    const struct glb_job j = {.id = 1,
                              .seed = 1,
                              .steps = &step,
                              .nsteps = 1,
                              .interval = 1,
                              .runs = runs,
                              .nruns = RUNS,
                              .nseg = 1};
    enum glb_status s = link_write(glb_client_link(c), GLB_TARGET_SEG, 0, 0, segment, 12, 1);
    if (!s)
        s = link_sync(glb_client_link(c));
    const uint64_t start = w.now, before = p.bytes_in;
    if (!s)
        s = glb_client_run(c, a, &j, count, &got, &n);
    const uint64_t payload = (uint64_t)got * RUNS * (1u << a->aw) * (uint64_t)((a->chains + 7) / 8);
    if (!s)
        row("in", payload, p.bytes_in - before, w.now - start);
    return s;
}

int main(int argc, char **argv) {
    const int high = argc >= 2 && strcmp(argv[1], "high") == 0;
    const char *array = argc > 2 ? argv[2] : "tiny";
    if (argc < 2 || argc > 4 || (!high && strcmp(argv[1], "full") != 0)) {
        fprintf(stderr, "usage: bench/usb high|full [ARRAY [PROGRAM]]\n");
        return 2;
    }
    a = glb_array_find(array);
    if (!a) {
        fprintf(stderr, "bench/usb: no array called %s\n", array);
        return 2;
    }
    const uint8_t configure[8] = {0, 9, 1};
    enum glb_status s = glb_usb_wire_open(array, high, 100, &w);
    if (!s && (glb_usb_host_attach(&h, &w) || glb_usb_host_set_address(&h, 9) < 0 ||
               glb_usb_host_control(&h, configure, NULL, 0) < 0))
        s = glb_fail(GLB_ERR_DEVICE, "the board does not enumerate");
    if (!s) {
        const struct glb_transport t = pins_transport(&p, &h);
        s = glb_client_open(&t, &c);
    }
    if (!s && argc == 4)
        s = load(argv[3]);
    if (!s && argc < 4)
        s = writes(high ? 100 : 16);
    if (!s && argc < 4)
        s = samples(high ? 400 : 30);
    if (s)
        fprintf(stderr, "bench/usb: %s\n", glb_error());
    return s != GLB_OK;
}
