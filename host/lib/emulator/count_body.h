/* One pass over a counting segment, included by the kernels behind kernel_body.h.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Before, they define for a block of 512 chains (packed words and sums: count.h):
 *   pack(chains, in, out)   a state word's slot, packed
 *   count_run(own, arriving, n, packed, sum, chains, keep, flip)
 *       n sums from `sum` on: sum = (sum & keep) + (chains that agree ^ flip), 16 bits
 * and GLB_COUNTER, the function's name. */
#ifndef GLB_COUNTER
#error "define GLB_COUNTER first"
#endif

void GLB_COUNTER(const struct glb_emu_counts *c, const uint8_t *page, uint8_t *packed,
                 uint16_t *sums, int subtract, int replace) {
    const uint16_t keep = replace ? 0 : 0xffff, flip = subtract ? 0xffff : 0;
    uint8_t *const word = packed + (size_t)(c->tiles + 1) * GLB_SLOT_BYTES;
    for (uint32_t i = 0; i < c->nwords; i++)
        pack(c->chains, page + c->word[i], word + (size_t)i * GLB_SLOT_BYTES);
    const uint32_t *arriving = c->arriving;
    for (const struct glb_emu_count_run *r = c->run, *end = r + c->nruns; r < end; r++) {
        uint16_t *sum = sums + (size_t)r->first * (GLB_BLOCK / (size_t)c->chains);
        if (c->chains == 16)
            count_run(packed + r->own, arriving, r->n, packed, sum, 16, keep, flip);
        else if (c->chains == 8)
            count_run(packed + r->own, arriving, r->n, packed, sum, 8, keep, flip);
        else
            count_run(packed + r->own, arriving, r->n, packed, sum, 4, keep, flip);
        arriving += r->n;
    }
    for (uint32_t i = 0; i < c->nowns; i++)
        memcpy(packed + c->own[i].to, packed + c->own[i].from, GLB_SLOT_BYTES);
}
