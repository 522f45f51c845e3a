/* The USB gateware at its pins, as a host's wires see it: enumeration, every standard request, bulk
 * transfers and their errors, suspending, resets in mid-stream, both speeds. Usage: pins high|full.
 * Prints TAP lines. SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "wire/client.h"
#include "base/crc32.h"
#include "pins_transport.h"
#include "array/protocol.h"
#include "usb_board/descriptors.h"
#include "transports/usb_ids.h"
#include "usb_board/device.h"

enum { ADDRESS = 42, FRAME = GLB_HEADER_BYTES + GLB_CRC_BYTES, IDENT = FRAME + GLB_IDENT_BYTES };
static struct glb_usb_wire w;
static struct glb_usb_host h;
static int failed, board_high;
static const char *where = "";

static void check(int good, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    printf("%s - usb pins, %s: ", good ? "ok" : "not ok", where);
    vprintf(format, ap);
    printf("\n");
    fflush(stdout);
    va_end(ap);
    failed |= !good;
}

static int control(int type, int request, int value, int index, int length, uint8_t *data) {
    const uint8_t s[8] = {(uint8_t)type,         (uint8_t)request,      (uint8_t)value,
                          (uint8_t)(value >> 8), (uint8_t)index,        (uint8_t)(index >> 8),
                          (uint8_t)length,       (uint8_t)(length >> 8)};
    return glb_host_control(&h, s, data, length);
}

static int configure(int value) {
    return control(0, 9, value, 0, 0, NULL);
}

static void enumerate(void) {
    glb_host_set_address(&h, ADDRESS);
    configure(1);
}

/* ---- frames of the byte protocol, for something to send ---- */

static int frame(uint8_t *f, int cmd, int seq) {
    memset(f, 0, GLB_HEADER_BYTES);
    f[0] = GLB_SYNC_HOST;
    f[1] = (uint8_t)cmd;
    f[2] = (uint8_t)seq;
    glb_put(f + GLB_HEADER_BYTES, glb_crc32(0, f, GLB_HEADER_BYTES), GLB_CRC_BYTES);
    return FRAME;
}

/* Reads until the board has nothing to say; what came, in whole packets. */
static int drain(uint8_t *to, int max) {
    int n = 0, got;
    for (int quiet = 0; quiet < 60 && n + 512 <= max;) {
        const int e = glb_host_in(&h, to + n, glb_host_packet(&h), &got);
        if (e < 0)
            return e;
        quiet = e == GLB_HOST_OK ? 0 : quiet + 1;
        n += e == GLB_HOST_OK ? got : 0;
    }
    return n;
}

static int is_ident(const uint8_t *b, int n, int seq) {
    return n == IDENT && b[0] == GLB_SYNC_DEVICE && b[1] == (GLB_TYPE_REPLY | GLB_CMD_IDENT) &&
           b[2] == seq && glb_crc32(0, b, IDENT - 4) == glb_take(b + IDENT - 4, 4);
}

static int alive(int seq) {
    uint8_t f[FRAME], b[2048];
    frame(f, GLB_CMD_IDENT, seq);
    if (glb_host_out(&h, f, FRAME) != GLB_HOST_OK)
        return 0;
    return is_ident(b, drain(b, sizeof b), seq);
}

/* ---- what is checked ---- */

static void descriptors(const char *serial) {
    const int speed = h.high ? GLB_USB_HIGH_SPEED : GLB_USB_FULL_SPEED;
    uint8_t want[GLB_USB_DESCRIPTOR_MAX], got[GLB_USB_DESCRIPTOR_MAX];
    static const int asked[][2] = {{1, 0}, {2, 0}, {3, 0}, {3, 1}, {3, 2}, {3, 3}, {3, 0xee}};
    int same = 1;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        for (int length = 255; length; length = length == 255 ? 8 : 0) { /* whole, and its start */
            const int type = asked[i][0], index = asked[i][1];
            int n = glb_usb_descriptor(type, index, speed, serial, want);
            n = n < length ? n : length;
            const int m = control(0x80, 6, type << 8 | index, 0, length, got);
            same &= m == n && memcmp(got, want, (size_t)n) == 0;
        }
    check(same, "descriptors are those of the emulated board, whole and cut short");
    int n = glb_usb_descriptor(GLB_USB_DT_QUALIFIER, 0, GLB_USB_HIGH_SPEED, serial, want);
    int m = control(0x80, 6, GLB_USB_DT_QUALIFIER << 8, 0, 255, got);
    check(board_high ? m == n && memcmp(got, want, (size_t)n) == 0 : m == GLB_HOST_STALL,
          "device qualifier, of a board that has two speeds");
    n = glb_usb_descriptor(2, 0, h.high ? GLB_USB_FULL_SPEED : GLB_USB_HIGH_SPEED, serial, want);
    want[1] = GLB_USB_DT_OTHER_SPEED;
    m = control(0x80, 6, GLB_USB_DT_OTHER_SPEED << 8, 0, 255, got);
    check(board_high ? m == n && memcmp(got, want, (size_t)n) == 0 : m == GLB_HOST_STALL,
          "configuration at the other speed");
    same = 1;
    for (int i = 4; i <= 5; i++) {
        n = glb_usb_ms_descriptor(i, want);
        m = control(0xc0, GLB_USB_MS_REQUEST, 0, i, 255, got);
        same &= m == n && memcmp(got, want, (size_t)n) == 0;
    }
    check(same, "WinUSB descriptors, of up to %d bytes in three packets", n);
}

static void requests(void) {
    uint8_t d[64];
    configure(0);
    check(control(0x80, 8, 0, 0, 1, d) == 1 && d[0] == 0, "GET_CONFIGURATION 0");
    check(control(0x81, 0, 0, 0, 2, d) < 0 && control(0x82, 0, 0, 1, 2, d) < 0 &&
              control(0x81, 10, 0, 0, 1, d) < 0 && control(2, 3, 0, 1, 0, d) < 0,
          "what needs a configuration is refused without");
    check(glb_host_out(&h, d, 1) == GLB_HOST_ERROR, "no endpoint without a configuration");
    check(configure(2) == GLB_HOST_STALL && configure(1) == 0, "SET_CONFIGURATION 2 and 1");
    check(control(0x80, 8, 0, 0, 1, d) == 1 && d[0] == 1, "GET_CONFIGURATION 1");
    check(control(0x80, 0, 0, 0, 2, d) == 2 && d[0] == 0 && d[1] == 0, "GET_STATUS of the device");
    check(control(0x81, 0, 0, 0, 2, d) == 2 && d[0] == 0 && d[1] == 0 &&
              control(0x81, 0, 0, 1, 2, d) < 0,
          "GET_STATUS of the interface, and of one that is not there");
    check(control(0x82, 0, 0, 0, 2, d) == 2 && d[0] == 0 && control(0x82, 0, 0, 2, 2, d) < 0,
          "GET_STATUS of endpoint 0, and of one that is not there");
    check(control(0x81, 10, 0, 0, 1, d) == 1 && d[0] == 0 && control(1, 11, 0, 0, 0, NULL) == 0 &&
              control(1, 11, 1, 0, 0, NULL) < 0,
          "GET_INTERFACE, SET_INTERFACE 0, and 1 which is not there");
    check(control(0, 3, 2, 0x100, 0, NULL) < 0 && control(0, 3, 1, 0, 0, NULL) < 0,
          "SET_FEATURE TEST_MODE and REMOTE_WAKEUP are refused");
    check(control(0x80, 6, 0x0a00, 0, 64, d) == GLB_HOST_STALL &&
              control(0x80, 6, 0x0304, 0, 64, d) == GLB_HOST_STALL,
          "descriptors that are not there");
    check(control(0, 7, 0x0100, 0, 18, d) == GLB_HOST_STALL,
          "SET_DESCRIPTOR is refused in its data");
    check(control(0x82, 12, 0, 1, 2, d) == GLB_HOST_STALL, "SYNCH_FRAME is refused");
    check(control(0xc0, 0x22, 0, 4, 16, d) == GLB_HOST_STALL &&
              control(0x21, 0x22, 0, 0, 0, NULL) == GLB_HOST_STALL,
          "requests of other classes and vendors are refused");
    check(control(0, 5, 200, 0, 0, NULL) == GLB_HOST_STALL, "an address above 127 is refused");
    check(alive(1), "after all of that the board answers");
}

static void halts(void) {
    uint8_t d[64];
    int got;
    check(alive(2), "endpoints before a halt"); /* so that the toggles are not those of the start */
    for (int in = 0; in < 2; in++) {
        const int ep = in ? 0x81 : 0x01;
        check(control(2, 3, 0, ep, 0, NULL) == 0 && control(0x82, 0, 0, ep, 2, d) == 2 &&
                  d[0] == 1 && control(0x82, 0, 0, ep ^ 0x80, 2, d) == 2 && d[0] == 0,
              "SET_FEATURE ENDPOINT_HALT of %s", in ? "IN" : "OUT");
        check((in ? glb_host_in(&h, d, 64, &got) : glb_host_out(&h, d, 1)) == GLB_HOST_STALL,
              "which stalls");
        check(control(2, 1, 0, ep, 0, NULL) == 0 && control(0x82, 0, 0, ep, 2, d) == 2 &&
                  d[0] == 0 && alive(3 + in),
              "CLEAR_FEATURE: it works again, with DATA0");
    }
    control(2, 3, 0, 0x81, 0, NULL);
    check(configure(1) == 0 && alive(5), "SET_CONFIGURATION ends a halt");
}

/* An OUT transaction with a packet made by hand; the handshake, or -1. */
static int raw_out(int address, int ep, const uint8_t *packet, int n) {
    uint8_t token[3], answer[8];
    glb_host_frame(&h, n);
    glb_host_token(token, GLB_PID_OUT, address, ep);
    w.transact(w.self, token, 3, NULL, 0);
    return w.transact(w.self, packet, n, answer, sizeof answer) == 1 ? answer[0] & 15 : -1;
}

static void errors_out(void) {
    uint8_t f[FRAME], p[1100], b[4096], big[1000] = {0};
    configure(1);
    frame(f, GLB_CMD_IDENT, 10);
    int n = glb_host_data(p, GLB_PID_DATA0, f, FRAME);
    p[5] ^= 0x40;
    check(raw_out(ADDRESS, 1, p, n) == -1, "OUT with a wrong CRC is not answered");
    p[5] ^= 0x40;
    check(raw_out(ADDRESS, 1, p, n) == GLB_PID_ACK, "sent again it is taken");
    check(raw_out(ADDRESS, 1, p, n) == GLB_PID_ACK, "OUT with the wrong toggle is acknowledged");
    h.toggle_out = 1;
    check(is_ident(b, drain(b, sizeof b), 10), "and dropped: one answer");
    n = glb_host_data(p, GLB_PID_DATA1, NULL, 0);
    check(raw_out(ADDRESS, 1, p, n) == GLB_PID_ACK, "an empty packet is taken");
    h.toggle_out = 0;
    check(alive(11), "and is no byte");
    check(raw_out(ADDRESS + 1, 1, p, n) == -1 && raw_out(ADDRESS, 3, p, n) == -1,
          "other addresses and endpoints are not answered");
    n = glb_host_data(p, h.toggle_out ? GLB_PID_DATA1 : GLB_PID_DATA0, big,
                      glb_host_packet(&h) + 1);
    check(raw_out(ADDRESS, 1, p, n) == -1, "a packet of %d bytes is not taken", n - 3);
    p[0] ^= 0x10;
    check(raw_out(ADDRESS, 1, p, n) == -1, "nor one with a broken PID");
    uint8_t token[3], answer[8];
    glb_host_token(token, GLB_PID_OUT, ADDRESS, 1);
    token[2] ^= 0x20;
    n = glb_host_data(p, GLB_PID_DATA1, f, FRAME);
    glb_host_frame(&h, n);
    w.transact(w.self, token, 3, NULL, 0);
    check(w.transact(w.self, p, n, answer, sizeof answer) == 0, "nor one behind a broken token");
    check(alive(12), "nothing of that reaches the array");
}

static void errors_in(void) {
    uint8_t f[FRAME], token[3], first[600], again[600], b[2048];
    int got;
    configure(1);
    check(glb_host_in(&h, b, 64, &got) == GLB_HOST_NAK, "IN without a byte: NAK");
    frame(f, GLB_CMD_IDENT, 20);
    glb_host_out(&h, f, FRAME);
    glb_host_idle(&h, 30);
    glb_host_token(token, GLB_PID_IN, ADDRESS, 1);
    glb_host_frame(&h, 64);
    const int n = w.transact(w.self, token, 3, first, sizeof first);
    glb_host_frame(&h, 64);
    const int m = w.transact(w.self, token, 3, again, sizeof again);
    check(n == IDENT + 3 && n == m && memcmp(first, again, (size_t)n) == 0,
          "without ACK the same packet comes again, with the same toggle");
    check(is_ident(b, drain(b, sizeof b), 20), "and once more, acknowledged, and no second time");
    check(alive(21), "the toggles go on");
}

/* Answers that fill whole packets: an empty packet ends the transfer. */
static void empty_in(void) {
    enum { ABORTS_HIGH = 47, ABORTS_FULL = 15 };
    uint8_t f[FRAME * 64], b[2048];
    const int aborts = h.high ? ABORTS_HIGH : ABORTS_FULL, packet = glb_host_packet(&h);
    int n = 0, got = 0, e = GLB_HOST_NAK, whole = 0;
    configure(1);
    for (int i = 0; i < aborts; i++)
        n += frame(f + n, GLB_CMD_ABORT, i);
    n += frame(f + n, GLB_CMD_IDENT, 30);
    for (int at = 0; at < n;) {
        const int part = n - at < packet ? n - at : packet;
        if (glb_host_out(&h, f + at, part) == GLB_HOST_OK)
            at += part;
    }
    glb_host_idle(&h, 100);
    for (int tries = 0; tries < 20; tries++) {
        e = glb_host_in(&h, b + whole, packet, &got);
        if (e != GLB_HOST_OK || got < packet)
            break;
        whole += got;
    }
    check(whole == FRAME * aborts + IDENT && e == GLB_HOST_OK && got == 0,
          "%d bytes in whole packets, then an empty one", whole);
    check(glb_host_in(&h, b, packet, &got) == GLB_HOST_NAK, "and only one");
}

/* Nobody reads the answers: the board must stop taking bytes, and lose none. */
static void full_buffers(void) {
    enum { FRAMES = 700, AT_FULL_SPEED = 450 };
    static uint8_t f[FRAME * FRAMES], b[IDENT * FRAMES + 1024];
    const int packet = glb_host_packet(&h), frames = h.high ? FRAMES : AT_FULL_SPEED;
    int n = 0, at = 0, naks = 0;
    configure(1);
    for (int i = 0; i < frames; i++)
        n += frame(f + n, GLB_CMD_IDENT, i & 255);
    while (at < n && naks < 30) {
        const int part = n - at < packet ? n - at : packet;
        const int e = glb_host_out(&h, f + at, part);
        at += e == GLB_HOST_OK ? part : 0;
        naks = e == GLB_HOST_NAK ? naks + 1 : 0;
    }
    check(naks == 30 && at > 2 * packet, "unread answers: NAK after %d bytes%s", at,
          h.high ? ", PING too" : "");
    int got = 0, good = 1;
    for (int quiet = 0; quiet < 60 && got + 512 <= (int)sizeof b;) {
        int k;
        const int part = n - at < packet ? n - at : packet;
        if (part && glb_host_out(&h, f + at, part) == GLB_HOST_OK)
            at += part;
        const int e = glb_host_in(&h, b + got, packet, &k);
        quiet = e == GLB_HOST_OK ? 0 : quiet + 1;
        got += e == GLB_HOST_OK ? k : 0;
    }
    for (int i = 0; i < frames && good; i++)
        good = got == IDENT * frames && is_ident(b + IDENT * i, IDENT, i & 255);
    check(good, "%d questions are answered, in order: %d bytes", frames, got);
}

static void resets(void) {
    uint8_t f[FRAME];
    /* mid-stream: half a frame taken, an answer unread, and toggles that are not at their start */
    for (int i = 0; i < 4; i++) {
        frame(f, GLB_CMD_IDENT, 40);
        glb_host_out(&h, f, FRAME);
        if (i & 1)
            glb_host_out(&h, f, FRAME / 2 + i);
        glb_host_reset(&h, 1);
        check(h.high == board_high, "reset %d in mid-stream, %s speed", i,
              h.high ? "high" : "full");
        const int old = h.address;
        h.address = ADDRESS;
        uint8_t d[18];
        check(control(0x80, 6, 0x0100, 0, 18, d) < 0, "the old address is gone");
        h.address = old;
        enumerate();
        check(alive(41 + i), "and the first transfer after it is whole");
    }
}

static void suspending(void) {
    const uint64_t ms = (uint64_t)(1000 * w.ticks_a_us);
    if (h.high) {
        w.drive(w.self, GLB_LINE_SE0, 3 * ms + ms / 10); /* then the board shows its pull-up */
        w.drive(w.self, GLB_LINE_J, ms);
    } else {
        w.drive(w.self, GLB_LINE_J, 4 * ms);
    }
    check(w.suspended(w.self), "silence suspends the board");
    w.drive(w.self, GLB_LINE_K, 2 * ms);
    check(!w.suspended(w.self), "K resumes it");
    if (!h.high)
        w.drive(w.self, GLB_LINE_SE0, (uint64_t)(1.33 * w.ticks_a_us));
    w.idle(w.self, ms / 10);
    h.next_frame = w.now;
    glb_host_idle(&h, 300);
    check(alive(50), "its address and configuration are as before");
}

/* The client of the byte protocol over the wires: a program's load and a job. */
static void protocol(void) {
    struct pins p;
    struct glb_client *c;
    struct glb_wire_counters n;
    struct glb_transport t = pins_transport(&p, &h);
    configure(1);
    enum glb_status s = glb_transport_resync(&t);
    if (!s)
        s = glb_client_open(&t, &c);
    check(!s, "the client opens: %s", s ? glb_error() : "identity read");
    if (s)
        return;
    s = glb_client_check(c, glb_array_find("tiny"));
    if (!s)
        s = glb_client_status(c, &n);
    check(!s && n.bad_crc == 0, "status: %u frames, %u skipped bytes", n.frames, n.skipped);
    glb_client_close(c);
}

static void fall_back(void) {
    glb_host_reset(&h, 0);
    where = "high speed board at a full speed host";
    check(!h.high, "without a host's chirps it stays at full speed");
    enumerate();
    descriptors("GLB0001");
    errors_out();
    empty_in();
    glb_host_reset(&h, 1);
    where = "high";
    enumerate();
    check(h.high && alive(60), "a reset brings high speed back");
}

int main(int argc, char **argv) {
    if (argc != 2 || (strcmp(argv[1], "high") != 0 && strcmp(argv[1], "full") != 0)) {
        fprintf(stderr, "usage: pins high|full\n");
        return 2;
    }
    where = argv[1];
    board_high = strcmp(argv[1], "high") == 0;
    if (glb_usb_wire_open("tiny", board_high, 100, &w)) {
        printf("not ok - usb pins: %s\n", glb_error());
        return 1;
    }
    check(glb_host_attach(&h, &w) == GLB_HOST_OK && h.high == board_high, "the board attaches");
    uint8_t d[18];
    check(control(0x80, 6, 0x0100, 0, 18, d) == 18, "it answers at address 0");
    check(glb_host_set_address(&h, ADDRESS) == 0, "SET_ADDRESS");
    descriptors("GLB0001");
    requests();
    halts();
    errors_out();
    errors_in();
    empty_in();
    full_buffers();
    resets();
    suspending();
    protocol();
    const uint64_t longest = w.longest_gap;
    if (board_high)
        fall_back();
    w.longest_gap = longest;
    check(h.retries < 200, "%llu packets out, %llu in, %llu NAKs",
          (unsigned long long)h.packets_out, (unsigned long long)h.packets_in,
          (unsigned long long)h.naks);
    /* USB asks for 192 and 6.5; a host waits 736 and 16. LUNA is late at full speed. */
    const double gap = (double)w.longest_gap / w.ticks_a_us * (board_high ? 480 : 12);
    check(gap <= (board_high ? 192 : 16), "answers come %.1f bit times after the host's packet",
          gap);
    w.close(w.self);
    return failed;
}
