/* The emulator's inner loop, included by kernel_portable.c, kernel_avx2.c and kernel_avx512.c.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Before, they define for a block of 512 chains:
 *   counters(page, offset, n, out)   n 7:3 counters; returns where their results end
 *   adders(page, offset, n, out)     n full adders
 *   planes(page, s, offset, buf)     buf += the numbers that the bit planes hold
 *   signs(buf, shift, page, dst)     slot dst: 1 where buf << shift is not negative; its complement
 *   struct lookup, prepare(table, &lookup)      a step's table in the kernel's form
 *   noise(lfsr, chains, &lookup, drawn, buf)    buf += a noise word for every chain
 *   skip(lfsr, chains)               steps the generators past those words
 * and GLB_KERNEL, the function's name. */
#ifndef GLB_KERNEL
#error "define GLB_KERNEL first"
#endif

#include <string.h>

static void count_noise(uint8_t *drawn, int chains) {
    *drawn = (uint8_t)(*drawn + chains < 64 ? *drawn + chains : 64);
}

void GLB_KERNEL(const struct glb_emu_plan *p, uint8_t *page, uint64_t *lfsr, uint8_t *drawn,
                const int16_t table[1024]) {
    _Alignas(64) int16_t buf[GLB_BLOCK];
    struct lookup lookup;
    prepare(table, &lookup);
    const int per_lane = GLB_BLOCK / p->chains, shift = 16 - p->acc;
    for (const struct glb_emu_step *s = p->step, *end = s + p->nsteps; s < end; s++) {
        if (s->copy) {
            memcpy(page + s->dst, page + s->copy_from, 2 * GLB_SLOT_BYTES);
            continue;
        }
        uint64_t *const r = lfsr + (size_t)s->lane * (size_t)per_lane;
        if (!s->we && s->clr && !s->keep) {
            for (int i = 0; i < s->noise; i++) {
                skip(r, p->chains);
                count_noise(&drawn[s->lane], p->chains);
            }
            continue;
        }
        const uint32_t *const adder = s->offset + 7 * s->n7, *const plane = adder + 3 * s->n3;
        uint8_t *const next = counters(page, s->offset, s->n7, page + p->scratch);
        adders(page, adder, s->n3, next);
        for (int i = 0; i < GLB_BLOCK; i++)
            buf[i] = (int16_t)((s->keep ? buf[i] : 0) + s->bias);
        /* The noise before the planes: it fills the time until the adders' last results are there.
         */
        for (int i = 0; i < s->noise; i++) {
            noise(r, p->chains, &lookup, drawn[s->lane], buf);
            count_noise(&drawn[s->lane], p->chains);
        }
        planes(page, s, plane, buf);
        if (s->dbl)
            for (int i = 0; i < GLB_BLOCK; i++)
                buf[i] = (int16_t)(buf[i] * 2);
        if (s->we)
            signs(buf, shift, page, s->dst);
    }
}
