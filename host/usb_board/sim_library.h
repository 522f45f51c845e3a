/* The functions of sim/glb_usb_sim.h in the shared object of one array and speed.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_SIM_LIBRARY_H
#define GLB_USB_BOARD_SIM_LIBRARY_H

#include "glb_usb_sim.h"
#include "base/status.h"

struct glb_usb_sim_library {
    void *so;
    int (*api)(void);
    struct glb_usb_sim *(*open)(double core_mhz);
    void (*close)(struct glb_usb_sim *s);
    void (*ulpi)(struct glb_usb_sim *s, struct glb_ulpi *pins);
    void (*lines)(struct glb_usb_sim *s, struct glb_usb_lines *pins);
    int (*suspended)(const struct glb_usb_sim *s);
};

/* Close with glb_usb_sim_unload(). */
enum glb_status glb_usb_sim_load(const char *array, const char *speed,
                                 struct glb_usb_sim_library *l);
void glb_usb_sim_unload(struct glb_usb_sim_library *l);

struct glb_usb_wire;
/* For usb_sim_library.c: the two kinds of wire around an opened simulator; they take it over. */
enum glb_status glb_usb_wire_ulpi(const struct glb_usb_sim_library *l, struct glb_usb_sim *sim,
                                  struct glb_usb_wire *out);
enum glb_status glb_usb_wire_lines(const struct glb_usb_sim_library *l, struct glb_usb_sim *sim,
                                   struct glb_usb_wire *out);

#endif
