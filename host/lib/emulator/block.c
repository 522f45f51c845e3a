/* Blocks of boards: their memory, and the states of the API's order in and out.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "emulator/emulator_state.h"

/* ---- memory ---- */

static size_t whole_slots(size_t bytes) {
    return (bytes + GLB_SLOT_BYTES - 1) / GLB_SLOT_BYTES * GLB_SLOT_BYTES;
}

/* A block with pages of page_bytes, all bits zero: memory that nothing touches is not taken. */
static enum glb_status block_make(const struct glb_emu *e, size_t page_bytes, size_t noise_bytes,
                                  struct glb_block *b) {
    const size_t generators = (size_t)e->m.a.tiles * (size_t)(e->m.a.lanes * e->per_block);
    const size_t drawn = whole_slots(generators), lfsr = 8 * drawn;
    b->memory = calloc(1, GLB_PAGES * page_bytes + lfsr + drawn + noise_bytes + GLB_SLOT_BYTES);
    if (!b->memory)
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for %d boards of array %s", e->boards,
                        e->m.a.name);
    b->page = (uint8_t *)whole_slots((uintptr_t)b->memory);
    b->lfsr = (uint64_t *)(b->page + GLB_PAGES * page_bytes);
    b->drawn = (uint8_t *)b->lfsr + lfsr;
    b->noise = b->drawn + drawn;
    return GLB_OK;
}

void glb_emu_use_page(struct glb_emu *e, int page) {
    const size_t bytes = glb_emu_word_bytes(e);
    if (e->page_used[page])
        return;
    e->page_used[page] = 1;
    for (int i = 0; i < e->nblocks; i++)
        for (size_t w = 0; w < glb_emu_page_words(e); w++)
            memset(glb_emu_word(e, &e->block[i], page, w) + bytes, 0xff, bytes);
}

/* After an error there are blocks of two sizes: none is kept. */
static void drop_blocks(struct glb_emu *e) {
    e->page_bytes = e->noise_bytes = 0;
    for (int k = 0; k < e->nblocks; k++) {
        free(e->block[k].memory);
        free(e->block[k].count_memory);
    }
    memset(e->block, 0, (size_t)e->nblocks * sizeof *e->block);
    e->nblocks = 0;
}

enum glb_status glb_emu_grow_blocks(struct glb_emu *e, size_t page_bytes, size_t noise_bytes) {
    const size_t old = e->page_bytes;
    const size_t states = glb_emu_states_end(e);
    page_bytes = page_bytes > old ? whole_slots(page_bytes) : old;
    noise_bytes = noise_bytes > e->noise_bytes ? whole_slots(noise_bytes) : e->noise_bytes;
    if (page_bytes == old && noise_bytes == e->noise_bytes)
        return GLB_OK;
    for (int i = 0; i < e->nblocks; i++) {
        struct glb_block next = e->block[i];
        const enum glb_status s = block_make(e, page_bytes, noise_bytes, &next);
        if (s != GLB_OK) {
            drop_blocks(e);
            return s;
        }
        for (int page = 0; page < GLB_PAGES; page++)
            if (e->page_used[page])
                memcpy(next.page + (size_t)page * page_bytes, e->block[i].page + (size_t)page * old,
                       states);
        free(e->block[i].memory);
        e->block[i] = next;
    }
    e->page_bytes = page_bytes;
    e->noise_bytes = noise_bytes;
    return GLB_OK;
}

/* ---- states ---- */

/* The bytes of the API's words that block i covers: the first, and how many (the last blocks may
 * have fewer than a word's). */
static size_t block_bytes(const struct glb_emu *e, int i, size_t *first) {
    const size_t all = e->stride * sizeof(uint64_t), bytes = glb_emu_word_bytes(e);
    *first = (size_t)i * bytes;
    return all - *first < bytes ? all - *first : bytes;
}

/* memcpy() of a part's bytes, in one move each for the usual ones. */
static inline void copy_part(void *to, const void *from, size_t bytes) {
    if (bytes == 2)
        memcpy(to, from, 2);
    else if (bytes == 4)
        memcpy(to, from, 4);
    else if (bytes == 8)
        memcpy(to, from, 8);
    else
        memcpy(to, from, bytes);
}

/* A word and its complement behind it. */
static inline void put_part(uint8_t *to, const void *in, size_t bytes) {
    if (bytes == 2) {
        uint16_t word;
        memcpy(&word, in, 2);
        memcpy(to, &word, 2);
        word = (uint16_t)~word;
        memcpy(to + 2, &word, 2);
        return;
    }
    if (bytes == 4) {
        uint32_t word;
        memcpy(&word, in, 4);
        memcpy(to, &word, 4);
        word = ~word;
        memcpy(to + 4, &word, 4);
        return;
    }
    for (size_t k = 0; k < bytes; k += 8) {
        uint64_t word;
        memcpy(&word, (const uint8_t *)in + k, 8);
        memcpy(to + k, &word, 8);
        word = ~word;
        memcpy(to + bytes + k, &word, 8);
    }
}

void glb_emu_put_word(const struct glb_emu *e, struct glb_block *b, int page, int tile, int addr,
                      const void *in) {
    put_part(glb_emu_word(e, b, page, ((size_t)tile << e->m.a.aw) + (size_t)addr), in,
             glb_emu_word_bytes(e));
}

void glb_emu_set(struct glb_emu *e, int page, int tile, int addr, const uint64_t *words) {
    const struct glb_run run = {(uint16_t)tile, (uint16_t)addr, 1};
    glb_emu_set_runs(e, page, &run, 1, words, e->stride);
}

struct setting { /* of states by runs */
    struct glb_emu *e;
    int page, nruns;
    const struct glb_run *runs;
    const uint64_t *words;
    size_t stride;
};

/* A word for blocks begin .. end - 1. */
static inline void set_word(const struct setting *s, size_t word, const uint8_t *from, int begin,
                            int end) {
    const struct glb_emu *e = s->e;
    const size_t bytes = glb_emu_word_bytes(e);
    const size_t offset = (size_t)s->page * e->page_bytes + glb_emu_word_offset(e, word);
    for (int i = begin; i < end; i++) {
        uint8_t in[GLB_SLOT_BYTES] = {0};
        size_t first;
        const size_t n = block_bytes(e, i, &first);
        if (n == bytes) {
            put_part(e->block[i].page + offset, from + first, bytes);
            continue;
        }
        memcpy(in, from + first, n);
        put_part(e->block[i].page + offset, in, bytes);
    }
}

static void set_blocks(void *user, int begin, int end) {
    const struct setting *s = user;
    const uint8_t *from = (const uint8_t *)s->words;
    for (int r = 0; r < s->nruns; r++) {
        size_t word = ((size_t)s->runs[r].tile << s->e->m.a.aw) + s->runs[r].addr;
        for (int k = 0; k < s->runs[r].count; k++, from += s->stride * sizeof *s->words)
            set_word(s, word++, from, begin, end);
    }
}

void glb_emu_set_runs(struct glb_emu *e, int page, const struct glb_run *runs, int nruns,
                      const uint64_t *words, size_t stride) {
    struct setting s = {e, page, nruns, runs, words, stride};
    glb_emu_use_page(e, page);
    if (nruns > 1)
        glb_parallel(e->threads, e->nblocks, set_blocks, &s);
    else
        set_blocks(&s, 0, e->nblocks);
}

/* The last block also clears the bits of no board that it covers; a word that blocks share has none
 * but those that nothing writes. */
void glb_emu_get_block(const struct glb_emu *e, int i, int page, int tile, int addr,
                       uint64_t *words) {
    size_t first;
    const size_t n = block_bytes(e, i, &first);
    const int unused = 64 * (int)e->stride - e->boards * e->m.a.chains;
    copy_part((uint8_t *)words + first,
              glb_emu_word(e, &e->block[i], page, ((size_t)tile << e->m.a.aw) + (size_t)addr), n);
    if (i == e->nblocks - 1 && (i == 0 || glb_emu_word_bytes(e) % sizeof *words == 0))
        words[e->stride - 1] &= ~UINT64_C(0) >> unused;
}

void glb_emu_get(const struct glb_emu *e, int page, int tile, int addr, uint64_t *words) {
    words[e->stride - 1] = 0;
    for (int i = 0; i < e->nblocks; i++)
        glb_emu_get_block(e, i, page, tile, addr, words);
}
