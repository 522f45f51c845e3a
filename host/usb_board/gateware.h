/* The simulated gateware of a board with USB (sim/glb_usb_sim.h), in the shared object of one array
 * and speed. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_GATEWARE_H
#define GLB_USB_BOARD_GATEWARE_H

#include "glb_usb_sim.h"
#include "base/status.h"

struct gateware {
    void *so;
    struct glb_usb_sim *sim;
    int (*api)(void);
    struct glb_usb_sim *(*open)(double core_mhz);
    void (*close)(struct glb_usb_sim *s);
    void (*ulpi)(struct glb_usb_sim *s, struct glb_ulpi *pins);
    void (*lines)(struct glb_usb_sim *s, struct glb_usb_lines *pins);
    int (*suspended)(const struct glb_usb_sim *s);
};

/* Loads it and powers it up; speed: "high" or "full", core_mhz: clock of the array. */
enum glb_status gateware_open(const char *array, const char *speed, double core_mhz,
                              struct gateware *g);
void gateware_close(struct gateware *g);

#endif
