/* A simulator library of an older version, as the transport finds one left in its folder; what else
 * it offers must not be called. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "glb_sim.h"

int glb_sim_api(void) {
    return GLB_SIM_API - 1;
}

struct glb_sim *glb_sim_open(const char *array) {
    (void)array;
    abort();
}

void glb_sim_close(struct glb_sim *s) {
    (void)s;
    abort();
}

void glb_sim_exchange(struct glb_sim *s, const uint8_t *out, size_t n_out, size_t *done_out,
                      uint8_t *in, size_t n_in, size_t *done_in, uint64_t max_clocks) {
    (void)s, (void)out, (void)n_out, (void)done_out, (void)in, (void)n_in, (void)done_in;
    (void)max_clocks;
    abort();
}

int glb_sim_trace_start(struct glb_sim *s, const char *path) {
    (void)s, (void)path;
    abort();
}

void glb_sim_trace_stop(struct glb_sim *s) {
    (void)s;
    abort();
}
