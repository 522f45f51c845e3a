/* Structs of options that may be of another size in the caller's program.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_API_OPTIONS_H
#define GLB_LEARN_API_OPTIONS_H

#include <stddef.h>
#include "base/status.h"

/* For glb_..._init(): the first bytes of defaults[known] into the caller's o[size], the rest 0; the
 * struct's first member, its size, becomes `size`. */
void options_init(void *o, size_t size, const void *defaults, size_t known);

/* The caller's struct `given` over the defaults in out[known]. GLB_ERR_ARGUMENT if it was never set
 * up, or if it is longer and what is not known here is not 0. */
enum glb_status options_take(const char *name, const void *given, void *out, size_t known);

#endif
