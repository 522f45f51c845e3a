/* Runs a function over a range on several threads. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_PARALLEL_H
#define GLB_BASE_PARALLEL_H

/* Calls fn(user, first, end) on disjoint pieces of 0 .. n-1, one a thread; returns when all are
 * done. Pieces must not depend on each other: then the result does not depend on `threads` (0: one
 * per online core). */
void glb_parallel(int threads, int n, void (*fn)(void *user, int first, int end), void *user);
int glb_online_cores(void);

#endif
