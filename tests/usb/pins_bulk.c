/* Bulk transfers at the pins: wrong packets, repeats, empty packets, full buffers.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "pins_host.h"

/* An OUT transaction with a packet made by hand; the handshake, or -1. */
static int raw_out(int address, int ep, const uint8_t *packet, int n) {
    uint8_t token[3], answer[8];
    glb_usb_host_frame(&h, n);
    glb_usb_token(token, GLB_PID_OUT, address, ep);
    w.transact(w.self, token, 3, NULL, 0);
    return w.transact(w.self, packet, n, answer, sizeof answer) == 1 ? answer[0] & 15 : -1;
}

void errors_out(void) {
    uint8_t f[FRAME], p[1100], b[4096], big[1000] = {0};
    configure(1);
    frame(f, GLB_CMD_IDENT, 10);
    int n = glb_usb_data(p, GLB_PID_DATA0, f, FRAME);
    p[5] ^= 0x40;
    check(raw_out(ADDRESS, 1, p, n) == -1, "OUT with a wrong CRC is not answered");
    p[5] ^= 0x40;
    check(raw_out(ADDRESS, 1, p, n) == GLB_PID_ACK, "sent again it is taken");
    check(raw_out(ADDRESS, 1, p, n) == GLB_PID_ACK, "OUT with the wrong toggle is acknowledged");
    h.toggle_out = 1;
    check(is_ident(b, drain(b, sizeof b), 10), "and dropped: one answer");
    n = glb_usb_data(p, GLB_PID_DATA1, NULL, 0);
    check(raw_out(ADDRESS, 1, p, n) == GLB_PID_ACK, "an empty packet is taken");
    h.toggle_out = 0;
    check(alive(11), "and is no byte");
    check(raw_out(ADDRESS + 1, 1, p, n) == -1 && raw_out(ADDRESS, 3, p, n) == -1,
          "other addresses and endpoints are not answered");
    n = glb_usb_data(p, h.toggle_out ? GLB_PID_DATA1 : GLB_PID_DATA0, big,
                     glb_usb_host_packet_size(&h) + 1);
    check(raw_out(ADDRESS, 1, p, n) == -1, "a packet of %d bytes is not taken", n - 3);
    p[0] ^= 0x10;
    check(raw_out(ADDRESS, 1, p, n) == -1, "nor one with a broken PID");
    uint8_t token[3], answer[8];
    glb_usb_token(token, GLB_PID_OUT, ADDRESS, 1);
    token[2] ^= 0x20;
    n = glb_usb_data(p, GLB_PID_DATA1, f, FRAME);
    glb_usb_host_frame(&h, n);
    w.transact(w.self, token, 3, NULL, 0);
    check(w.transact(w.self, p, n, answer, sizeof answer) == 0, "nor one behind a broken token");
    check(alive(12), "nothing of that reaches the array");
}

void errors_in(void) {
    uint8_t f[FRAME], token[3], first[600], again[600], b[2048];
    int got;
    configure(1);
    check(glb_usb_host_in(&h, b, 64, &got) == GLB_USB_NAK, "IN without a byte: NAK");
    frame(f, GLB_CMD_IDENT, 20);
    glb_usb_host_out(&h, f, FRAME);
    glb_usb_host_idle(&h, 30);
    glb_usb_token(token, GLB_PID_IN, ADDRESS, 1);
    glb_usb_host_frame(&h, 64);
    const int n = w.transact(w.self, token, 3, first, sizeof first);
    frame(f, GLB_CMD_IDENT, 22); /* more bytes follow, before the first are sent again */
    glb_usb_host_out(&h, f, FRAME);
    glb_usb_host_idle(&h, 30);
    glb_usb_host_frame(&h, 64);
    const int m = w.transact(w.self, token, 3, again, sizeof again);
    check(n == IDENT + 3 && n == m && memcmp(first, again, (size_t)n) == 0,
          "without ACK the same packet comes again, as long and with the same toggle");
    check(drain(b, sizeof b) == 2 * IDENT && is_ident(b, IDENT, 20) &&
              is_ident(b + IDENT, IDENT, 22),
          "and once more, acknowledged, then what followed, and no second time");
    check(alive(21), "the toggles go on");
}

void empty_in(void) {
    enum { ABORTS_HIGH = 47, ABORTS_FULL = 15 };
    uint8_t f[FRAME * 64], b[2048];
    const int aborts = h.high ? ABORTS_HIGH : ABORTS_FULL, packet = glb_usb_host_packet_size(&h);
    int n = 0, got = 0, e = GLB_USB_NAK, whole = 0;
    configure(1);
    for (int i = 0; i < aborts; i++)
        n += frame(f + n, GLB_CMD_ABORT, i);
    n += frame(f + n, GLB_CMD_IDENT, 30);
    for (int at = 0; at < n;) {
        const int part = n - at < packet ? n - at : packet;
        if (glb_usb_host_out(&h, f + at, part) == GLB_USB_OK)
            at += part;
    }
    glb_usb_host_idle(&h, 100);
    for (int tries = 0; tries < 20; tries++) {
        e = glb_usb_host_in(&h, b + whole, packet, &got);
        if (e != GLB_USB_OK || got < packet)
            break;
        whole += got;
    }
    check(whole == FRAME * aborts + IDENT && e == GLB_USB_OK && got == 0,
          "%d bytes in whole packets, then an empty one", whole);
    check(glb_usb_host_in(&h, b, packet, &got) == GLB_USB_NAK, "and only one");
}

void full_buffers(void) {
    enum { FRAMES = 700, AT_FULL_SPEED = 450 };
    static uint8_t f[FRAME * FRAMES], b[IDENT * FRAMES + 1024];
    const int packet = glb_usb_host_packet_size(&h), frames = h.high ? FRAMES : AT_FULL_SPEED;
    int n = 0, at = 0, naks = 0;
    configure(1);
    for (int i = 0; i < frames; i++)
        n += frame(f + n, GLB_CMD_IDENT, i & 255);
    while (at < n && naks < 30) {
        const int part = n - at < packet ? n - at : packet;
        const int e = glb_usb_host_out(&h, f + at, part);
        at += e == GLB_USB_OK ? part : 0;
        naks = e == GLB_USB_NAK ? naks + 1 : 0;
    }
    check(naks == 30 && at > 2 * packet, "unread answers: NAK after %d bytes%s", at,
          h.high ? ", PING too" : "");
    int got = 0, good = 1;
    for (int quiet = 0; quiet < 60 && got + 512 <= (int)sizeof b;) {
        int k;
        const int part = n - at < packet ? n - at : packet;
        if (part && glb_usb_host_out(&h, f + at, part) == GLB_USB_OK)
            at += part;
        const int e = glb_usb_host_in(&h, b + got, packet, &k);
        quiet = e == GLB_USB_OK ? 0 : quiet + 1;
        got += e == GLB_USB_OK ? k : 0;
    }
    for (int i = 0; i < frames && good; i++)
        good = got == IDENT * frames && is_ident(b + IDENT * i, IDENT, i & 255);
    check(good, "%d questions are answered, in order: %d bytes", frames, got);
}
