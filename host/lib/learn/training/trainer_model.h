/* The model that a trainer has reached. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_TRAINER_MODEL_H
#define GLB_LEARN_TRAINER_MODEL_H

#include "learn/model/model.h"
#include "learn/training/trainer.h"

/* Model of a trainer's averaged (else current) weights; copies, but shares nothing with the
 * trainer. */
enum glb_status glb_model_make(const struct glb_trainer *r, struct glb_model *out);

#endif
