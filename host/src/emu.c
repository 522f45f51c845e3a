/* The emulator: boards in blocks of 512 chains, programs decoded segment by segment, jobs run block
 * by block on all cores. Segments that the decoder cannot order run on the reference instead, one
 * per board. SPDX-License-Identifier: Apache-2.0 */
#include "emu.h"

#include <stdlib.h>
#include <string.h>

#include "emu_layout.h"
#include "emu_plan.h"
#include "parallel.h"
#include "proto.h"
#include "ref.h"

enum segment_state { STALE, DECODED, PLANNED };

struct block {
    void *memory;   /* as allocated */
    uint8_t *page;  /* page 0; page 1 is page_bytes further */
    uint64_t *lfsr; /* [tiles * lanes][boards of a block] */
    uint8_t *drawn; /* [tiles * lanes] */
};

struct position { /* in a job's schedule */
    int step;
    uint32_t sweep; /* of the step */
};

struct glb_emu {
    struct glb_images m;
    uint8_t *live; /* [tiles][cdepth]: lanes whose field may become non-zero, see emu_decode.c */
    enum segment_state state[GLB_SEGMENTS];
    struct glb_emu_code code[GLB_SEGMENTS];
    struct glb_emu_plan plan[GLB_SEGMENTS];

    int boards, per_block, nblocks, threads;
    size_t stride; /* words of a state word over all boards */
    struct block *block;
    size_t page_bytes;
    struct glb_ref **ref; /* [boards], made when a program needs them */
    glb_emu_kernel *kernel;
    const char *path;

    /* the span of a running job that glb_parallel() works on */
    const struct glb_job *job;
    int16_t (*tables)[1024]; /* of the job's steps */
    int on_ref;
    struct position from;
    uint64_t sweeps;  /* to run */
    uint64_t *sample; /* where to put one afterwards, or NULL */
};

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

static uint64_t *slot(const struct glb_emu *e, const struct block *b, int page, size_t word) {
    return (uint64_t *)(b->page + (size_t)page * e->page_bytes + 2 * word * GLB_SLOT_BYTES);
}

static size_t page_words(const struct glb_emu *e) {
    return (size_t)e->m.a.tiles << e->m.a.aw;
}

/* A block with pages of page_bytes, states zero. */
static enum glb_status block_make(struct glb_emu *e, struct block *b) {
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
            memset(slot(e, b, page, w) + GLB_BLOCK_WORDS, 0xff, GLB_SLOT_BYTES);
    return GLB_OK;
}

/* Makes all pages at least this large; the states stay. */
static enum glb_status grow_pages(struct glb_emu *e, size_t slots) {
    const size_t old = e->page_bytes, bytes = slots * GLB_SLOT_BYTES;
    if (bytes <= old)
        return GLB_OK;
    for (int i = 0; i < e->nblocks; i++) {
        struct block next;
        e->page_bytes = bytes;
        const enum glb_status s = block_make(e, &next);
        if (s != GLB_OK) {
            /* Blocks of two sizes: only those made so far are usable, so give up all. */
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
    enum glb_status s = glb_images_init(&e->m, a);
    if (s != GLB_OK)
        goto fail;
    if (!choose_path(e, path)) {
        s = glb_fail(GLB_ERR_UNSUPPORTED, "emulator: this processor has no %s", e->path);
        goto fail;
    }
    e->boards = boards;
    e->threads = threads > 0 ? threads : glb_online_cores();
    e->per_block = GLB_BLOCK / a->chains;
    e->nblocks = (boards + e->per_block - 1) / e->per_block;
    e->stride = ((size_t)boards * (size_t)a->chains + 63) / 64;
    e->live = calloc((size_t)a->tiles * a->cdepth, 1);
    e->block = calloc((size_t)e->nblocks, sizeof *e->block);
    e->ref = calloc((size_t)boards, sizeof(struct glb_ref *));
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
        glb_ref_close(e->ref[i]);
    glb_images_free(&e->m);
    free(e->live);
    free(e->block);
    free(e->ref);
    free(e);
}

const char *glb_emu_path_name(const struct glb_emu *e) {
    return e->path;
}

/* ---- images ---- */

static void forget(struct glb_emu *e) {
    for (int i = 0; i < GLB_SEGMENTS; i++)
        e->state[i] = STALE;
}

enum glb_status glb_emu_write(struct glb_emu *e, int target, int tile, int addr, uint64_t lo,
                              uint64_t hi) {
    forget(e);
    return glb_images_write(&e->m, target, tile, addr, lo, hi);
}

/* Makes a segment ready to run. */
static enum glb_status prepare(struct glb_emu *e, int segment) {
    enum glb_status s;
    if (e->state[segment] == STALE) {
        glb_emu_code_free(&e->code[segment]);
        glb_emu_plan_free(&e->plan[segment]);
        if ((s = glb_emu_decode(&e->m, segment, e->live, &e->code[segment])) != GLB_OK)
            return s;
        e->state[segment] = DECODED;
    }
    if (e->state[segment] == PLANNED || !e->code[segment].ok)
        return GLB_OK;
    if ((s = glb_emu_plan_build(&e->m, &e->code[segment], &e->plan[segment])) != GLB_OK)
        return s;
    e->state[segment] = PLANNED;
    return grow_pages(e, e->plan[segment].page_slots);
}

static enum glb_status check_program(const struct glb_emu *e, const struct glb_program *p) {
    const struct glb_array *a = &e->m.a, *b = &p->array;
    if (a->tiles != b->tiles || a->lanes != b->lanes || a->chains != b->chains || a->jw != b->jw ||
        a->acc != b->acc || a->gw != b->gw || p->s_used > a->sdepth || p->c_used > a->cdepth)
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
    forget(e);
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
        if ((s = prepare(e, i)) != GLB_OK)
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
        forget(e);
    for (int i = 0; changed && i < GLB_SEGMENTS; i++)
        if (e->state[i] == PLANNED)
            e->state[i] = DECODED;
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
        uint64_t *out = slot(e, &e->block[i], page, ((size_t)tile << e->m.a.aw) + (size_t)addr);
        size_t first;
        const int n = block_words(e, i, &first);
        memcpy(in, words + first, (size_t)n * sizeof *in);
        glb_to_kernel(e->m.a.chains, in, out);
        for (int k = 0; k < GLB_BLOCK_WORDS; k++)
            out[GLB_BLOCK_WORDS + k] = ~out[k];
    }
}

static void get_block(const struct glb_emu *e, int i, int page, int tile, int addr,
                      uint64_t *words) {
    uint64_t out[GLB_BLOCK_WORDS];
    size_t first;
    const int n = block_words(e, i, &first);
    const int unused = 64 * (int)e->stride - e->boards * e->m.a.chains;
    glb_from_kernel(e->m.a.chains,
                    slot(e, &e->block[i], page, ((size_t)tile << e->m.a.aw) + (size_t)addr), out);
    if (i == e->nblocks - 1)
        out[n - 1] &= ~UINT64_C(0) >> unused;
    memcpy(words + first, out, (size_t)n * sizeof *out);
}

void glb_emu_get(const struct glb_emu *e, int page, int tile, int addr, uint64_t *words) {
    for (int i = 0; i < e->nblocks; i++)
        get_block(e, i, page, tile, addr, words);
}

/* ---- jobs ---- */

static void run_block(struct glb_emu *e, int i) {
    const struct glb_job *j = e->job;
    struct block *b = &e->block[i];
    struct position at = e->from;
    for (uint64_t k = 0; k < e->sweeps; k++) {
        while (at.sweep == j->steps[at.step].sweeps)
            at = (struct position){at.step + 1, 0};
        for (int g = 0; g < j->nseg; g++)
            e->kernel(&e->plan[j->seg[g]], b->page + (size_t)j->page * e->page_bytes, b->lfsr,
                      b->drawn, e->tables[at.step]);
        at.sweep++;
    }
}

/* The same on the references of the block's boards, whose states are moved there and back. */
static void run_block_on_ref(struct glb_emu *e, int block) {
    const struct glb_job *j = e->job;
    const int chains = e->m.a.chains, first = block * e->per_block;
    const int end = first + e->per_block < e->boards ? first + e->per_block : e->boards;
    const uint64_t mask = (UINT64_C(1) << chains) - 1;
    for (int b = first; b < end; b++) {
        struct position at = e->from;
        for (uint64_t k = 0; k < e->sweeps; k++) {
            while (at.sweep == j->steps[at.step].sweeps)
                at = (struct position){at.step + 1, 0};
            glb_ref_beta(e->ref[b], j->steps[at.step].k);
            for (int g = 0; g < j->nseg; g++)
                glb_ref_segment(e->ref[b], j->seg[g], j->page);
            at.sweep++;
        }
    }
    for (int t = 0; t < e->m.a.tiles; t++)
        for (int addr = 0; addr < 1 << e->m.a.aw; addr++) {
            uint64_t in[GLB_BLOCK_WORDS] = {0};
            uint64_t *out =
                slot(e, &e->block[block], j->page, ((size_t)t << e->m.a.aw) + (size_t)addr);
            for (int b = first; b < end; b++) {
                const int bit = (b - first) * chains;
                in[bit / 64] |= (glb_ref_state(e->ref[b], j->page, t, addr) & mask) << (bit % 64);
            }
            glb_to_kernel(chains, in, out);
            for (int k = 0; k < GLB_BLOCK_WORDS; k++)
                out[GLB_BLOCK_WORDS + k] = ~out[k];
        }
}

static void run_blocks(void *user, int first, int end) {
    struct glb_emu *e = user;
    const struct glb_job *j = e->job;
    for (int i = first; i < end; i++) {
        if (e->on_ref)
            run_block_on_ref(e, i);
        else
            run_block(e, i);
        uint64_t *to = e->sample;
        for (int r = 0; to && r < j->nruns; r++)
            for (int k = 0; k < j->runs[r].count; k++, to += e->stride)
                get_block(e, i, j->page, j->runs[r].tile, j->runs[r].addr + k, to);
    }
}

/* Starts the references with the blocks' states. */
static enum glb_status start_refs(struct glb_emu *e, const uint64_t *seeds) {
    const struct glb_array *a = &e->m.a;
    const uint64_t mask = (UINT64_C(1) << a->chains) - 1;
    uint64_t *words = malloc(e->stride * sizeof *words);
    if (!words)
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for a state word");
    for (int b = 0; b < e->boards; b++) {
        const enum glb_status s = e->ref[b] ? GLB_OK : glb_ref_open_shared(&e->m, &e->ref[b]);
        if (s != GLB_OK) {
            free(words);
            return s;
        }
        glb_ref_begin(e->ref[b], seeds ? seeds[b] : e->job->seed);
    }
    for (int t = 0; t < a->tiles; t++)
        for (int addr = 0; addr < 1 << a->aw; addr++) {
            glb_emu_get(e, e->job->page, t, addr, words);
            for (int b = 0; b < e->boards; b++) {
                const int bit = b * a->chains;
                glb_ref_set_state(e->ref[b], e->job->page, t, addr,
                                  (uint32_t)(words[bit / 64] >> (bit % 64) & mask));
            }
        }
    free(words);
    return GLB_OK;
}

/* Noise generators from the seeds; boards beyond the last one of the last block get any. */
static enum glb_status start_blocks(struct glb_emu *e, const uint64_t *seeds) {
    const int lanes = e->m.a.tiles * e->m.a.lanes;
    uint64_t lfsr[GLB_MAX_TILES * GLB_MAX_LANES];
    for (int i = 0; i < e->nblocks; i++) {
        memset(e->block[i].drawn, 0, (size_t)lanes);
        for (int k = 0; k < e->per_block; k++) {
            const int board = i * e->per_block + k;
            glb_noise_seed(seeds && board < e->boards ? seeds[board] : e->job->seed, lanes, lfsr);
            for (int l = 0; l < lanes; l++)
                e->block[i].lfsr[(size_t)l * (size_t)e->per_block + (size_t)k] = lfsr[l];
        }
    }
    return GLB_OK;
}

/* The next sweep after `done` at which something happens: a sample, or the end. */
static uint64_t next_stop(const struct glb_job *j, uint64_t done, uint64_t total) {
    if (j->interval == 0)
        return total;
    uint64_t next = (uint64_t)j->burn_in + j->interval;
    if (done >= j->burn_in)
        next = done + j->interval - (done - j->burn_in) % j->interval;
    return next < total ? next : total;
}

static void span(struct glb_emu *e, uint64_t sweeps, uint64_t *sample) {
    e->sweeps = sweeps;
    e->sample = sample;
    glb_parallel(e->threads, e->nblocks, run_blocks, e);
    while (sweeps > 0) { /* where that leaves the schedule */
        const uint64_t left = e->job->steps[e->from.step].sweeps - e->from.sweep;
        if (sweeps <= left) {
            e->from.sweep += (uint32_t)sweeps;
            return;
        }
        sweeps -= left;
        e->from = (struct position){e->from.step + 1, 0};
    }
}

static enum glb_status run_spans(struct glb_emu *e, uint64_t *words, glb_sample_fn fn, void *user,
                                 struct glb_job_counters *n) {
    const struct glb_job *j = e->job;
    uint64_t total = 0, flips = 0, cycles = 0, done = 0;
    for (int i = 0; i < j->nsteps; i++)
        total += j->steps[i].sweeps;
    for (int i = 0; i < j->nseg; i++) {
        flips += e->m.seg[j->seg[i]].flips;
        cycles += (uint64_t)(e->m.seg[j->seg[i]].s_len + e->m.a.gap);
    }
    if (j->flags & GLB_RUN_SAMPLE_INITIAL) {
        span(e, 0, words);
        n->aborted = fn && fn(user, n->samples, 0, words, e->stride);
        n->samples++;
    }
    while (done < total && !n->aborted) {
        const uint64_t stop = next_stop(j, done, total);
        const int due = glb_job_sample_due(j, stop, total);
        span(e, stop - done, due ? words : NULL);
        n->flips += (stop - done) * flips;
        n->run_cycles += (stop - done) * cycles;
        done = stop;
        n->sweeps = (uint32_t)done;
        if (due) {
            n->aborted = fn && fn(user, n->samples, n->sweeps, words, e->stride);
            n->samples++;
        }
    }
    if (total == 0 && j->flags & GLB_RUN_SAMPLE_FINAL && !n->aborted) {
        span(e, 0, words);
        n->aborted = fn && fn(user, n->samples, 0, words, e->stride);
        n->samples++;
    }
    return GLB_OK;
}

enum glb_status glb_emu_run(struct glb_emu *e, const struct glb_job *j, const uint64_t *seeds,
                            glb_sample_fn fn, void *user, struct glb_job_counters *counters) {
    struct glb_job_counters n = {0};
    enum glb_status s = glb_job_check(&e->m.a, j);
    if (s != GLB_OK)
        return s;
    e->on_ref = 0;
    for (int i = 0; i < j->nseg; i++) {
        if ((s = prepare(e, j->seg[i])) != GLB_OK)
            return s;
        e->on_ref |= !e->code[j->seg[i]].ok;
    }
    size_t nwords = 0;
    for (int i = 0; i < j->nruns; i++)
        nwords += j->runs[i].count;
    uint64_t *words = malloc((nwords * e->stride + 1) * sizeof *words);
    e->tables = malloc((size_t)j->nsteps * sizeof *e->tables);
    if (!words || !e->tables) {
        s = glb_fail(GLB_ERR_MEMORY, "emulator: no memory for a sample of %zu words", nwords);
    } else {
        for (int i = 0; i < j->nsteps; i++)
            glb_noise_table(j->steps[i].k, e->m.a.acc, e->tables[i]);
        e->job = j;
        e->from = (struct position){0, 0};
        s = e->on_ref ? start_refs(e, seeds) : start_blocks(e, seeds);
        if (s == GLB_OK)
            s = run_spans(e, words, fn, user, &n);
    }
    free(words);
    free(e->tables);
    e->tables = NULL;
    if (counters)
        *counters = n;
    return s;
}
