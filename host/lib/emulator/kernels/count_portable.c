/* Counting in plain C. SPDX-License-Identifier: Apache-2.0 */
#include "emulator/kernels/kernel.h"

#include <string.h>

/* The counts of 16 / chains boards in each of n parts. */
static inline __attribute__((always_inline)) void add_agreeing(const uint16_t *x, int chains,
                                                               uint16_t mask, uint16_t *sum, int n,
                                                               uint16_t keep, uint16_t flip) {
    const int boards = 16 / chains;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < boards; k++) {
            const uint16_t agree = x[i] >> (k * chains) & mask;
            uint16_t *const to = &sum[i * boards + k];
            *to = (uint16_t)((*to & keep) + (agree ^ flip));
        }
}

static inline void count_slot(const uint8_t *own, const uint8_t *slot, int chains, uint16_t *sum,
                              int n, uint16_t keep, uint16_t flip) {
    const uint16_t mask = (uint16_t)((1u << chains) - 1);
    uint16_t o[GLB_SLOT_PARTS], x[GLB_SLOT_PARTS];
    memcpy(o, own, sizeof o);
    memcpy(x, slot, sizeof x);
    for (int i = 0; i < GLB_SLOT_PARTS; i++) {
        unsigned agree = ~(o[i] ^ x[i]) & 0xffffu;
        agree -= agree >> 1 & 0x5555;
        agree = (agree & 0x3333) + (agree >> 2 & 0x3333); /* of four chains each */
        if (chains > 4)
            agree = (agree + (agree >> 4)) & 0x0f0f;
        if (chains > 8)
            agree = (agree + (agree >> 8)) & 0x1f;
        x[i] = (uint16_t)agree;
    }
    if (chains == 16)
        add_agreeing(x, 16, mask, sum, n, keep, flip);
    else if (chains == 8)
        add_agreeing(x, 8, mask, sum, n / 2, keep, flip);
    else
        add_agreeing(x, 4, mask, sum, n / 4, keep, flip);
}

#define GLB_COUNTER glb_emu_counter_portable
#include "emulator/kernels/count_loop.h"
