/* What the simulated device can do besides moving bytes. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TRANSPORTS_SIM_H
#define GLB_TRANSPORTS_SIM_H

#include "wire/transport.h"

/* Both only for a transport that glb_sim_transport_open() made. */
uint64_t glb_sim_transport_cycles(const struct glb_transport *t);
/* FST waveform to path from now on; NULL ends it. */
enum glb_status glb_sim_transport_trace(struct glb_transport *t, const char *path);

#endif
