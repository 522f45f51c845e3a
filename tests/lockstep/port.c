/* Lockstep of the byte protocol: bursts of good, wrong and broken frames and garbage go to the
 * Verilated RTL and to the reference board; the streams that come back must be the same, byte by
 * byte. Left out are what timing decides (stall_cycles, counters of an aborted job) and the build
 * hash. Usage: port [--bursts N] [--seed N] ARRAY...   SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "bursts.h"
#include "support/frames.h"
#include "transports/transports.h"

enum { CAP = 1 << 20, QUIET = 200 };

/* Sends s to the device and appends what comes back to got, until it is silent. */
static int talk(struct glb_transport *t, const struct stream *s, struct stream *got, size_t want) {
    size_t sent = 0;
    int quiet = 0;
    while (quiet < (want > got->n || sent < s->n ? QUIET : 3)) {
        size_t out, in;
        size_t room = 1 + glb_rng_below(&rng, 3000);
        if (room > CAP - got->n)
            room = CAP - got->n;
        if (t->exchange(t->self, s->b + sent, s->n - sent, &out, got->b + got->n, room, &in)) {
            printf("# %s\n", glb_error());
            return 1;
        }
        sent += out;
        got->n += in;
        quiet = out || in ? 0 : quiet + 1;
    }
    return sent != s->n;
}

/* Checks every frame's CRC and blanks what timing decides. Returns the number of frames, or -1. */
static int blank(struct stream *s) {
    int frames = 0;
    for (size_t i = 0; i < s->n; frames++) {
        uint8_t *f = s->b + i, *payload = f + FRAME_HEADER;
        if (s->n - i < FRAME_EXTRA || f[0] != GLB_SYNC_DEVICE)
            return -1;
        const size_t len = frame_bytes(f) - FRAME_EXTRA;
        if (s->n - i < frame_bytes(f))
            return -1;
        if (!frame_sealed(f))
            return -1;
        if (f[1] == GLB_TYPE_DONE) {
            memset(payload + 32, 0, 8 + 4);
            if (f[3] == GLB_WIRE_ABORTED)
                memset(payload + 4, 0, len);
        }
        if (f[1] == (GLB_TYPE_REPLY | GLB_CMD_IDENT) && len)
            memset(payload + 26, 0, len - 26 + 4);
        i += frame_bytes(f);
    }
    return frames;
}

/* Replies first, frames of jobs behind them. */
static void sort_out(struct stream *s) {
    uint8_t *jobs = malloc(s->n + 1);
    size_t nreplies = 0, njobs = 0;
    for (size_t i = 0, n; i < s->n; i += n) {
        uint8_t *f = s->b + i;
        n = frame_bytes(f);
        if (f[1] & GLB_TYPE_REPLY) {
            memmove(s->b + nreplies, f, n);
            nreplies += n;
        } else {
            memcpy(jobs + njobs, f, n);
            njobs += n;
        }
    }
    memcpy(s->b + nreplies, jobs, njobs);
    free(jobs);
}

static int test_array(const char *name, uint64_t seed, int bursts) {
    struct glb_transport dev[2] = {{0}, {0}};
    struct stream s = {malloc(CAP), 0}, got[2] = {{malloc(CAP), 0}, {malloc(CAP), 0}};
    long frames = 0, bytes = 0;
    const struct glb_array *a = glb_array_find(name);
    int bad =
        !a || glb_emu_port_open(name, NULL, &dev[0]) || glb_sim_transport_open(name, NULL, &dev[1]);
    if (bad)
        printf("# %s\n", glb_error());
    for (int i = 0; i <= bursts && !bad; i++) {
        rng = glb_rng_at(seed, 7, (uint64_t)i);
        const enum burst_kind kind = (enum burst_kind)glb_rng_below(&rng, BURST_KINDS);
        s.n = got[0].n = got[1].n = 0;
        if (i == 0)
            state_images(&s, a);
        else
            burst(&s, a, kind);
        bad = talk(&dev[0], &s, &got[0], 0) || talk(&dev[1], &s, &got[1], got[0].n);
        const int n = blank(&got[0]), m = blank(&got[1]);
        for (int d = 0; d < 2 && n >= 0 && n == m && kind == JOBS_IN_A_ROW; d++)
            sort_out(&got[d]);
        if (n < 0 || n != m || got[0].n != got[1].n || memcmp(got[0].b, got[1].b, got[0].n) != 0) {
            size_t at = 0;
            while (at < got[0].n && at < got[1].n && got[0].b[at] == got[1].b[at])
                at++;
            printf("# array %s, seed %llu, burst %d: reference %zu bytes in %d frames, RTL %zu in "
                   "%d, first difference at byte %zu\n",
                   name, (unsigned long long)seed, i, got[0].n, n, got[1].n, m, at);
            bad = 1;
        }
        frames += n;
        bytes += (long)(s.n + got[0].n);
    }
    printf("%s - byte protocol on %s: %d bursts, %ld frames back, %ld bytes\n",
           bad ? "not ok" : "ok", name, bursts, frames, bytes);
    fflush(stdout);
    for (int i = 0; i < 2; i++) {
        if (dev[i].self)
            dev[i].close(dev[i].self);
        free(got[i].b);
    }
    free(s.b);
    return bad;
}

int main(int argc, char **argv) {
    int bursts = 100, bad = 0;
    uint64_t seed = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--bursts") == 0 && i + 1 < argc)
            bursts = atoi(argv[++i]);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
        else
            bad |= test_array(argv[i], seed, bursts);
    }
    return bad;
}
