/* The sampler that a model keeps between calls, so that a program is compiled once.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_API_KEPT_SAMPLER_H
#define GLB_LEARN_API_KEPT_SAMPLER_H

#include "learn/layers/layer_sampler.h"
#include "learn/model/model.h"

/* The model's sampler for these, with the model's weights set: the kept one if it was opened for
 * the same, else a new one. The model's until the next call. */
enum glb_status kept_sampler_open(struct glb_model *m, const char *device, const char *array,
                                  int chains, unsigned layers, struct glb_layer_sampler **out);
void kept_sampler_close(struct glb_model *m);

#endif
