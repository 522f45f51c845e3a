/* Blocks of 512 chains: their memory, and the states of the API's order in and out.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "emulator/emulator_state.h"

/* ---- memory ---- */

/* A block with pages of page_bytes, all bits zero: memory that nothing touches is not taken. */
static enum glb_status block_make(const struct glb_emu *e, size_t page_bytes, struct glb_block *b) {
    const size_t lanes = (size_t)e->m.a.tiles * e->m.a.lanes;
    const size_t lfsr_bytes = lanes * (size_t)e->per_block * sizeof(uint64_t);
    b->memory = calloc(1, GLB_PAGES * page_bytes + lfsr_bytes + lanes + 64);
    if (!b->memory)
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for %d boards of array %s", e->boards,
                        e->m.a.name);
    b->page = (uint8_t *)(((uintptr_t)b->memory + 63) & ~(uintptr_t)63);
    b->lfsr = (uint64_t *)(b->page + GLB_PAGES * page_bytes);
    b->drawn = (uint8_t *)b->lfsr + lfsr_bytes;
    return GLB_OK;
}

void glb_emu_use_page(struct glb_emu *e, int page) {
    if (e->page_used[page])
        return;
    e->page_used[page] = 1;
    for (int i = 0; i < e->nblocks; i++)
        for (size_t w = 0; w <= glb_emu_page_words(e); w++) /* the last one: the constants */
            memset(glb_emu_slot(e, &e->block[i], page, w) + GLB_BLOCK_WORDS, 0xff, GLB_SLOT_BYTES);
}

/* After an error there are blocks of two sizes: none is kept. */
static void drop_blocks(struct glb_emu *e) {
    e->page_bytes = 0;
    for (int k = 0; k < e->nblocks; k++) {
        free(e->block[k].memory);
        free(e->block[k].count_memory);
    }
    memset(e->block, 0, (size_t)e->nblocks * sizeof *e->block);
    e->nblocks = 0;
}

enum glb_status glb_emu_grow_pages(struct glb_emu *e, size_t slots) {
    const size_t old = e->page_bytes, bytes = slots * GLB_SLOT_BYTES;
    const size_t states = 2 * (glb_emu_page_words(e) + 1) * GLB_SLOT_BYTES;
    if (bytes <= old)
        return GLB_OK;
    for (int i = 0; i < e->nblocks; i++) {
        struct glb_block next = e->block[i];
        const enum glb_status s = block_make(e, bytes, &next);
        if (s != GLB_OK) {
            drop_blocks(e);
            return s;
        }
        for (int page = 0; page < GLB_PAGES; page++)
            if (e->page_used[page])
                memcpy(next.page + (size_t)page * bytes, e->block[i].page + (size_t)page * old,
                       states);
        free(e->block[i].memory);
        e->block[i] = next;
    }
    e->page_bytes = bytes;
    return GLB_OK;
}

/* ---- states ---- */

/* The words of the API that block i covers: the first, and how many (the last block may have fewer
 * than eight). */
static int block_words(const struct glb_emu *e, int i, size_t *first) {
    *first = (size_t)i * GLB_BLOCK_WORDS;
    const size_t n = e->stride - *first;
    return n < GLB_BLOCK_WORDS ? (int)n : GLB_BLOCK_WORDS;
}

void glb_emu_put_slot(const struct glb_emu *e, struct glb_block *b, int page, int tile, int addr,
                      const uint64_t *in) {
    uint64_t *out = glb_emu_slot(e, b, page, ((size_t)tile << e->m.a.aw) + (size_t)addr);
    glb_to_kernel(e->m.a.chains, in, out);
    for (int k = 0; k < GLB_BLOCK_WORDS; k++)
        out[GLB_BLOCK_WORDS + k] = ~out[k];
}

void glb_emu_set(struct glb_emu *e, int page, int tile, int addr, const uint64_t *words) {
    glb_emu_use_page(e, page);
    for (int i = 0; i < e->nblocks; i++) {
        uint64_t in[GLB_BLOCK_WORDS] = {0};
        size_t first;
        const int n = block_words(e, i, &first);
        memcpy(in, words + first, (size_t)n * sizeof *in);
        glb_emu_put_slot(e, &e->block[i], page, tile, addr, in);
    }
}

void glb_emu_get_block(const struct glb_emu *e, int i, int page, int tile, int addr,
                       uint64_t *words) {
    uint64_t out[GLB_BLOCK_WORDS];
    size_t first;
    const int n = block_words(e, i, &first);
    const int unused = 64 * (int)e->stride - e->boards * e->m.a.chains;
    glb_from_kernel(e->m.a.chains,
                    glb_emu_slot(e, &e->block[i], page, ((size_t)tile << e->m.a.aw) + (size_t)addr),
                    out);
    if (i == e->nblocks - 1)
        out[n - 1] &= ~UINT64_C(0) >> unused;
    memcpy(words + first, out, (size_t)n * sizeof *out);
}

void glb_emu_get(const struct glb_emu *e, int page, int tile, int addr, uint64_t *words) {
    for (int i = 0; i < e->nblocks; i++)
        glb_emu_get_block(e, i, page, tile, addr, words);
}
