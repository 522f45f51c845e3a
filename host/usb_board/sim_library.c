/* Finding and loading the simulated board with USB. SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/sim_library.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "usb_board/wire.h"

/* $GLAUBER_SIM_DIR, then beside the program as `make sim-usb` lays things out. */
static void *open_so(const char *array, const char *speed) {
    char exe[PATH_MAX], path[PATH_MAX + 192], name[96];
    const char *dir = getenv("GLAUBER_SIM_DIR");
    snprintf(name, sizeof name, "usb-%s-%s/libglauber-usb-%s-%s.so", array, speed, array, speed);
    if (dir) {
        snprintf(path, sizeof path, "%s/%s", dir, name);
        if (access(path, F_OK) == 0)
            return dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    const ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[n > 0 ? n : 0] = 0;
    for (char *slash; (slash = strrchr(exe, '/'));) {
        *slash = 0;
        snprintf(path, sizeof path, "%s/sim/%s", exe, name);
        if (access(path, F_OK) == 0)
            return dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    return dlopen(strchr(name, '/') + 1, RTLD_NOW | RTLD_LOCAL);
}

enum glb_status glb_usb_sim_load(const char *array, const char *speed,
                                 struct glb_usb_sim_library *l) {
    *l = (struct glb_usb_sim_library){.so = open_so(array, speed)};
    if (!l->so)
        return glb_fail(GLB_ERR_DEVICE,
                        "no simulated board of array %s with USB at %s speed: %s; build it with "
                        "`make sim-usb ARRAY=%s` or set GLAUBER_SIM_DIR",
                        array, speed, dlerror(), array);
    const struct {
        const char *name;
        void *to;
    } f[] = {{"glb_usb_sim_api", &l->api},     {"glb_usb_sim_open", &l->open},
             {"glb_usb_sim_close", &l->close}, {"glb_usb_sim_ulpi", &l->ulpi},
             {"glb_usb_sim_lines", &l->lines}, {"glb_usb_sim_suspended", &l->suspended}};
    int bad = 0;
    for (size_t i = 0; i < sizeof f / sizeof f[0]; i++) {
        void *p = dlsym(l->so, f[i].name);
        bad |= !p;
        memcpy(f[i].to, &p, sizeof p);
    }
    if (!bad && l->api() == GLB_USB_SIM_API)
        return GLB_OK;
    glb_usb_sim_unload(l);
    return glb_fail(GLB_ERR_DEVICE,
                    "the simulated board of array %s is of another version; build it again with "
                    "`make sim-usb ARRAY=%s`",
                    array, array);
}

void glb_usb_sim_unload(struct glb_usb_sim_library *l) {
    if (l->so)
        dlclose(l->so);
    l->so = NULL;
}

enum glb_status glb_usb_wire_open(const char *array, int high, double core_mhz,
                                  struct glb_usb_wire *out) {
    struct glb_usb_sim_library l;
    const enum glb_status s = glb_usb_sim_load(array, high ? "high" : "full", &l);
    if (s)
        return s;
    struct glb_usb_sim *sim = l.open(core_mhz);
    if (sim)
        return high ? glb_usb_wire_ulpi(&l, sim, out) : glb_usb_wire_lines(&l, sim, out);
    glb_usb_sim_unload(&l);
    return glb_fail(GLB_ERR_MEMORY, "no memory for a simulated board");
}
