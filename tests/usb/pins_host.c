/* Requests and frames at the pins. SPDX-License-Identifier: Apache-2.0 */
#include "pins_host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "support/frames.h"

struct glb_usb_wire w;
struct glb_usb_host h;
int failed;
const char *where = "";
enum { MANY = 20 };

void check(int good, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    printf("%s - usb pins, %s: ", good ? "ok" : "not ok", where);
    vprintf(format, ap);
    printf("\n");
    fflush(stdout);
    va_end(ap);
    failed += !good;
    if (failed == MANY) {
        printf("# %d checks have failed: the rest is left out, it would only wait\n", MANY);
        exit(1);
    }
}

int control(int type, int request, int value, int index, int length, uint8_t *data) {
    const uint8_t s[8] = {(uint8_t)type,         (uint8_t)request,      (uint8_t)value,
                          (uint8_t)(value >> 8), (uint8_t)index,        (uint8_t)(index >> 8),
                          (uint8_t)length,       (uint8_t)(length >> 8)};
    return glb_usb_host_control(&h, s, data, length);
}

int configure(int value) {
    return control(0, GLB_USB_SET_CONFIGURATION, value, 0, 0, NULL);
}

void enumerate(void) {
    glb_usb_host_set_address(&h, ADDRESS);
    configure(1);
}

int frame(uint8_t *f, int cmd, int seq) {
    return (int)frame_make(f, GLB_SYNC_HOST, cmd, seq, 0, NULL, 0);
}

int drain(uint8_t *to, int max) {
    int n = 0, got;
    for (int quiet = 0; quiet < 60 && n + 512 <= max;) {
        const int e = glb_usb_host_in(&h, to + n, glb_usb_host_packet_size(&h), &got);
        if (e < 0)
            return e;
        quiet = e == GLB_USB_OK ? 0 : quiet + 1;
        n += e == GLB_USB_OK ? got : 0;
    }
    return n;
}

int is_ident(const uint8_t *b, int n, int seq) {
    return n == IDENT && b[0] == GLB_SYNC_DEVICE && b[1] == (GLB_TYPE_REPLY | GLB_CMD_IDENT) &&
           b[2] == seq && frame_bytes(b) == IDENT && frame_sealed(b);
}

int alive(int seq) {
    uint8_t f[FRAME], b[2048];
    frame(f, GLB_CMD_IDENT, seq);
    if (glb_usb_host_out(&h, f, FRAME) != GLB_USB_OK)
        return 0;
    return is_ident(b, drain(b, sizeof b), seq);
}
