/* From the words of a readout to the planes of a sample. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "learn/layers/layer_sampler_device.h"

int layer_device_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                        size_t stride) {
    struct layer_collect *c = user;
    const size_t count = c->size / (size_t)c->words;
    (void)sweep;
    if (c->shift < 0) {
        for (size_t i = 0; i < count; i++)
            memcpy(c->out + (size_t)c->slot[i] * c->words, words + i * stride,
                   sizeof *words * (size_t)c->words);
        return c->fn ? c->fn(c->user, sample, c->out) : 0;
    }
    uint64_t *out = c->out + (size_t)sample * c->size + (c->shift >> 6);
    for (size_t i = 0; i < count; i++)
        out[(size_t)c->slot[i] * c->words] |= words[i * stride] << (c->shift & 63);
    return 0;
}
