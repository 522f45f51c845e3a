/* A transport with a clock. SPDX-License-Identifier: Apache-2.0 */
#include "timed_board.h"

#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "base/little_endian.h"
#include "base/seconds.h"
#include "transports/transports.h"
#include "wire/frame.h"

enum {
    DONE_CLOCKS_AT = GLB_HEADER_BYTES + 24, /* in a DONE frame */
    KEPT = GLB_HEADER_BYTES + GLB_DONE_BYTES,
    COMMANDS = 1024, /* without reply, at most */
    FRAMES = 4096,   /* that the host has not taken, at most */
    BUFFER = 1 << 20
};

struct stream {
    size_t at;          /* bytes of the frame so far */
    uint8_t byte[KEPT]; /* the first ones */
};

struct frame {
    double ready; /* for the bus */
    double there; /* at the host, if carried */
    uint8_t *bytes;
    size_t n;
};

static struct glb_transport device;
static struct timed_rates rates;
static struct timed_total total;
static double left_at;      /* processor time since which the host works */
static double bus, in_free; /* end of all that the bus has; of what it brings to the host */

static struct stream to_board, to_host;
static double command_at[COMMANDS], run_at[COMMANDS], board_free;
static unsigned commands, replies, runs, ends;

static uint8_t raw[BUFFER]; /* from the device: less than a frame */
static size_t raw_len;
static struct frame frame[FRAMES]; /* by the time they are ready */
static int frames, carried;        /* the first ones of them */
static int held;                   /* the last ones: samples of a job that has not ended */
static size_t taken;               /* bytes of the first one */

static double max(double a, double b) {
    return a > b ? a : b;
}

static double thread_time(void) {
    return glb_seconds(CLOCK_THREAD_CPUTIME_ID);
}

/* Whether a frame ends with this byte. */
static int frame_ends(struct stream *f, uint8_t byte) {
    if (f->at < KEPT)
        f->byte[f->at] = byte;
    if (++f->at < GLB_HEADER_BYTES || f->at < GLB_FRAME_EXTRA + glb_frame_payload(f->byte))
        return 0;
    f->at = 0;
    return 1;
}

/* ---- frames from the device ---- */

/* Behind those that are ready before it. */
static void insert(struct frame f, int end) {
    int at = end;
    while (at > carried && frame[at - 1].ready > f.ready)
        at--;
    memmove(frame + at + 1, frame + at, sizeof *frame * (size_t)(frames - at));
    frame[at] = f;
    frames++;
}

/* Samples wait for the end of their job, which gives them their time. */
static void place(struct frame f, int type) {
    if (type == GLB_TYPE_DATA) {
        frame[frames++] = f;
        held++;
        return;
    }
    if (type != GLB_TYPE_DONE) {
        f.ready = command_at[replies++ % COMMANDS];
        insert(f, frames - held);
        return;
    }
    const double start = max(run_at[ends++ % COMMANDS], board_free);
    const double ran = (double)glb_get_le(to_host.byte + DONE_CLOCKS_AT, 8) / rates.clock;
    struct frame sample[FRAMES];
    const int samples = held;
    total.array += ran;
    board_free = start + ran;
    frames -= samples;
    memcpy(sample, frame + frames, sizeof *sample * (size_t)samples);
    held = 0;
    for (int k = 0; k < samples; k++) {
        sample[k].ready = board_free;
        insert(sample[k], frames);
    }
    f.ready = board_free;
    insert(f, frames);
}

static void split(void) {
    size_t first = 0;
    for (size_t i = 0; i < raw_len; i++)
        if (frame_ends(&to_host, raw[i])) {
            struct frame f = {.n = i + 1 - first};
            f.bytes = malloc(f.n);
            if (!f.bytes || frames == FRAMES)
                abort();
            memcpy(f.bytes, raw + first, f.n);
            place(f, to_host.byte[1]);
            first = i + 1;
        }
    memmove(raw, raw + first, raw_len - first);
    raw_len -= first;
    to_host.at = 0; /* the rest is looked at again */
}

/* Lets the device answer all commands and end all jobs. */
static enum glb_status work_off(void) {
    enum glb_status s = GLB_OK;
    while (s == GLB_OK && (replies < commands || ends < runs)) {
        size_t none, more = 0;
        s = device.exchange(device.self, NULL, 0, &none, raw + raw_len, BUFFER - raw_len, &more);
        raw_len += more;
        split();
    }
    return s;
}

/* ---- the bus ---- */

/* Packets of both directions take turns: as long as something is sent, a frame takes twice its
 * time, and what is sent lasts longer by the frame's. */
static void carry(void) {
    struct frame *f = &frame[carried++];
    const double seconds = (double)f->n / rates.in, start = max(f->ready, in_free);
    const double beside = max(0, bus - start);
    in_free = start + seconds + (beside < seconds ? beside : seconds);
    bus = max(bus, start) + seconds;
    total.in += seconds;
    total.in_bytes += f->n;
    f->there = in_free + rates.latency;
}

static enum glb_status send(const uint8_t *out, size_t n, size_t *sent) {
    size_t none;
    const double from = total.now + rates.latency;
    const enum glb_status s = device.exchange(device.self, out, n, sent, NULL, 0, &none);
    while (carried < frames && max(in_free, frame[carried].ready) <= from)
        carry();
    const double seconds = (double)*sent / rates.out;
    bus = max(bus, from) + seconds;
    total.out += seconds;
    total.out_bytes += *sent;
    for (size_t i = 0; i < *sent; i++)
        if (frame_ends(&to_board, out[i])) {
            command_at[commands++ % COMMANDS] = bus;
            if (to_board.byte[1] == GLB_CMD_RUN)
                run_at[runs++ % COMMANDS] = bus;
        }
    return s == GLB_OK ? work_off() : s;
}

/* Bytes of the first frame, which is at the host. */
static size_t take(uint8_t *in, size_t n) {
    const size_t left = frame[0].n - taken, given = left < n ? left : n;
    memcpy(in, frame[0].bytes + taken, given);
    taken += given;
    if (taken == frame[0].n) {
        free(frame[0].bytes);
        memmove(frame, frame + 1, sizeof *frame * (size_t)--frames);
        taken = 0;
        carried--;
    }
    return given;
}

/* The next frame, after a wait if need be, and those that are there behind it. */
static size_t receive(uint8_t *in, size_t n) {
    size_t given = 0;
    while (frames > 0 && given < n) {
        if (carried == 0 && (given == 0 || max(in_free, frame[0].ready) <= total.now))
            carry();
        if (carried == 0 || (given > 0 && frame[0].there > total.now))
            break;
        if (frame[0].there > total.now) {
            total.waited += frame[0].there - total.now;
            total.now = frame[0].there;
        }
        given += take(in + given, n - given);
    }
    return given;
}

/* ---- transport ---- */

/* What asking for the time adds to each piece of the host's work. */
static double clock_cost(void) {
    static double cost;
    if (cost == 0) {
        enum { CALLS = 1000 };
        const double start = thread_time();
        for (int k = 1; k < CALLS; k++)
            thread_time();
        cost = (thread_time() - start) / CALLS;
    }
    return cost;
}

static void host_worked(void) {
    const double t = thread_time(), worked = max(0, t - left_at - clock_cost());
    total.host += worked;
    total.now += worked;
    left_at = t;
}

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    enum glb_status s = GLB_OK;
    (void)self;
    host_worked();
    *done_out = *done_in = 0;
    if (n_out)
        s = send(out, n_out, done_out);
    else
        *done_in = receive(in, n_in);
    left_at = thread_time();
    return s;
}

void timed_board_rates(const struct timed_rates *r) {
    rates = *r;
}

enum glb_status __real_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

/* The library opens its emulated board through here. */
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    const enum glb_status s = __real_glb_emu_port_open(array, argument, &device);
    if (s == GLB_OK) {
        *out = device;
        out->exchange = exchange;
        timed_board_restart();
    }
    return s;
}

void timed_board_restart(void) {
    total = (struct timed_total){0};
    bus = in_free = board_free = 0;
    clock_cost();
    left_at = thread_time();
}

struct timed_total timed_board_total(void) {
    host_worked();
    return total;
}
