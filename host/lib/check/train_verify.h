/* The same training steps on two devices, compared bit for bit. SPDX-License-Identifier: Apache-2.0
 */
#ifndef GLB_CHECK_TRAIN_VERIFY_H
#define GLB_CHECK_TRAIN_VERIFY_H

#include <stdatomic.h>
#include <stdint.h>
#include "learn/training/trainer.h"

struct glb_train_verdict {
    uint64_t bits; /* sampled state bits that were compared */
    uint64_t sums; /* counted by both devices, that were compared */
    double seconds;
    char device[256];
};

/* Repeats the first `steps` steps of a training like r (its options, topology, data and batch) on
 * r's own sampler and on `device`, and compares every sample of every phase, every sum if r's
 * sampler counts, and every weight. r itself must be at step 0 and stays there. A difference is
 * GLB_ERR_DEVICE; *stop non-zero (stop may be NULL) ends it with GLB_ERR_INTERRUPTED. */
enum glb_status glb_train_verify(const struct glb_trainer *r, const char *device, const char *array,
                                 int steps, const atomic_int *stop, struct glb_train_verdict *out);

#endif
