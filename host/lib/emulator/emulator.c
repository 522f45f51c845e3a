/* The emulator: opening one, programs decoded segment by segment, new weights.
 * SPDX-License-Identifier: Apache-2.0 */
#include "emulator/emulator.h"

#include <stdlib.h>
#include <string.h>

#include "array/coupling_word.h"
#include "array/protocol.h"
#include "base/parallel.h"
#include "emulator/emulator_state.h"

static int choose_path(struct glb_emu *e, enum glb_emu_path path) {
#if defined(__x86_64__)
    const int avx2 = __builtin_cpu_supports("avx2");
    const int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512vl");
    const int vbmi = avx512 && __builtin_cpu_supports("avx512vbmi");
    if (path == GLB_EMU_AVX512VBMI || (path == GLB_EMU_AUTO && vbmi)) {
        e->kernel = glb_emu_kernel_avx512vbmi;
        e->count = glb_emu_counter_avx512;
        e->path = "avx512";
        return vbmi;
    }
    if (path == GLB_EMU_AVX512 || (path == GLB_EMU_AUTO && avx512)) {
        e->kernel = glb_emu_kernel_avx512;
        e->count = glb_emu_counter_avx512;
        e->path = "avx512";
        return avx512;
    }
    if (path == GLB_EMU_AVX2 || (path == GLB_EMU_AUTO && avx2)) {
        e->kernel = glb_emu_kernel_avx2;
        e->count = glb_emu_counter_avx2;
        e->path = "avx2";
        return avx2;
    }
#elif defined(__wasm_simd128__)
    if (path == GLB_EMU_AUTO) {
        e->kernel = glb_emu_kernel_wasm128;
        e->count = glb_emu_counter_portable;
        e->path = "simd128";
        return 1;
    }
#endif
    e->kernel = glb_emu_kernel_portable;
    e->count = glb_emu_counter_portable;
    e->path = "portable";
    return path == GLB_EMU_AUTO || path == GLB_EMU_PORTABLE;
}

/* Blocks that all boards need, by what the threads have to compute: parts of small blocks cost
 * more, those of no board cost as much as others. Several blocks fill whole words of the API each,
 * but where groups of boards divide them. */
static void divide_boards(struct glb_emu *e, int boards, int group, int threads) {
    static const struct {
        int parts, cost;
    } size[] = {{32, 100}, {16, 110}, {8, 120}, {4, 130}, {2, 140}, {1, 150}};
    double least = 0;
    e->boards = boards;
    e->group = group;
    e->threads = threads;
    threads = threads > 0 ? threads : glb_threads();
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        const int per_block = size[i].parts * 16 / e->m.a.chains;
        const int nblocks = (boards + per_block - 1) / per_block;
        const int turns = (nblocks + threads - 1) / threads;
        const double cost = (double)turns * size[i].parts * size[i].cost;
        const bool divides = group % per_block == 0;
        if (group < boards ? !divides : nblocks > 1 && size[i].parts < 4)
            continue;
        if (least > 0 && cost >= least)
            continue;
        least = cost;
        e->parts = size[i].parts;
        e->per_block = per_block;
        e->nblocks = nblocks;
    }
}

enum glb_status glb_emu_open(const struct glb_array *a, int boards, int threads,
                             enum glb_emu_path path, struct glb_emu **out) {
    return glb_emu_open_groups(a, boards, boards, threads, path, out);
}

enum glb_status glb_emu_open_groups(const struct glb_array *a, int boards, int group, int threads,
                                    enum glb_emu_path path, struct glb_emu **out) {
    if (boards < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "emulator: %d boards, at least one is needed", boards);
    if (group < 1 || boards % group)
        return glb_fail(GLB_ERR_ARGUMENT, "emulator: %d boards in groups of %d", boards, group);
    if (group < boards && group * a->chains % 16)
        return glb_fail(GLB_ERR_UNSUPPORTED,
                        "emulator: groups of %d boards of %d chains, no multiple of 16 chains",
                        group, a->chains);
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
    divide_boards(e, boards, group, threads);
    e->stride = ((size_t)boards * (size_t)a->chains + 63) / 64;
    e->live = calloc((size_t)a->tiles * a->cdepth, 1);
    e->block = calloc((size_t)e->nblocks, sizeof *e->block);
    e->ref = calloc((size_t)boards, sizeof(struct glb_reference *));
    if (!e->live || !e->block || !e->ref) {
        s = glb_fail(GLB_ERR_MEMORY, "emulator: no memory for array %s", a->name);
        goto fail;
    }
    if ((s = glb_emu_places_init(e)) != GLB_OK ||
        (s = glb_emu_grow_blocks(e, glb_emu_states_end(e), 0)) != GLB_OK)
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
        glb_emu_counts_free(&e->counts[i]);
    }
    for (int i = 0; e->block && i < e->nblocks; i++) {
        free(e->block[i].memory);
        free(e->block[i].count_memory);
    }
    for (int i = 0; e->ref && i < e->boards; i++)
        glb_reference_close(e->ref[i]);
    glb_board_memory_free(&e->m);
    free(e->live);
    free(e->summed);
    free(e->block);
    free(e->ref);
    free(e->place);
    free(e->word_at);
    free(e);
}

const char *glb_emu_path_name(const struct glb_emu *e) {
    return e->path;
}

/* ---- images ---- */

static void all_stale(struct glb_emu *e) {
    for (int i = 0; i < GLB_SEGMENTS; i++)
        e->state[i] = GLB_STALE;
    e->nplaced = 0;
}

enum glb_status glb_emu_write(struct glb_emu *e, int target, int tile, int addr, uint64_t lo,
                              uint64_t hi) {
    all_stale(e);
    const enum glb_status s = glb_board_memory_write(&e->m, target, tile, addr, lo, hi);
    if (s == GLB_OK && target == GLB_TARGET_COUPLING)
        glb_emu_sums_overwritten(e, tile, addr, 1);
    return s;
}

static enum glb_status decode(struct glb_emu *e, int segment) {
    enum glb_status s;
    glb_emu_code_free(&e->code[segment]);
    glb_emu_plan_free(&e->plan[segment]);
    glb_emu_counts_free(&e->counts[segment]);
    glb_emu_entries_taken(&e->m, segment, e->taken[segment]);
    if (e->m.seg[segment].mode == GLB_SEGMENT_DUMPS)
        return GLB_OK;
    if (e->m.seg[segment].mode == GLB_SEGMENT_COUNTS)
        s = glb_emu_counts_decode(&e->m, segment, e->parts, &e->counts[segment]);
    else
        s = glb_emu_decode(&e->m, segment, e->live, &e->code[segment]);
    if (s == GLB_OK)
        glb_emu_place_words(e, segment);
    return s;
}

enum glb_status glb_emu_prepare(struct glb_emu *e, int segment) {
    enum glb_status s;
    if (e->state[segment] == GLB_STALE) {
        if ((s = decode(e, segment)) != GLB_OK)
            return s;
        e->state[segment] = GLB_DECODED;
    }
    if (e->state[segment] == GLB_PLANNED || !e->code[segment].ok)
        return GLB_OK;
    struct glb_emu_plan *p = &e->plan[segment];
    if ((s = glb_emu_plan_build(&e->m, &e->code[segment], e->parts, e->place, e->nplaced, p)) !=
        GLB_OK)
        return s;
    e->state[segment] = GLB_PLANNED;
    return glb_emu_grow_blocks(e, p->page_bytes, p->order.noise_bytes);
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
    const int nseg = p->nseg + p->nextra;
    enum glb_status s = check_program(e, p);
    if (s != GLB_OK)
        return s;
    all_stale(e);
    memcpy(e->m.sched, p->sched, (size_t)p->s_used * (size_t)a->tiles * sizeof *p->sched);
    memcpy(e->m.net, p->net, (size_t)p->s_used * (size_t)e->m.chunks * sizeof *p->net);
    for (int t = 0; t < a->tiles; t++)
        memcpy(e->m.coupling + (size_t)t * a->cdepth, p->coupling + (size_t)t * p->c_used,
               (size_t)p->c_used * sizeof *p->coupling);
    for (int t = 0; t < a->tiles; t++)
        glb_emu_sums_overwritten(e, t, 0, p->c_used);
    memcpy(e->m.seg, p->seg, (size_t)nseg * sizeof *p->seg);
    memset(e->live, 0, (size_t)a->tiles * a->cdepth);
    for (int i = 0; i < p->nreads; i++)
        e->live[(size_t)p->reads[i].tile * a->cdepth + p->reads[i].entry] |=
            (uint8_t)(1 << p->reads[i].lane);
    for (int i = 0; i < nseg; i++)
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
        glb_emu_sums_overwritten(e, t, 0, p->c_used);
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
