/* Runs a function over a range on several threads. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_PARALLEL_H
#define GLB_BASE_PARALLEL_H

/* Calls fn(user, first, end) on disjoint pieces of 0 .. n-1, as many as threads; returns when all
 * are done. threads 0: glb_threads(); more than glb_set_threads() allows are not used. Pieces must
 * not depend on each other: then the result does not depend on the number of threads. fn may call
 * glb_parallel() itself, and several threads may at the same time. */
void glb_parallel(int threads, int n, void (*fn)(void *user, int first, int end), void *user);

/* Processors that this process may run on. */
int glb_online_cores(void);

#endif
