/* The public options of a training and those of the trainer. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_API_TRAINER_OPTIONS_H
#define GLB_LEARN_API_TRAINER_OPTIONS_H

#include "learn/training/trainer.h"

/* Checks the caller's options (NULL: defaults) and fills both structs. */
enum glb_status trainer_options_take(const struct glb_trainer_options *given,
                                     const struct glb_topology *t, struct glb_trainer_options *o,
                                     struct glb_train_options *train);

#endif
