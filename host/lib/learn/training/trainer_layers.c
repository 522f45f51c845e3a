/* Which layers the phases of a training update and hold. SPDX-License-Identifier: Apache-2.0 */
#include "learn/training/trainer.h"

/* Without a negative phase there is nothing to share noise with; where labels are contrasted, no
 * phase moves them, so none is held. */
int trainer_common_noise(const struct glb_train_options *o) {
    return o->common_noise && o->discriminative > 0 && !o->contrast;
}

unsigned glb_train_layers(const struct glb_topology *t, const struct glb_train_options *o) {
    const unsigned all = (1u << t->nlayers) - 1;
    return o->generative > 0 ? all : all & ~1u;
}

unsigned glb_train_holds(const struct glb_topology *t, const struct glb_train_options *o) {
    return trainer_common_noise(o) ? 1u << (t->nlayers - 1) : 0;
}
