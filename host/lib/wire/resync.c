/* Resynchronising with a board that a previous session left busy.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "base/seconds.h"
#include "wire/frame.h"
#include "wire/transport.h"

enum { SILENT_ROUNDS = 4 }; /* exchanges without a byte before a board counts as dead */

struct scan {
    uint8_t *in;
    size_t n;
    uint8_t seq;       /* of the STATUS reply that is waited for */
    int seen, running; /* it came; a job runs or waits */
};

/* Searches what has come for the reply and drops everything else. */
static void scan(struct scan *k) {
    size_t at = 0;
    while (at < k->n) {
        const uint8_t *f = k->in + at;
        const size_t have = k->n - at;
        if (f[0] != GLB_SYNC_DEVICE) {
            at++;
            continue;
        }
        if (have < GLB_HEADER_BYTES)
            break;
        /* A frame cut off at its start may show nonsense here: wait for the rest of STATUS replies
         * only. */
        if (f[1] == (GLB_TYPE_REPLY | GLB_CMD_STATUS) && glb_frame_payload(f) == GLB_STATUS_BYTES) {
            if (have < GLB_FRAME_EXTRA + GLB_STATUS_BYTES)
                break;
            if (f[2] == k->seq && glb_frame_intact(f)) {
                k->seen = 1;
                k->running = f[GLB_HEADER_BYTES] || f[GLB_HEADER_BYTES + 1];
            }
        }
        at++;
    }
    memmove(k->in, k->in + at, k->n - at);
    k->n -= at;
}

static size_t command(uint8_t *to, uint8_t cmd, uint8_t seq) {
    return glb_frame_build(to, (struct glb_frame_header){GLB_SYNC_HOST, cmd, seq, 0}, NULL, 0);
}

/* Sends bytes and reads until the STATUS reply with k->seq is there. */
static enum glb_status ask(const struct glb_transport *t, struct scan *k, const uint8_t *out,
                           size_t n) {
    k->seen = 0;
    for (int silent = 0; n > 0 || !k->seen;) {
        size_t sent = 0, got = 0;
        const enum glb_status s =
            t->exchange(t->self, out, n, &sent, k->in + k->n, GLB_FRAME_TO_HOST - k->n, &got);
        if (s)
            return s;
        out += sent;
        n -= sent;
        k->n += got;
        scan(k);
        silent = sent + got ? 0 : silent + 1;
        if (silent == SILENT_ROUNDS)
            return glb_fail(GLB_ERR_DEVICE,
                            "%s: no answer; is it a glauber board, and is its bitstream loaded?",
                            t->describe(t->self));
    }
    return GLB_OK;
}

static enum glb_status resync(const struct glb_transport *t) {
    /* Zeros complete any half-sent frame; those that are left are skipped. */
    uint8_t out[GLB_FRAME_TO_DEVICE + 2 * GLB_FRAME_EXTRA] = {0};
    struct scan k = {.in = malloc(GLB_FRAME_TO_HOST)};
    if (!k.in)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the device's buffers");
    /* Start from a clock-derived sequence number, so a stale reply is unlikely to match. */
    k.seq = (uint8_t)(uint64_t)(1e6 * glb_seconds(CLOCK_MONOTONIC));
    size_t n = GLB_FRAME_TO_DEVICE;
    n += command(out + n, GLB_CMD_ABORT, k.seq);
    n += command(out + n, GLB_CMD_STATUS, k.seq);
    enum glb_status s = ask(t, &k, out, n);
    /* One more STATUS after the job has ended: its last frames are then behind us. */
    for (int last = 0; !s && !last;) {
        last = !k.running;
        k.seq++;
        s = ask(t, &k, out, command(out, GLB_CMD_STATUS, k.seq));
    }
    free(k.in);
    return s;
}

enum glb_status glb_transport_resync(const struct glb_transport *t) {
    const enum glb_status s = resync(t);
    if (s != GLB_ERR_DEVICE || !t->reset || t->reset(t->self))
        return s;
    return resync(t);
}
