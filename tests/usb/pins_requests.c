/* Requests at the pins: descriptors, every standard request, halts, and random ones beside the
 * emulated board. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include "base/rng.h"
#include "pins_host.h"
#include "support/board_descriptors.h"
#include "usb_board/device.h"

/* Each of them whole, and cut short by wLength. */
void descriptors(int two_speeds) {
    static const int lengths[] = {0xffff, 255, 64, 18, 8, 1};
    struct board_descriptor all[16];
    static uint8_t got[0x10000];
    const int n = board_descriptors(h.high, two_speeds, all);
    for (int i = 0; i < n; i++) {
        const struct board_descriptor *d = &all[i];
        int same = 1;
        for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
            const int want = d->length < lengths[k] ? d->length : lengths[k];
            const int m = control(d->type, d->request, d->value, d->index, lengths[k], got);
            same &= d->bytes ? m == want && memcmp(got, d->bytes, (size_t)want) == 0
                             : m == GLB_USB_STALL;
        }
        check(same,
              d->bytes ? "descriptor %02x %02x %04x %04x: %d bytes, and its first"
                       : "descriptor %02x %02x %04x %04x: none (%d)",
              d->type, d->request, d->value, d->index, d->length);
    }
}

void requests(void) {
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

void halts(void) {
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
    for (int i = 0; i < 2; i++)
        check(control(1, 11, 0, 0, 0, NULL) == 0 && alive(6 + i),
              "SET_INTERFACE: both begin with DATA0 again");
    control(2, 3, 0, 0x81, 0, NULL);
    check(configure(1) == 0 && alive(5), "SET_CONFIGURATION ends a halt");
}

/* ---- random requests, to this board and to the emulated one ---- */

static struct glb_rng dice;

static int below(int n) {
    return (int)(glb_rng_u64(&dice) % (uint64_t)n);
}

/* A request that a board grants, in some state at least, and then mostly some other field. */
static void random_setup(uint8_t s[8]) {
    static const uint8_t granted[][8] = {
        {0x80, 0, 0, 0, 0, 0, 2, 0},      {0x81, 0, 0, 0, 0, 0, 2, 0},
        {0x82, 0, 0, 0, 0, 0, 2, 0},      {0x82, 0, 0, 0, 1, 0, 2, 0},
        {0x82, 0, 0, 0, 0x81, 0, 2, 0},   {2, 1, 0, 0, 1, 0, 0, 0},
        {2, 1, 0, 0, 0x81, 0, 0, 0},      {2, 3, 0, 0, 1, 0, 0, 0},
        {2, 3, 0, 0, 0x81, 0, 0, 0},      {2, 3, 0, 0, 0, 0, 0, 0},
        {0, 5, 0, 0, 0, 0, 0, 0},         {0, 5, 77, 0, 0, 0, 0, 0},
        {0, 5, 127, 0, 0, 0, 0, 0},       {0x80, 6, 0, 1, 0, 0, 18, 0},
        {0x80, 6, 0, 2, 0, 0, 255, 0},    {0x80, 6, 0, 3, 0, 0, 255, 0},
        {0x80, 6, 2, 3, 9, 4, 255, 0},    {0x80, 6, 3, 3, 9, 4, 64, 0},
        {0x80, 6, 0, 6, 0, 0, 10, 0},     {0x80, 6, 0, 7, 0, 0, 32, 0},
        {0x80, 6, 0xee, 3, 0, 0, 18, 0},  {0x80, 8, 0, 0, 0, 0, 1, 0},
        {0, 9, 1, 0, 0, 0, 0, 0},         {0, 9, 1, 0, 0, 0, 0, 0},
        {0, 9, 0, 0, 0, 0, 0, 0},         {0x81, 10, 0, 0, 0, 0, 1, 0},
        {1, 11, 0, 0, 0, 0, 0, 0},        {0xc0, 0x4d, 0, 0, 4, 0, 40, 0},
        {0xc1, 0x4d, 0, 0, 5, 0, 142, 0}, {0xc0, 0x4d, 0, 0, 5, 0, 128, 0},
    };
    static const int most[8] = {256, 16, 8, 8, 8, 4, 256, 4};
    memcpy(s, granted[below((int)(sizeof granted / sizeof granted[0]))], 8);
    for (int changes = below(3); changes > 0; changes--) {
        const int at = below(8);
        s[at] = (uint8_t)(below(4) ? below(most[at]) : below(256));
        if (at == 0 && below(4))
            s[at] &= 0x83;
    }
    if (!(s[0] & 0x80)) /* sent packet by packet: not too many */
        s[7] = 0;
}

void random_requests(int number, uint64_t seed) {
    static uint8_t a[0x10000], b[0x10000];
    struct glb_usb_device emulated;
    int differ = 0, good = 0;
    if (glb_usb_device_emu_open("tiny", "GLB0001", h.high ? GLB_USB_HIGH_SPEED : GLB_USB_FULL_SPEED,
                                &emulated)) {
        check(0, "an emulated board: %s", glb_error());
        return;
    }
    dice = glb_rng_at(seed, 0, 0);
    configure(0);
    for (int i = 0; i < number && differ < 10; i++) {
        uint8_t s[8];
        random_setup(s);
        const int length = s[6] | s[7] << 8;
        memset(a, 0, (size_t)length);
        memset(b, 0, (size_t)length);
        const int m = glb_usb_host_control(&h, s, a, length);
        const int n = emulated.control(emulated.self, s, b, length);
        if (m >= 0 && (s[0] & 0x7f) == 0 && s[1] == GLB_USB_SET_ADDRESS && !(s[0] & 0x80)) {
            h.address = s[2];
            glb_usb_host_idle(&h, 10);
        }
        good += m >= 0;
        if (m != n || (m > 0 && s[0] & 0x80 && memcmp(a, b, (size_t)m) != 0)) {
            differ++;
            printf("# %02x %02x %04x %04x %04x: %d at the pins, %d emulated\n", s[0], s[1],
                   s[2] | s[3] << 8, s[4] | s[5] << 8, length, m, n);
        }
    }
    emulated.close(emulated.self);
    check(!differ && good > number / 10 && good < number / 10 * 9,
          "%d random requests, seed %llu: answered as by the emulated board; %d of them good",
          number, (unsigned long long)seed, good);
    glb_usb_host_reset(&h, 1); /* whatever they left */
    enumerate();
}
