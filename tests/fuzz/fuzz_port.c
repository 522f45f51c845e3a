/* libFuzzer harness of the byte protocol on the emulated board. The input is a list of pieces: a
 * piece that starts with a byte below 64 is that many raw bytes, any other one a frame whose CRC is
 * made right, so that the fuzzer gets past it. Whatever the board sends must be whole, correct
 * frames.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "array/array.h"
#include "array/protocol.h"
#include "support/frames.h"
#include "transports/transports.h"

enum { MAX_EXCHANGES = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);

/* The board's clock (ld --wrap): a millisecond a look, so that an endless job gets a few steps an
 * exchange, and the same number in every run. */
int __wrap_clock_gettime(clockid_t id, struct timespec *t) {
    static uint64_t looks;
    (void)id;
    looks++;
    t->tv_sec = (time_t)(looks / 1000);
    t->tv_nsec = (long)(looks % 1000) * 1000000;
    return 0;
}

static uint8_t heard[1 << 20];
static size_t heard_n;

static void say(struct glb_transport *t, const uint8_t *bytes, size_t n) {
    size_t sent = 0, received = 0;
    if (t->exchange(t->self, bytes, n, &sent, heard + heard_n, sizeof heard - heard_n, &received))
        abort();
    heard_n += received;
    if (sent > n)
        abort();
    /* a board that takes nothing must have output, unless the buffer for it is full */
    if (sent < n && received == 0 && heard_n < sizeof heard)
        abort();
}

static void check_frames(void) {
    size_t at = 0;
    while (heard_n - at >= GLB_HEADER_BYTES) {
        const uint8_t *f = heard + at;
        if (f[0] != GLB_SYNC_DEVICE)
            abort();
        if (frame_bytes(f) > heard_n - at)
            break; /* cut off where the listening stopped */
        if (!frame_sealed(f))
            abort();
        at += frame_bytes(f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct glb_transport t;
    if (glb_emu_port_open("tiny", NULL, &t) != GLB_OK)
        abort();
    heard_n = 0;
    for (int k = 0; k < MAX_EXCHANGES && size > 0; k++) {
        size_t n = *data++;
        size--;
        if (n < 64) {
            n = n < size ? n : size;
            say(&t, data, n);
        } else {
            /* command, then length in quarters of the rest, so that long frames are easy to make */
            uint8_t f[GLB_HEADER_BYTES + GLB_MAX_PAYLOAD + GLB_CRC_BYTES];
            const int cmd = (int)(n & 7);
            n = n < 192 ? (n >> 3) - 8 : size / 4;
            if (cmd == GLB_CMD_RUN)
                n = GLB_RUN_BYTES;
            n = n < size ? n : size;
            n = n < GLB_MAX_PAYLOAD ? n : GLB_MAX_PAYLOAD;
            say(&t, f, frame_make(f, GLB_SYNC_HOST, cmd, k, 0, data, n));
        }
        data += n;
        size -= n;
    }
    check_frames();
    t.close(t.self);
    return 0;
}
