/* The USB gateware at its pins, as a host's wires see it: enumeration, every standard request, bulk
 * transfers and their errors, suspending, resets in mid-stream, both speeds. Usage: pins high|full.
 * Prints TAP lines. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include "pins_host.h"
#include "pins_transport.h"
#include "usb_board/descriptors.h"
#include "wire/client.h"

static int board_high;

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
    check(board_high ? m == n && memcmp(got, want, (size_t)n) == 0 : m == GLB_USB_STALL,
          "device qualifier, of a board that has two speeds");
    n = glb_usb_descriptor(2, 0, h.high ? GLB_USB_FULL_SPEED : GLB_USB_HIGH_SPEED, serial, want);
    want[1] = GLB_USB_DT_OTHER_SPEED;
    m = control(0x80, 6, GLB_USB_DT_OTHER_SPEED << 8, 0, 255, got);
    check(board_high ? m == n && memcmp(got, want, (size_t)n) == 0 : m == GLB_USB_STALL,
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
    check(glb_usb_host_out(&h, d, 1) == GLB_USB_ERROR, "no endpoint without a configuration");
    check(configure(2) == GLB_USB_STALL && configure(1) == 0, "SET_CONFIGURATION 2 and 1");
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
    check(control(0x80, 6, 0x0a00, 0, 64, d) == GLB_USB_STALL &&
              control(0x80, 6, 0x0304, 0, 64, d) == GLB_USB_STALL,
          "descriptors that are not there");
    check(control(0, 7, 0x0100, 0, 18, d) == GLB_USB_STALL,
          "SET_DESCRIPTOR is refused in its data");
    check(control(0x82, 12, 0, 1, 2, d) == GLB_USB_STALL, "SYNCH_FRAME is refused");
    check(control(0xc0, 0x22, 0, 4, 16, d) == GLB_USB_STALL &&
              control(0x21, 0x22, 0, 0, 0, NULL) == GLB_USB_STALL,
          "requests of other classes and vendors are refused");
    check(control(0, 5, 200, 0, 0, NULL) == GLB_USB_STALL, "an address above 127 is refused");
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
        check((in ? glb_usb_host_in(&h, d, 64, &got) : glb_usb_host_out(&h, d, 1)) == GLB_USB_STALL,
              "which stalls");
        check(control(2, 1, 0, ep, 0, NULL) == 0 && control(0x82, 0, 0, ep, 2, d) == 2 &&
                  d[0] == 0 && alive(3 + in),
              "CLEAR_FEATURE: it works again, with DATA0");
    }
    control(2, 3, 0, 0x81, 0, NULL);
    check(configure(1) == 0 && alive(5), "SET_CONFIGURATION ends a halt");
}

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
    glb_usb_host_reset(&h, 0);
    where = "high speed board at a full speed host";
    check(!h.high, "without a host's chirps it stays at full speed");
    enumerate();
    descriptors("GLB0001");
    errors_out();
    empty_in();
    glb_usb_host_reset(&h, 1);
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
    check(glb_usb_host_attach(&h, &w) == GLB_USB_OK && h.high == board_high, "the board attaches");
    uint8_t d[18];
    check(control(0x80, 6, 0x0100, 0, 18, d) == 18, "it answers at address 0");
    check(glb_usb_host_set_address(&h, ADDRESS) == 0, "SET_ADDRESS");
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
    /* USB allows 192 and 6.5; a host waits 736 and 16. LUNA is late at full speed. */
    const double gap = (double)w.longest_gap / w.ticks_a_us * (board_high ? 480 : 12);
    check(gap <= (board_high ? 192 : 16), "answers come %.1f bit times after the host's packet",
          gap);
    glb_usb_wire_close(&w);
    return failed;
}
