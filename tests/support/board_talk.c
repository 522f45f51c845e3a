/* Talking to a board frame by frame. SPDX-License-Identifier: Apache-2.0 */
#include "support/board_talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "array/protocol.h"
#include "support/frames.h"
#include "transports/transports.h"

struct glb_transport port;
struct frame got;
static uint8_t inbox[1 << 20];
static size_t inbox_n;

int talk_open(void **state) {
    (void)state;
    inbox_n = 0;
    return glb_emu_port_open("tiny", NULL, &port) != GLB_OK;
}

int talk_close(void **state) {
    (void)state;
    port.close(port.self);
    return 0;
}

void talk_send(const uint8_t *bytes, size_t n) {
    do {
        size_t sent, received;
        assert_int_equal(port.exchange(port.self, bytes, n, &sent, inbox + inbox_n,
                                       sizeof inbox - inbox_n, &received),
                         GLB_OK);
        bytes += sent;
        n -= sent;
        inbox_n += received;
    } while (n > 0);
}

int talk_next(void) {
    for (int tries = 0; tries < 1000; tries++) {
        if (inbox_n >= FRAME_EXTRA && inbox_n >= frame_bytes(inbox)) {
            const size_t size = frame_bytes(inbox);
            assert_int_equal(inbox[0], GLB_SYNC_DEVICE);
            assert_true(frame_sealed(inbox));
            got.type = inbox[1];
            got.seq = inbox[2];
            got.status = inbox[3];
            got.len = (int)(size - FRAME_EXTRA);
            memcpy(got.payload, inbox + FRAME_HEADER, size - FRAME_EXTRA);
            memmove(inbox, inbox + size, inbox_n - size);
            inbox_n -= size;
            return 1;
        }
        const size_t before = inbox_n;
        talk_send(NULL, 0);
        if (inbox_n == before)
            break;
    }
    assert_int_equal(inbox_n, 0);
    return 0;
}

int talk_ask(int cmd, const void *payload, size_t len) {
    static int seq;
    uint8_t f[2048];
    seq = (seq + 1) & 255;
    talk_send(f, frame_make(f, GLB_SYNC_HOST, cmd, seq, 0, payload, len));
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.type, GLB_TYPE_REPLY | cmd);
    assert_int_equal(got.seq, seq);
    if (got.status != GLB_WIRE_OK)
        assert_int_equal(got.len, 0);
    return got.status;
}

int talk_write(int target, int tile, int addr, const void *items, size_t bytes) {
    uint8_t b[2000] = {(uint8_t)target, (uint8_t)tile, (uint8_t)addr, (uint8_t)(addr >> 8)};
    memcpy(b + 4, items, bytes);
    return talk_ask(GLB_CMD_WRITE, b, bytes + 4);
}
