/* Opening and closing wires to simulated boards. SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/wire.h"

#include <stdlib.h>

enum glb_status glb_usb_wire_open(const char *array, int high, double core_mhz,
                                  struct glb_usb_wire *out) {
    *out = (struct glb_usb_wire){0};
    enum glb_status s = gateware_open(array, high ? "high" : "full", core_mhz, &out->board);
    if (s)
        return s;
    s = high ? wire_ulpi(out) : wire_lines(out);
    if (s)
        gateware_close(&out->board);
    return s;
}

void glb_usb_wire_close(struct glb_usb_wire *w) {
    gateware_close(&w->board);
    free(w->self);
    w->self = NULL;
}

int glb_usb_wire_suspended(const struct glb_usb_wire *w) {
    return w->board.suspended(w->board.sim);
}
