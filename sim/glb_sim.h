/* glb_sim_*: the Verilated RTL of one array behind a C API. Each array is a shared object of its
 * own, libglauber-sim-ARRAY.so (`make sim`), with these functions. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_SIM_H
#define GLB_SIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GLB_SIM_API 1

struct glb_sim;

/* GLB_SIM_API of the shared object, and the array it was built for. */
int glb_sim_api(void);
const char *glb_sim_array(void);

/* An array after reset, or NULL (no memory, or `array` is not the one that this shared object
 * holds). */
struct glb_sim *glb_sim_open(const char *array);
void glb_sim_close(struct glb_sim *s);

/* Clocks the array while bytes go in and come out. Returns when no input is left and the output
 * paused for some clocks; when `in` is full; when all is sent and the array is idle; or after
 * max_clocks. Bytes moved: *done_out of out, *done_in of in. */
void glb_sim_exchange(struct glb_sim *s, const uint8_t *out, size_t n_out, size_t *done_out,
                      uint8_t *in, size_t n_in, size_t *done_in, uint64_t max_clocks);

/* n clocks with the input idle and the output blocked. */
void glb_sim_step(struct glb_sim *s, uint64_t n);

uint64_t glb_sim_cycles(const struct glb_sim *s); /* clocks since reset */
int glb_sim_busy(const struct glb_sim *s);        /* the busy output */
int glb_sim_error(const struct glb_sim *s);       /* the error output */

/* FST waveform of everything from this call on; returns 0, or -1 if it cannot be opened or
 * this simulator was built without waveforms (`make sim TRACE=1` builds it with them). */
int glb_sim_trace_start(struct glb_sim *s, const char *path);
void glb_sim_trace_stop(struct glb_sim *s);

#ifdef __cplusplus
}
#endif

#endif
