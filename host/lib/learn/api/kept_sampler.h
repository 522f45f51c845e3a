/* The sampler that a model keeps between calls, so that a program is compiled once.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_API_KEPT_SAMPLER_H
#define GLB_LEARN_API_KEPT_SAMPLER_H

#include "learn/layers/layer_sampler.h"
#include "learn/model/model.h"

/* The model's sampler for device, array, chains, layers and groups of the options, with the model's
 * weights set: the kept one if it was opened for the same, else a new one. The model's until the
 * next call. */
enum glb_status kept_sampler_open(struct glb_model *m,
                                  const struct glb_layer_sampler_options *options,
                                  struct glb_layer_sampler **out);
void kept_sampler_close(struct glb_model *m);

#endif
