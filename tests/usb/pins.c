/* The USB gateware at its pins, as a host's wires see it: enumeration, every standard request, bulk
 * transfers and their errors, VBUS, suspending, resets in mid-stream, both speeds. Usage: pins
 * high|full. Prints TAP lines. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include "pins_host.h"

static int board_high;

static void resets(void) {
    uint8_t f[FRAME];
    /* mid-stream: half a frame taken, an answer unread, and toggles that are not at their start */
    for (int i = 0; i < 4; i++) {
        frame(f, GLB_CMD_IDENT, 40);
        glb_usb_host_out(&h, f, FRAME);
        if (i & 1)
            glb_usb_host_out(&h, f, FRAME / 2 + i);
        glb_usb_host_reset(&h, 1);
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
        w.drive(w.self, GLB_USB_LINE_SE0, 3 * ms + ms / 10); /* then the board shows its pull-up */
        w.drive(w.self, GLB_USB_LINE_J, ms);
    } else {
        w.drive(w.self, GLB_USB_LINE_J, 4 * ms);
    }
    check(glb_usb_wire_suspended(&w), "silence suspends the board");
    w.drive(w.self, GLB_USB_LINE_K, 2 * ms);
    check(!glb_usb_wire_suspended(&w), "K resumes it");
    if (!h.high)
        w.drive(w.self, GLB_USB_LINE_SE0, (uint64_t)(1.33 * w.ticks_a_us));
    w.idle(w.self, ms / 10);
    h.next_frame = w.now;
    glb_usb_host_idle(&h, 300);
    check(alive(50), "its address and configuration are as before");
}

/* VBUS comes and goes: a board shows itself only while it is there (USB 2.0, 7.2.1). */
static void power(void) {
    const uint64_t ms = (uint64_t)(1000 * w.ticks_a_us);
    int shown = 0;
    w.power(w.self, 0);
    for (int i = 0; i < 20; i++) {
        w.drive(w.self, GLB_USB_LINE_SE0, ms / 2);
        shown |= w.pulled_up(w.self) || w.chirping(w.self);
    }
    check(!shown, "no pull-up at power-up without VBUS");
    w.power(w.self, 1);
    check(glb_usb_host_attach(&h, &w) == GLB_USB_OK && h.high, "VBUS comes: the board attaches");
    enumerate();
    check(alive(1), "and works");
    w.power(w.self, 0);
    w.drive(w.self, GLB_USB_LINE_SE0, ms);
    shown = 0;
    for (int i = 0; i < 20; i++) {
        w.drive(w.self, GLB_USB_LINE_SE0, ms / 2);
        shown |= w.pulled_up(w.self) || w.chirping(w.self);
    }
    check(!shown, "VBUS goes: no pull-up, no chirp");
    w.power(w.self, 1);
}

static void fall_back(void) {
    glb_usb_host_reset(&h, 0);
    where = "high speed board at a full speed host";
    check(!h.high, "without a host's chirps it stays at full speed");
    enumerate();
    descriptors(1);
    errors_out();
    empty_in();
    turns();
    glb_usb_host_reset(&h, 1);
    where = "high";
    enumerate();
    check(h.high && alive(60), "a reset brings high speed back");
}

/* An array with a slow clock notices resets late; a short one must not pass it by. */
static void slow_array(void) {
    glb_usb_wire_close(&w);
    where = "array at 20 MHz";
    if (glb_usb_wire_open("tiny", board_high, 20, &w)) {
        check(0, "%s", glb_error());
        return;
    }
    glb_usb_host_attach(&h, &w);
    enumerate();
    reconfigured();
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
    if (board_high)
        power();
    check(glb_usb_host_attach(&h, &w) == GLB_USB_OK && h.high == board_high, "the board attaches");
    uint8_t d[18];
    check(control(0x80, 6, 0x0100, 0, 18, d) == 18, "it answers at address 0");
    check(glb_usb_host_set_address(&h, ADDRESS) == 0, "SET_ADDRESS");
    if (failed) { /* the rest would fail too, after many a wait */
        glb_usb_wire_close(&w);
        return 1;
    }
    descriptors(board_high);
    requests();
    halts();
    turns();
    random_requests(board_high ? 4000 : 500, 1);
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
    /* USB allows 192 and 6.5; a host waits 736 and 16. LUNA is late at full speed. */
    const double gap = (double)w.longest_gap / w.ticks_a_us * (board_high ? 480 : 12);
    check(gap <= (board_high ? 192 : 16), "answers come %.1f bit times after the host's packet",
          gap);
    slow_array();
    glb_usb_wire_close(&w);
    return failed != 0;
}
