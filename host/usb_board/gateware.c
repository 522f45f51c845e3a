/* Loading simulated gateware. SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/gateware.h"

#include <dlfcn.h>
#include <stdio.h>
#include "transports/sim_library.h"

static enum glb_status load(const char *array, const char *speed, struct gateware *g) {
    char folder[64], file[96];
    snprintf(folder, sizeof folder, "usb-%s-%s", array, speed);
    snprintf(file, sizeof file, "libglauber-%s.so", folder);
    g->so = glb_sim_library_open(folder, file);
    if (!g->so)
        return glb_fail(GLB_ERR_DEVICE,
                        "no simulated board of array %s with USB at %s speed: %s; build it with "
                        "`make sim-usb ARRAY=%s` or set GLAUBER_SIM_DIR",
                        array, speed, dlerror(), array);
    const struct glb_symbol symbols[] = {
        {"glb_usb_sim_api", &g->api},     {"glb_usb_sim_open", &g->open},
        {"glb_usb_sim_close", &g->close}, {"glb_usb_sim_ulpi", &g->ulpi},
        {"glb_usb_sim_lines", &g->lines}, {"glb_usb_sim_suspended", &g->suspended}};
    if (glb_sim_library_symbols(g->so, symbols, sizeof symbols / sizeof symbols[0]) &&
        g->api() == GLB_USB_SIM_API)
        return GLB_OK;
    return glb_fail(GLB_ERR_DEVICE,
                    "the simulated board of array %s is of another version; build it again with "
                    "`make sim-usb ARRAY=%s`",
                    array, array);
}

enum glb_status gateware_open(const char *array, const char *speed, double core_mhz,
                              struct gateware *g) {
    *g = (struct gateware){0};
    enum glb_status s = load(array, speed, g);
    if (!s && !(g->sim = g->open(core_mhz)))
        s = glb_fail(GLB_ERR_MEMORY, "no memory for a simulated board");
    if (s)
        gateware_close(g);
    return s;
}

void gateware_close(struct gateware *g) {
    if (g->sim)
        g->close(g->sim);
    if (g->so)
        dlclose(g->so);
    *g = (struct gateware){0};
}
