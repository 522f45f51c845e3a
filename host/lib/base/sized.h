/* Structs of the interface whose first member is their size, which an older or newer program may
 * have compiled otherwise. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_SIZED_H
#define GLB_BASE_SIZED_H

#include "base/status.h"

/* Fills a caller's struct of `size` bytes with the defaults[known]; what the library does not know
 * is 0. */
void glb_sized_init(void *to, size_t size, const void *defaults, size_t known);

/* to[known], which holds defaults, gets what the caller's struct has. GLB_ERR_ARGUMENT for a struct
 * that was not set up, or has something at a place that this library does not know. */
enum glb_status glb_sized_take(void *to, size_t known, const void *from, const char *name);

#endif
