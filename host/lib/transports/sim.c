/* The simulated device: finds and opens libglauber-sim-ARRAY.so and moves bytes through it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "transports/sim.h"

#include <ctype.h>
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "glb_sim.h"

/* Clocks of one exchange at most: seconds even for a large array, so a stop request is soon seen.
 */
static const uint64_t max_clocks = 20000;

struct sim {
    void *so;
    struct glb_sim *sim;
    char name[64];
    char array[32];
    struct {
        int (*api)(void);
        struct glb_sim *(*open)(const char *array);
        void (*close)(struct glb_sim *s);
        void (*exchange)(struct glb_sim *s, const uint8_t *out, size_t n_out, size_t *done_out,
                         uint8_t *in, size_t n_in, size_t *done_in, uint64_t max_clocks);
        uint64_t (*cycles)(const struct glb_sim *s);
        int (*trace_start)(struct glb_sim *s, const char *path);
        void (*trace_stop)(struct glb_sim *s);
    } f;
};

/* Opens path if there is such a file; *found stops the search even if it does not open. */
static void *try_open(const char *path, int *found) {
    if (*found || access(path, F_OK) != 0)
        return NULL;
    *found = 1;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* Looks in $GLAUBER_SIM_DIR, then beside the executable as `make sim` and `make install` lay things
 * out, then where the system looks for libraries. */
static void *open_library(const char *array) {
    char exe[PATH_MAX], path[PATH_MAX + 192];
    const char *dir = getenv("GLAUBER_SIM_DIR");
    void *so = NULL;
    int found = 0;
    if (dir) {
        snprintf(path, sizeof path, "%s/libglauber-sim-%s.so", dir, array);
        so = try_open(path, &found);
        snprintf(path, sizeof path, "%s/%s/libglauber-sim-%s.so", dir, array, array);
        so = so ? so : try_open(path, &found);
    }
    const ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[n > 0 ? n : 0] = 0;
    for (int up = 0; up < 5 && !found;
         up++) { /* build/glauber, build/tests/unit/room/x; PREFIX/bin/glauber */
        char *slash = strrchr(exe, '/');
        if (!slash)
            break;
        *slash = 0;
        snprintf(path, sizeof path, "%s/sim/%s/libglauber-sim-%s.so", exe, array, array);
        so = try_open(path, &found);
        snprintf(path, sizeof path, "%s/lib/libglauber-sim-%s.so", exe, array);
        so = so ? so : try_open(path, &found);
    }
    if (found)
        return so;
    snprintf(path, sizeof path, "libglauber-sim-%s.so", array);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static enum glb_status sim_exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                    uint8_t *in, size_t n_in, size_t *done_in) {
    struct sim *s = self;
    s->f.exchange(s->sim, out, n_out, done_out, in, n_in, done_in, max_clocks);
    return GLB_OK;
}

static void sim_close(void *self) {
    struct sim *s = self;
    if (s->sim)
        s->f.close(s->sim);
    if (s->so)
        dlclose(s->so);
    free(s);
}

static const char *sim_describe(void *self) {
    return ((struct sim *)self)->name;
}

static int resolve(struct sim *s) {
    const struct {
        const char *name;
        void *to;
    } f[] = {{"glb_sim_api", &s->f.api},
             {"glb_sim_open", &s->f.open},
             {"glb_sim_close", &s->f.close},
             {"glb_sim_exchange", &s->f.exchange},
             {"glb_sim_cycles", &s->f.cycles},
             {"glb_sim_trace_start", &s->f.trace_start},
             {"glb_sim_trace_stop", &s->f.trace_stop}};
    for (size_t i = 0; i < sizeof f / sizeof f[0]; i++) {
        void *p = dlsym(s->so, f[i].name);
        if (!p)
            return -1;
        memcpy(f[i].to, &p, sizeof p);
    }
    return s->f.api() == GLB_SIM_API ? 0 : -1;
}

enum glb_status glb_sim_transport_open(const char *array_name, const char *trace_path,
                                       struct glb_transport *out) {
    struct sim *s = calloc(1, sizeof *s);
    if (!s)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a simulator");
    enum glb_status st = GLB_OK;
    snprintf(s->array, sizeof s->array, "%s", array_name);
    for (char *c = s->array; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    snprintf(s->name, sizeof s->name, "sim %s", s->array);
    if (!(s->so = open_library(s->array)))
        st = glb_fail(GLB_ERR_DEVICE,
                      "no simulator of array %s: %s; build it with `make sim ARRAY=%s` or set "
                      "GLAUBER_SIM_DIR",
                      s->array, dlerror(), s->array);
    else if (resolve(s))
        st = glb_fail(GLB_ERR_DEVICE,
                      "the simulator of array %s is of another version; build it again with `make "
                      "sim ARRAY=%s`",
                      s->array, s->array);
    else if (!(s->sim = s->f.open(s->array)))
        st = glb_fail(GLB_ERR_DEVICE, "the simulator of array %s does not start", s->array);
    *out = (struct glb_transport){sim_exchange, sim_close, sim_describe, s, 0};
    if (!st && trace_path)
        st = glb_sim_transport_trace(out, trace_path);
    if (st)
        sim_close(s);
    return st;
}

uint64_t glb_sim_transport_cycles(const struct glb_transport *t) {
    const struct sim *s = t->self;
    return s->f.cycles(s->sim);
}

enum glb_status glb_sim_transport_trace(struct glb_transport *t, const char *path) {
    struct sim *s = t->self;
    if (!path) {
        s->f.trace_stop(s->sim);
        return GLB_OK;
    }
    if (s->f.trace_start(s->sim, path))
        return glb_fail(
            GLB_ERR_FILE,
            "%s: no waveform: the file cannot be written, or the simulator was built without "
            "(`make sim TRACE=1` builds it with them)",
            path);
    return GLB_OK;
}
