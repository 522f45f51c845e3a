/* The emulator: boards in blocks of 512 chains, programs decoded segment by segment, new weights,
 * states. SPDX-License-Identifier: Apache-2.0 */
#include "emulator/emulator.h"

#include <stdlib.h>
#include <string.h>

#include "array/coupling_word.h"
#include "emulator/emulator_state.h"

static int choose_path(struct glb_emu *e, enum glb_emu_path path) {
#if defined(__x86_64__)
    const int avx2 = __builtin_cpu_supports("avx2");
    const int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    if (path == GLB_EMU_AVX512 || (path == GLB_EMU_AUTO && avx512)) {
        e->kernel = glb_emu_kernel_avx512;
        e->path = "avx512";
        return avx512;
    }
    if (path == GLB_EMU_AVX2 || (path == GLB_EMU_AUTO && avx2)) {
        e->kernel = glb_emu_kernel_avx2;
        e->path = "avx2";
        return avx2;
    }
#endif
    e->kernel = glb_emu_kernel_portable;
    e->path = "portable";
    return path == GLB_EMU_AUTO || path == GLB_EMU_PORTABLE;
}

/* ---- blocks ---- */

static size_t page_words(const struct glb_emu *e) {
    return (size_t)e->m.a.tiles << e->m.a.aw;
}

/* A block with pages of page_bytes, states zero. */
static enum glb_status block_make(struct glb_emu *e, struct glb_block *b) {
    const size_t lanes = (size_t)e->m.a.tiles * e->m.a.lanes;
    const size_t lfsr_bytes = lanes * (size_t)e->per_block * sizeof(uint64_t);
    b->memory = calloc(1, GLB_PAGES * e->page_bytes + lfsr_bytes + lanes + 64);
    if (!b->memory)
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for %d boards of array %s", e->boards,
                        e->m.a.name);
    b->page = (uint8_t *)(((uintptr_t)b->memory + 63) & ~(uintptr_t)63);
    b->lfsr = (uint64_t *)(b->page + GLB_PAGES * e->page_bytes);
    b->drawn = (uint8_t *)b->lfsr + lfsr_bytes;
    for (int page = 0; page < GLB_PAGES; page++)
        for (size_t w = 0; w <= page_words(e); w++) /* the last one: the constants */
            memset(glb_emu_slot(e, b, page, w) + GLB_BLOCK_WORDS, 0xff, GLB_SLOT_BYTES);
    return GLB_OK;
}

/* Makes all pages at least this large; the states stay. */
static enum glb_status grow_pages(struct glb_emu *e, size_t slots) {
    const size_t old = e->page_bytes, bytes = slots * GLB_SLOT_BYTES;
    if (bytes <= old)
        return GLB_OK;
    for (int i = 0; i < e->nblocks; i++) {
        struct glb_block next;
        e->page_bytes = bytes;
        const enum glb_status s = block_make(e, &next);
        if (s != GLB_OK) {
            /* Blocks of two sizes: only those made so far are usable, so none is kept. */
            e->page_bytes = 0;
            for (int k = 0; k < e->nblocks; k++)
                free(e->block[k].memory);
            memset(e->block, 0, (size_t)e->nblocks * sizeof *e->block);
            e->nblocks = 0;
            return s;
        }
        if (old > 0)
            for (int page = 0; page < GLB_PAGES; page++)
                memcpy(next.page + (size_t)page * bytes, e->block[i].page + (size_t)page * old,
                       2 * page_words(e) * GLB_SLOT_BYTES);
        free(e->block[i].memory);
        e->block[i] = next;
    }
    return GLB_OK;
}

enum glb_status glb_emu_open(const struct glb_array *a, int boards, int threads,
                             enum glb_emu_path path, struct glb_emu **out) {
    if (boards < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "emulator: %d boards, at least one is needed", boards);
    struct glb_emu *e = calloc(1, sizeof *e);
    if (!e)
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory");
    enum glb_status s = glb_board_memory_init(&e->m, a);
    if (s != GLB_OK)
        goto fail;
    if (!choose_path(e, path)) {
        s = glb_fail(GLB_ERR_UNSUPPORTED, "emulator: this processor has no %s", e->path);
        goto fail;
    }
    e->boards = boards;
    e->threads = threads;
    e->per_block = GLB_BLOCK / a->chains;
    e->nblocks = (boards + e->per_block - 1) / e->per_block;
    e->stride = ((size_t)boards * (size_t)a->chains + 63) / 64;
    e->live = calloc((size_t)a->tiles * a->cdepth, 1);
    e->block = calloc((size_t)e->nblocks, sizeof *e->block);
    e->ref = calloc((size_t)boards, sizeof(struct glb_reference *));
    if (!e->live || !e->block || !e->ref) {
        s = glb_fail(GLB_ERR_MEMORY, "emulator: no memory for array %s", a->name);
        goto fail;
    }
    if ((s = grow_pages(e, 2 * page_words(e) + 2 + 256)) != GLB_OK)
        goto fail;
    *out = e;
    return GLB_OK;
fail:
    glb_emu_close(e);
    return s;
}

void glb_emu_close(struct glb_emu *e) {
    if (!e)
        return;
    for (int i = 0; i < GLB_SEGMENTS; i++) {
        glb_emu_code_free(&e->code[i]);
        glb_emu_plan_free(&e->plan[i]);
    }
    for (int i = 0; e->block && i < e->nblocks; i++)
        free(e->block[i].memory);
    for (int i = 0; e->ref && i < e->boards; i++)
        glb_reference_close(e->ref[i]);
    glb_board_memory_free(&e->m);
    free(e->live);
    free(e->block);
    free(e->ref);
    free(e);
}

const char *glb_emu_path_name(const struct glb_emu *e) {
    return e->path;
}

/* ---- images ---- */

static void all_stale(struct glb_emu *e) {
    for (int i = 0; i < GLB_SEGMENTS; i++)
        e->state[i] = GLB_STALE;
}

enum glb_status glb_emu_write(struct glb_emu *e, int target, int tile, int addr, uint64_t lo,
                              uint64_t hi) {
    all_stale(e);
    return glb_board_memory_write(&e->m, target, tile, addr, lo, hi);
}

enum glb_status glb_emu_prepare(struct glb_emu *e, int segment) {
    enum glb_status s;
    if (e->state[segment] == GLB_STALE) {
        glb_emu_code_free(&e->code[segment]);
        glb_emu_plan_free(&e->plan[segment]);
        if ((s = glb_emu_decode(&e->m, segment, e->live, &e->code[segment])) != GLB_OK)
            return s;
        e->state[segment] = GLB_DECODED;
    }
    if (e->state[segment] == GLB_PLANNED || !e->code[segment].ok)
        return GLB_OK;
    if ((s = glb_emu_plan_build(&e->m, &e->code[segment], &e->plan[segment])) != GLB_OK)
        return s;
    e->state[segment] = GLB_PLANNED;
    return grow_pages(e, e->plan[segment].page_slots);
}

static enum glb_status check_program(const struct glb_emu *e, const struct glb_program *p) {
    const struct glb_array *a = &e->m.a, *b = &p->array;
    if (!glb_program_runs_on(p, a))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "emulator: the program is for array %s, the emulator is opened for %s",
                        b->name ? b->name : "?", a->name);
    return GLB_OK;
}

enum glb_status glb_emu_load(struct glb_emu *e, const struct glb_program *p) {
    const struct glb_array *a = &e->m.a;
    enum glb_status s = check_program(e, p);
    if (s != GLB_OK)
        return s;
    all_stale(e);
    memcpy(e->m.sched, p->sched, (size_t)p->s_used * (size_t)a->tiles * sizeof *p->sched);
    memcpy(e->m.net, p->net, (size_t)p->s_used * (size_t)e->m.chunks * sizeof *p->net);
    for (int t = 0; t < a->tiles; t++)
        memcpy(e->m.coupling + (size_t)t * a->cdepth, p->coupling + (size_t)t * p->c_used,
               (size_t)p->c_used * sizeof *p->coupling);
    memcpy(e->m.seg, p->seg, (size_t)p->nseg * sizeof *p->seg);
    memset(e->live, 0, (size_t)a->tiles * a->cdepth);
    for (int i = 0; i < p->nreads; i++)
        e->live[(size_t)p->reads[i].tile * a->cdepth + p->reads[i].entry] |=
            (uint8_t)(1 << p->reads[i].lane);
    for (int i = 0; i < p->nseg; i++)
        if ((s = glb_emu_prepare(e, i)) != GLB_OK)
            return s;
    return GLB_OK;
}

/* Does a new coupling word change more than weights, biases and clamps? */
static int changes_structure(const struct glb_array *a, uint64_t old, uint64_t new, uint8_t live) {
    const uint64_t flags = (1u << a->ow) - 1;
    if ((old ^ new) & flags)
        return 1;
    if ((int)(new &flags) == a->ctrl) {
        const struct glb_ctrl x = glb_ctrl_parts(a, old), y = glb_ctrl_parts(a, new);
        return x.dbl != y.dbl || x.clr != y.clr || x.nz != y.nz || x.lane != y.lane;
    }
    for (int l = 0; l < a->lanes; l++)
        if (glb_field(a, new, l) && !(live >> l & 1) && (int)(new &flags) != l + 1)
            return 1;
    return 0;
}

enum glb_status glb_emu_update(struct glb_emu *e, const struct glb_program *p) {
    const struct glb_array *a = &e->m.a;
    const enum glb_status s = check_program(e, p);
    int changed = 0, structure = 0;
    if (s != GLB_OK)
        return s;
    for (int t = 0; t < a->tiles; t++) {
        uint64_t *old = e->m.coupling + (size_t)t * a->cdepth;
        const uint64_t *new = p->coupling + (size_t)t * p->c_used;
        for (int i = 0; i < p->c_used; i++) {
            if (old[i] == new[i])
                continue;
            changed = 1;
            structure |= changes_structure(a, old[i], new[i], e->live[(size_t)t * a->cdepth + i]);
            old[i] = new[i];
        }
    }
    if (structure)
        all_stale(e);
    for (int i = 0; changed && i < GLB_SEGMENTS; i++)
        if (e->state[i] == GLB_PLANNED)
            e->state[i] = GLB_DECODED;
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

void glb_emu_set(struct glb_emu *e, int page, int tile, int addr, const uint64_t *words) {
    for (int i = 0; i < e->nblocks; i++) {
        uint64_t in[GLB_BLOCK_WORDS] = {0};
        uint64_t *out =
            glb_emu_slot(e, &e->block[i], page, ((size_t)tile << e->m.a.aw) + (size_t)addr);
        size_t first;
        const int n = block_words(e, i, &first);
        memcpy(in, words + first, (size_t)n * sizeof *in);
        glb_to_kernel(e->m.a.chains, in, out);
        for (int k = 0; k < GLB_BLOCK_WORDS; k++)
            out[GLB_BLOCK_WORDS + k] = ~out[k];
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
