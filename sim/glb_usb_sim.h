/* glb_usb_sim_*: the Verilated board top with USB (fpga/usb/glb_usb_top.sv) of one array at one
 * speed, clock by clock at its USB pins. libglauber-usb-ARRAY-{high,full}.so has these functions.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_SIM_H
#define GLB_USB_SIM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GLB_USB_SIM_API 1

struct glb_usb_sim;

int glb_usb_sim_api(void);

/* The board after power-up. core_mhz: clock of the array. NULL: no memory. */
struct glb_usb_sim *glb_usb_sim_open(double core_mhz);
void glb_usb_sim_close(struct glb_usb_sim *s);

struct glb_ulpi { /* towards the board: data, dir, nxt; from it: out, stp, oe */
    uint8_t data, dir, nxt, out, stp, oe;
};

/* What the board drives with these inputs, and then a clock of 60 MHz. */
void glb_usb_sim_ulpi(struct glb_usb_sim *s, struct glb_ulpi *pins);

struct glb_usb_lines { /* towards the board: dp, dn; from it: out_dp, out_dn, oe, pullup */
    uint8_t dp, dn, out_dp, out_dn, oe, pullup;
};

/* The same with a clock of 48 MHz, four to a bit. */
void glb_usb_sim_lines(struct glb_usb_sim *s, struct glb_usb_lines *pins);

int glb_usb_sim_suspended(const struct glb_usb_sim *s);

#ifdef __cplusplus
}
#endif

#endif
