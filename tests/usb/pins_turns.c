/* Packets that must not be taken for others: ACKs for other devices, data behind broken tokens, a
 * SETUP behind one that broke, bytes of before behind SET_CONFIGURATION. SPDX-License-Identifier:
 * Apache-2.0 */
#include <string.h>
#include "pins_host.h"

enum { STRANGER = 99 };

/* Bit times on the bus in ticks of the wire. */
static uint64_t bits(double n) {
    return (uint64_t)(n * w.ticks_a_us / (h.high ? 480 : 12) + 0.5);
}

static void send_token(int pid, int address, int ep, int broken) {
    uint8_t token[3];
    glb_usb_host_frame(&h, 600);
    glb_usb_token(token, pid, address, ep);
    token[2] ^= broken ? 0x20 : 0;
    w.transact(w.self, token, 3, NULL, 0);
}

/* A data packet and the handshake that answers it, or -1. */
static int send_data(int pid, const uint8_t *bytes, int n, int broken) {
    uint8_t data[600], answer[8];
    const int size = glb_usb_data(data, pid, bytes, n);
    data[size - 1] ^= broken ? 0x10 : 0;
    return w.transact(w.self, data, size, answer, sizeof answer) == 1 ? answer[0] & 15 : -1;
}

static int setup(int ep, const uint8_t request[8], int broken) {
    send_token(GLB_PID_SETUP, h.address, ep, 0);
    return send_data(GLB_PID_DATA0, request, 8, broken);
}

/* IN without ACK: the packet. */
static int receive(int ep, uint8_t packet[600]) {
    uint8_t token[3];
    glb_usb_host_frame(&h, 600);
    glb_usb_token(token, GLB_PID_IN, h.address, ep);
    return w.transact(w.self, token, 3, packet, 600);
}

static void send_ack(void) {
    const uint8_t ack = glb_usb_pid_byte(GLB_PID_ACK);
    w.transact(w.self, &ack, 1, NULL, 0);
}

/* The host has lost the packet, waits for as long as it must, and has a transaction with another
 * device; that device's data do not come by here, the host's ACK does. */
static void foreign_transaction(void) {
    w.idle(w.self, bits(h.high ? 816 : 18));
    send_token(GLB_PID_IN, STRANGER, 1, 0);
    w.idle(w.self, bits(h.high ? 200 : 40));
    send_ack();
}

static void foreign_bulk_ack(void) {
    uint8_t f[FRAME], first[600], next[600], b[2048];
    configure(1);
    frame(f, GLB_CMD_IDENT, 70);
    glb_usb_host_out(&h, f, FRAME);
    glb_usb_host_idle(&h, 30);
    const int n = receive(1, first);
    foreign_transaction();
    const int m = receive(1, next);
    check(n == IDENT + 3 && n == m && memcmp(first, next, (size_t)n) == 0,
          "an ACK for another device leaves the packet to be sent again");
    w.idle(w.self, bits(h.high ? 700 : 14));
    send_ack();
    h.toggle_in ^= 1;
    check(drain(b, sizeof b) == 0, "an ACK %d bit times behind the packet is in time",
          h.high ? 700 : 14);
    check(alive(71), "the toggles go on");
}

static void foreign_control_ack(void) {
    uint8_t first[600], next[600], d[64];
    const uint8_t get[8] = {0xc0, 0x4d, 0, 0, 5, 0, 255, 0},
                  set_address[8] = {0, GLB_USB_SET_ADDRESS, ADDRESS + 1};
    setup(0, get, 0);
    const int n = receive(0, first);
    foreign_transaction();
    const int m = receive(0, next);
    check(n == 64 + 3 && n == m && memcmp(first, next, (size_t)n) == 0,
          "nor does it end a packet of endpoint 0");
    send_ack();
    check(receive(0, next) == 64 + 3 && next[0] != first[0], "the host's own ACK does");
    send_ack();
    check(receive(0, next) == 14 + 3 && next[0] == first[0], "the rest is short");
    send_ack();
    check(receive(0, next) == 3 && next[0] != first[0], "behind it are empty packets");
    setup(0, set_address, 0);
    check(receive(0, next) == 3, "SET_ADDRESS whose end the host does not get");
    foreign_transaction();
    check(control(0x80, GLB_USB_GET_STATUS, 0, 0, 2, d) == 2, "leaves the address as it was");
}

/* Data packets belong to the token right before them: OUT on endpoint 0 that ended a request, or a
 * SETUP whose data got lost, must not take those of a later token that breaks. */
static void broken_tokens(void) {
    uint8_t f[FRAME], d[64];
    const uint8_t get[8] = {0x80, GLB_USB_GET_STATUS, 0, 0, 0, 0, 2, 0};
    frame(f, GLB_CMD_IDENT, 72);
    const int status = control(0x80, GLB_USB_GET_STATUS, 0, 0, 2, d);
    send_token(GLB_PID_OUT, h.address, 1, 1);
    check(status == 2 && send_data(h.toggle_out ? GLB_PID_DATA1 : GLB_PID_DATA0, f, FRAME, 0) == -1,
          "OUT with a broken token behind a control transfer is not answered");
    check(alive(73), "and sent again it is taken");
    send_token(GLB_PID_SETUP, h.address, 0, 0);
    w.idle(w.self, bits(h.high ? 816 : 100));
    send_token(GLB_PID_OUT, h.address, 1, 1);
    check(send_data(GLB_PID_DATA0, get, 8, 0) == -1,
          "nor are eight bytes behind a SETUP token whose data got lost");
    control(0x80, GLB_USB_GET_STATUS, 0, 0, 2, d);
    send_token(GLB_PID_OUT, h.address, 0, 0);
    check(send_data(GLB_PID_DATA1, NULL, 0, 0) == GLB_PID_ACK,
          "a request's end that the host repeats is acknowledged again");
}

static void setups(void) {
    const uint8_t get[8] = {0x80, GLB_USB_GET_STATUS, 0, 0, 0, 0, 2, 0};
    uint8_t d[64];
    check(setup(0, get, 1) == -1, "SETUP with a wrong CRC is not answered");
    check(setup(0, get, 0) == GLB_PID_ACK, "sent again it is taken at once");
    send_token(GLB_PID_SETUP, h.address, 0, 0);
    check(setup(0, get, 0) == GLB_PID_ACK, "so is one behind a SETUP token whose data got lost");
    send_token(GLB_PID_SETUP, h.address, 0, 0);
    check(send_data(GLB_PID_DATA0, get, 7, 0) == -1, "SETUP of seven bytes is not answered");
    check(setup(1, get, 0) == -1, "nor is one for endpoint 1");
    check(control(0x80, GLB_USB_GET_STATUS, 0, 0, 2, d) == 2, "endpoint 0 goes on");
}

static void without_data(void) {
    uint8_t d[64];
    check(control(0x80, GLB_USB_GET_STATUS, 0, 0, 0, d) == 0 &&
              control(0x80, GLB_USB_GET_DESCRIPTOR, 0x0100, 0, 0, d) == 0 &&
              control(0xc0, 0x4d, 0, 4, 0, d) == 0,
          "requests that read nothing end in an empty packet");
    check(control(0x80, GLB_USB_GET_DESCRIPTOR, 0x0a00, 0, 0, d) == GLB_USB_STALL,
          "or a stall, as if they read");
}

/* The board has more to send than its buffers hold, so the next byte waits at every step. */
void reconfigured(void) {
    uint8_t f[FRAME];
    int whole = 0;
    for (int i = 0; i < 4; i++) {
        for (int naks = 0, sent = 0; naks < 10 && sent < 1000; sent++) {
            frame(f, GLB_CMD_IDENT, 80);
            const int e = glb_usb_host_out(&h, f, FRAME);
            naks = e == GLB_USB_OK ? 0 : naks + 1;
        }
        configure(1);
        whole += alive(81 + i);
    }
    check(whole == 4, "SET_CONFIGURATION of a board that is sending leaves no byte of before");
}

void turns(void) {
    foreign_bulk_ack();
    foreign_control_ack();
    broken_tokens();
    setups();
    without_data();
    reconfigured();
}
