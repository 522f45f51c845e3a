/* Places of the state words in a block's pages: the words that the segments use lie side by side,
 * wherever in the array they are, so that they fit into a cache.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "emulator/emulator_state.h"

enum glb_status glb_emu_places_init(struct glb_emu *e) {
    const size_t words = glb_emu_page_words(e);
    e->place = malloc(words * sizeof *e->place);
    e->word_at = malloc(words * sizeof *e->word_at);
    if (!e->place || !e->word_at)
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for array %s", e->m.a.name);
    for (size_t w = 0; w < words; w++)
        e->place[w] = e->word_at[w] = (uint32_t)w;
    return GLB_OK;
}

static void exchange(const struct glb_emu *e, size_t word, size_t other) {
    const size_t bytes = 2 * glb_emu_word_bytes(e);
    for (int page = 0; page < GLB_PAGES; page++)
        for (int i = 0; e->page_used[page] && i < e->nblocks; i++) {
            uint8_t *const x = glb_emu_word(e, &e->block[i], page, word);
            uint8_t *const y = glb_emu_word(e, &e->block[i], page, other);
            uint8_t t[2 * GLB_SLOT_BYTES];
            memcpy(t, x, bytes);
            memcpy(x, y, bytes);
            memcpy(y, t, bytes);
        }
}

/* A word gets the next place, if it has none yet. */
static void place(struct glb_emu *e, uint32_t word) {
    const uint32_t from = e->place[word], to = e->nplaced;
    if (from < to)
        return;
    const uint32_t other = e->word_at[to];
    if (other != word)
        exchange(e, word, other);
    e->place[other] = from;
    e->word_at[from] = other;
    e->place[word] = to;
    e->word_at[to] = word;
    e->nplaced++;
}

static void place_slot(struct glb_emu *e, uint32_t slot) {
    if (slot / 2 < glb_emu_page_words(e))
        place(e, slot / 2);
}

void glb_emu_place_words(struct glb_emu *e, int segment) {
    const struct glb_emu_code *c = &e->code[segment];
    struct glb_emu_counts *n = &e->counts[segment];
    for (int i = 0; i < c->nstages; i++) {
        const struct glb_emu_stage *s = &c->stage[i];
        place_slot(e, s->dst);
        if (s->copy)
            place_slot(e, s->copy_from);
    }
    for (int i = 0; i < c->nreads; i++)
        place_slot(e, c->read[i].slot);
    for (uint32_t i = 0; i < n->nwords; i++) {
        place(e, n->word[i]);
        n->word[i] = (uint32_t)glb_emu_word_offset(e, n->word[i]);
    }
}
