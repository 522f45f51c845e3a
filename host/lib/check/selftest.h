/* Checking a device from outside: parts of glb_selftest() of glauber.h. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_CHECK_SELFTEST_H
#define GLB_CHECK_SELFTEST_H

#include "graph/graph.h"
#include "array/program.h"
#include "base/status.h"
#include "check/report.h"

/* Runs the same settings for program p on both devices and compares every sample of every chain,
 * all bits. *samples, *flips: how much was compared. */
enum glb_status glb_compare_devices(const struct glb_graph *g, struct glb_program *p,
                                    const char *one, const char *other,
                                    const struct glb_settings *set, long *samples,
                                    struct glb_result *result);

/* Chi-square of the device's samples of g (n <= 16) against exact enumeration; *z: its normal
 * deviate (Wilson-Hilferty). */
enum glb_status glb_compare_exact(const struct glb_graph *g, struct glb_program *p,
                                  struct glb_device *d, const struct glb_settings *set,
                                  double *chi2, int *dof, double *z);

/* The parts of it that need no graph: a march over the state memories of an open device, and its
 * noise. Loses what was loaded. */
enum glb_status glb_selftest_memory(struct glb_device *d, uint64_t seed, const struct report *to);

#endif
