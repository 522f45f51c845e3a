/* Getting into step with a board that was in use before. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "wire/client.h"
#include "base/crc32.h"
#include "array/protocol.h"
#include "wire/transport.h"

enum {
    FRAME = GLB_HEADER_BYTES + GLB_MAX_PAYLOAD + GLB_CRC_BYTES,
    LONGEST = GLB_HEADER_BYTES + 65535 + GLB_CRC_BYTES,
    SILENT_ROUNDS = 4, /* exchanges without a byte before a board counts as dead */
    STATUS_BYTES = 20
};

struct scan {
    uint8_t *in;
    size_t n;
    int seq;           /* of the STATUS reply that is waited for */
    int seen, running; /* it came; a job runs or waits */
};

/* Looks through what came for the reply; anything else goes. */
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
        const size_t body = GLB_HEADER_BYTES + (size_t)glb_take(f + 4, 2);
        /* A frame cut off at its start may show nonsense here; only what is ours is waited for. */
        if (f[1] == (GLB_TYPE_REPLY | GLB_CMD_STATUS) && body == GLB_HEADER_BYTES + STATUS_BYTES) {
            if (have < body + GLB_CRC_BYTES)
                break;
            if (f[2] == k->seq && glb_crc32(0, f, body) == glb_take(f + body, GLB_CRC_BYTES)) {
                k->seen = 1;
                k->running = f[GLB_HEADER_BYTES] || f[GLB_HEADER_BYTES + 1];
            }
        }
        at++;
    }
    memmove(k->in, k->in + at, k->n - at);
    k->n -= at;
}

static size_t frame(uint8_t *f, int cmd, int seq) {
    const uint8_t head[GLB_HEADER_BYTES] = {GLB_SYNC_HOST, (uint8_t)cmd, (uint8_t)seq};
    memcpy(f, head, sizeof head);
    glb_put(f + sizeof head, glb_crc32(0, f, sizeof head), GLB_CRC_BYTES);
    return sizeof head + GLB_CRC_BYTES;
}

/* Sends bytes and reads until the STATUS reply with k->seq is there. */
static enum glb_status ask(const struct glb_transport *t, struct scan *k, const uint8_t *out,
                           size_t n) {
    k->seen = 0;
    for (int silent = 0; n > 0 || !k->seen;) {
        size_t sent = 0, got = 0;
        const enum glb_status s =
            t->exchange(t->self, out, n, &sent, k->in + k->n, LONGEST - k->n, &got);
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

enum glb_status glb_transport_resync(const struct glb_transport *t) {
    /* Zeros end any frame: the rest of it is read as they are, and what is left is skipped. */
    uint8_t out[FRAME + 2 * (GLB_HEADER_BYTES + GLB_CRC_BYTES)] = {0};
    struct timespec now;
    struct scan k = {.in = malloc(LONGEST)};
    if (!k.in)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the device's buffers");
    /* Sequence numbers of the clock, so that a reply to an earlier user is hardly taken for ours.
     */
    clock_gettime(CLOCK_MONOTONIC, &now);
    k.seq = (int)(now.tv_nsec / 1000 & 255);
    size_t n = FRAME;
    n += frame(out + n, GLB_CMD_ABORT, k.seq);
    n += frame(out + n, GLB_CMD_STATUS, k.seq);
    enum glb_status s = ask(t, &k, out, n);
    /* One more STATUS after the job has ended: its last frames are then behind us. */
    for (int last = 0; !s && !last;) {
        last = !k.running;
        k.seq = (k.seq + 1) & 255;
        s = ask(t, &k, out, frame(out, GLB_CMD_STATUS, k.seq));
    }
    free(k.in);
    return s;
}
