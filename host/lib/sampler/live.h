/* Runs that are taken sweep by sweep on the emulator, beta changing on the way: what is watched in
 * a window. A live run is the run of its schedule so far, bit for bit. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_SAMPLER_LIVE_H
#define GLB_SAMPLER_LIVE_H

#include <glauber.h>

struct glb_live;

/* The settings' seed, chains, clamp and init, as in glb_sampler_run(); nothing else of them is
 * used. The sampler, on an emulator, is the live run's until glb_live_close(); the arrays in `set`
 * are needed during the call only. */
enum glb_status glb_live_open(struct glb_sampler *s, const struct glb_settings *set,
                              struct glb_live **out);
void glb_live_close(struct glb_live *l);

/* Runs `sweeps` >= 1 more at beta. Then glb_sampler_result() is that of glb_sampler_run() with
 * glb_live_schedule(), a burn-in of all sweeps but the last and one sample. */
enum glb_status glb_live_sweep(struct glb_live *l, double beta, uint32_t sweeps);

/* After a sweep: states of all chains, [chains][(n + 7) / 8] as a glb_chain_fn's bits, and energies
 * [chains] in the input's units and sign. The live run's. */
const uint8_t *glb_live_states(const struct glb_live *l);
const double *glb_live_energies(const struct glb_live *l);

/* The run so far: *steps steps, equal betas in one. Until the next sweep. */
const struct glb_step *glb_live_schedule(const struct glb_live *l, int *steps);
uint64_t glb_live_sweeps(const struct glb_live *l);
uint64_t glb_live_updates(const struct glb_live *l); /* of p-bits, all chains */

#endif
