/* The table of transports. SPDX-License-Identifier: Apache-2.0 */
#include "transports/transports.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct glb_transport_kind kinds[] = {
    {"sim", GLB_ARGUMENT_NONE, "sim", 0, glb_sim_transport_open, glb_sim_transport_list},
    {"emu-port", GLB_ARGUMENT_NONE, "emu-port", 0, glb_emu_port_open, NULL},
    {"usb", GLB_ARGUMENT_OPTIONAL, "usb, usb:SERIAL", 1, glb_usb_transport_open,
     glb_usb_transport_list},
    {"uart", GLB_ARGUMENT_NEEDED, "uart:/dev/NAME", 1, glb_uart_transport_open, NULL},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

const struct glb_transport_kind *glb_transport_find(const char *device, const char **argument) {
    const char *colon = strchr(device, ':');
    const size_t n = colon ? (size_t)(colon - device) : strlen(device);
    *argument = colon ? colon + 1 : NULL;
    for (int k = 0; k < KINDS; k++) {
        const struct glb_transport_kind *t = &kinds[k];
        if (strlen(t->name) == n && strncasecmp(device, t->name, n) == 0 &&
            t->argument != (colon ? GLB_ARGUMENT_NONE : GLB_ARGUMENT_NEEDED))
            return t;
    }
    return NULL;
}

void glb_transport_forms(char *to, size_t size) {
    size_t n = 0;
    for (int k = 0; k < KINDS && n < size; k++)
        n += (size_t)snprintf(to + n, size - n, "%s%s",
                              k == 0           ? ""
                              : k == KINDS - 1 ? " and "
                                               : ", ",
                              kinds[k].forms);
}

enum glb_status glb_transport_list(glb_found_fn fn, void *user) {
    enum glb_status s = GLB_OK;
    for (int k = 0; k < KINDS && !s; k++)
        if (kinds[k].list)
            s = kinds[k].list(fn, user);
    return s;
}
