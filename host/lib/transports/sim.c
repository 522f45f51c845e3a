/* The simulated device: moves bytes through the Verilated RTL of libglauber-sim-ARRAY.so.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include "glb_sim.h"
#include "transports/sim_library.h"
#include "transports/transports.h"

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
        int (*trace_start)(struct glb_sim *s, const char *path);
        void (*trace_stop)(struct glb_sim *s);
    } f;
};

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

static enum glb_status sim_trace(void *self, const char *path) {
    struct sim *s = self;
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

static int resolve(struct sim *s) {
    const struct glb_symbol symbols[] = {{"glb_sim_api", &s->f.api},
                                         {"glb_sim_open", &s->f.open},
                                         {"glb_sim_close", &s->f.close},
                                         {"glb_sim_exchange", &s->f.exchange},
                                         {"glb_sim_trace_start", &s->f.trace_start},
                                         {"glb_sim_trace_stop", &s->f.trace_stop}};
    return glb_sim_library_symbols(s->so, symbols, sizeof symbols / sizeof symbols[0]) &&
           s->f.api() == GLB_SIM_API;
}

static enum glb_status load(struct sim *s) {
    char file[64];
    snprintf(file, sizeof file, "libglauber-sim-%s.so", s->array);
    s->so = glb_sim_library_open(s->array, file);
    if (!s->so)
        return glb_fail(GLB_ERR_DEVICE,
                        "no simulator of array %s: %s; build it with `make sim ARRAY=%s` or set "
                        "GLAUBER_SIM_DIR",
                        s->array, dlerror(), s->array);
    if (!resolve(s))
        return glb_fail(GLB_ERR_DEVICE,
                        "the simulator of array %s is of another version; build it again with "
                        "`make sim ARRAY=%s`",
                        s->array, s->array);
    s->sim = s->f.open(s->array);
    if (!s->sim)
        return glb_fail(GLB_ERR_DEVICE, "the simulator of array %s does not start", s->array);
    return GLB_OK;
}

enum glb_status glb_sim_transport_open(const char *array, const char *argument,
                                       struct glb_transport *out) {
    struct sim *s = calloc(1, sizeof *s);
    (void)argument;
    if (!s)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a simulator");
    snprintf(s->array, sizeof s->array, "%s", array);
    for (char *c = s->array; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    snprintf(s->name, sizeof s->name, "sim %s", s->array);
    const enum glb_status st = load(s);
    if (st) {
        sim_close(s);
        return st;
    }
    *out = (struct glb_transport){.exchange = sim_exchange,
                                  .close = sim_close,
                                  .describe = sim_describe,
                                  .self = s,
                                  .trace = sim_trace};
    return GLB_OK;
}
