/* Frames of the boundary test. SPDX-License-Identifier: Apache-2.0 */
#include "boundary_jobs.h"

#include <string.h>
#include "array/program.h"
#include "array/protocol.h"
#include "array/target.h"
#include "base/counter_rng.h"
#include "base/little_endian.h"
#include "compiler/compile.h"
#include "graph/graph.h"
#include "support/frames.h"

enum { FEW_RUNS = 0, FEW_WORDS = 3, P_BITS = 12, COUNTS = 2, DUMPS, SUMS = 12 };
/* What jobs and frames change besides p-bits: the first words of the tiles that are read. */
enum { PAGES_USED = 3, TILES_READ = 4, FIRST_WORDS = 16 };

static struct glb_slot slot[P_BITS]; /* of the program's p-bits */

void add_frame(struct stream *s, int cmd, const void *payload, size_t n) {
    static uint8_t seq;
    s->n += frame_make(s->b + s->n, GLB_SYNC_HOST, cmd, seq++, 0, payload, n);
}

void add_write(struct stream *s, const struct glb_array *a, int target, int tile, int addr,
               uint64_t lo, uint64_t hi) {
    uint8_t b[20], *q = b;
    const int bytes = glb_target_shape(a, target).bytes;
    q = glb_put_le(q, (uint64_t)target, 1);
    q = glb_put_le(q, (uint64_t)tile, 1);
    q = glb_put_le(q, (uint64_t)addr, 2);
    q = glb_put_le(q, lo, bytes < 8 ? bytes : 8);
    if (bytes > 8)
        q = glb_put_le(q, hi, bytes - 8);
    add_frame(s, GLB_CMD_WRITE, b, (size_t)(q - b));
}

/* What a state word has before each round. */
static uint64_t state_word(const struct glb_array *a, int tile, int addr) {
    return glb_random_at(3, 1, (uint64_t)tile, (uint64_t)addr) & ((1u << a->chains) - 1);
}

static void add_words(struct stream *s, const struct glb_array *a, int tile, int addr, int n) {
    uint8_t b[GLB_MAX_PAYLOAD] = {GLB_TARGET_STATE, (uint8_t)tile}, *q = b + 4;
    glb_put_le(b + 2, (uint64_t)addr, 2);
    for (int i = 0; i < n; i++)
        q = glb_put_le(q, state_word(a, tile, addr + i), (a->chains + 7) / 8);
    add_frame(s, GLB_CMD_WRITE, b, (size_t)(q - b));
}

static void add_no_sums(struct stream *s, const struct glb_array *a, int tile) {
    uint8_t b[4 + 8 * SUMS] = {GLB_TARGET_COUPLING, (uint8_t)tile};
    glb_put_le(b + 2, (uint64_t)(a->cdepth - SUMS), 2);
    add_frame(s, GLB_CMD_WRITE, b,
              4 + (size_t)SUMS * (size_t)glb_target_shape(a, GLB_TARGET_COUPLING).bytes);
}

static void add_all_states(struct stream *s, const struct glb_array *a) {
    for (int t = 0; t < a->tiles; t++) {
        for (int page = 0; page < GLB_PAGES; page++)
            add_words(s, a, t, page << a->aw, 1 << a->aw);
        add_no_sums(s, a, t);
    }
}

void add_states(struct stream *s, const struct glb_array *a, int counted) {
    for (int page = 0; page < PAGES_USED; page++) {
        for (int t = 0; t < TILES_READ; t++)
            add_words(s, a, t, page << a->aw, FIRST_WORDS);
        for (int i = 0; i < P_BITS; i++)
            add_words(s, a, slot[i].tile, page << a->aw | slot[i].lane << a->gw | slot[i].g, 1);
    }
    for (int t = 0; t < a->tiles && counted; t++) {
        add_words(s, a, t, (PAGES_USED - 1) << a->aw, SUMS);
        add_no_sums(s, a, t);
    }
}

void add_tokens(struct stream *s, const struct glb_array *a, int page) {
    const int bytes = (a->chains + 7) / 8;
    uint8_t b[40] = {GLB_TARGET_STATES, (uint8_t)page, FEW_RUNS}, *q = b + 4;
    *q++ = 3;
    for (uint64_t w = 1; w <= 4; w++)
        q = glb_put_le(q, w, bytes);
    *q++ = 128 + 2;
    *q++ = 9;
    for (uint64_t w = 5; w <= 14; w++)
        q = glb_put_le(q, w, bytes);
    add_frame(s, GLB_CMD_WRITE, b, (size_t)(q - b));
}

void add_run(struct stream *s, int number, const struct job_spec *j) {
    uint8_t b[GLB_RUN_BYTES] = {0}, *q = b;
    q = glb_put_le(q, (uint64_t)number, 4);
    q = glb_put_le(q, UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(number + 1), 8);
    q = glb_put_le(q, (uint64_t)j->beta_start, 2);
    q = glb_put_le(q, (uint64_t)j->beta_count, 2);
    q = glb_put_le(q, 0, 4);
    q = glb_put_le(q, (uint64_t)j->interval, 4);
    q = glb_put_le(q, (uint64_t)(j->all ? GLB_MAX_TILES : FEW_RUNS), 2);
    q = glb_put_le(q, 4, 2);
    q = glb_put_le(q, (uint64_t)j->page, 1);
    q = glb_put_le(q, (uint64_t)j->flags, 1);
    q = glb_put_le(q, (uint64_t)j->nseg, 1);
    q = glb_put_le(q, (uint64_t)j->nsampled, 1);
    for (int i = 0; i < j->nseg; i++)
        q = glb_put_le(q, (uint64_t)j->seg[i], 1);
    add_frame(s, GLB_CMD_RUN, b, sizeof b);
}

static struct glb_program *compile(const struct glb_array *a) {
    struct glb_graph *g;
    struct glb_program *p = NULL;
    int32_t pbit[P_BITS];
    struct glb_segment_spec spec[2] = {{pbit, P_BITS / 2}, {pbit + P_BITS / 2, P_BITS / 2}};
    struct glb_compile_options o = {.seed = 1, .nsegments = 2, .segments = spec};
    struct glb_compile_report report;
    for (int i = 0; i < P_BITS; i++)
        pbit[i] = i;
    glb_graph_generate("regular", "n=12,d=3,weights=pm1,bias=pm1,bias-scale=0.5", 8, &g);
    if (!g || glb_compile(g, a, &o, &p, &report))
        p = NULL;
    glb_graph_free(g);
    return p;
}

static void add_segment(struct stream *s, const struct glb_array *a, int number,
                        const struct glb_segment *g) {
    uint64_t lo, hi;
    glb_segment_pack(g, &lo, &hi);
    add_write(s, a, GLB_TARGET_SEG, 0, number, lo, hi);
}

static void add_images(struct stream *s, const struct glb_array *a, const struct glb_program *p) {
    const int chunks = glb_array_chunks(a);
    for (int i = 0; i < p->s_used; i++) {
        for (int t = 0; t < a->tiles; t++)
            add_write(s, a, GLB_TARGET_SCHED, t, i, p->sched[i * a->tiles + t], 0);
        for (int k = 0; k < chunks; k++)
            add_write(s, a, GLB_TARGET_NET, k, i, p->net[i * chunks + k], 0);
    }
    for (int t = 0; t < a->tiles; t++)
        for (int i = 0; i < p->c_used; i++)
            add_write(s, a, GLB_TARGET_COUPLING, t, i, p->coupling[t * p->c_used + i], 0);
    for (int i = 0; i < p->nseg; i++)
        add_segment(s, a, i, &p->seg[i]);
}

/* Two own words, each compared with several words; the sums' low bits go to lane 0. */
static void add_counts(struct stream *s, const struct glb_array *a, int s_start) {
    const struct glb_segment counts = {.s_start = s_start,
                                       .s_len = SUMS,
                                       .c_start = a->cdepth - SUMS,
                                       .mode = GLB_SEGMENT_COUNTS},
                             dumps = {.s_len = SUMS,
                                      .c_start = a->cdepth - SUMS,
                                      .mode = GLB_SEGMENT_DUMPS};
    for (int i = 0; i < SUMS; i++) {
        for (int t = 0; t < a->tiles; t++)
            add_write(s, a, GLB_TARGET_SCHED, t, s_start + i,
                      (uint64_t)((i * 5 + t) % 16 << a->ow | (i ? i == 7 ? 1 : 3 : 1 + t % 2)), 0);
        for (int k = 0; k < glb_array_chunks(a); k++)
            add_write(s, a, GLB_TARGET_NET, k, s_start + i, (uint64_t)(i * 40503 >> 3) & 0xffff, 0);
    }
    add_segment(s, a, COUNTS, &counts);
    add_segment(s, a, DUMPS, &dumps);
}

int add_program(struct stream *s, const struct glb_array *a) {
    static const struct {
        double beta;
        uint32_t sweeps;
    } steps[] = {{0.5, 2}, {1, 1}, {0.3, 1}, {0.7, 2}};
    struct glb_program *p = compile(a);
    if (!p)
        return -1;
    memcpy(slot, p->slot, sizeof slot);
    add_images(s, a, p);
    add_all_states(s, a);
    add_counts(s, a, p->s_used);
    for (int i = 0; i < 4; i++) {
        uint32_t k;
        if (glb_program_k(p, steps[i].beta, &k))
            k = 0;
        add_write(s, a, GLB_TARGET_BETA, 0, i, k | (uint64_t)steps[i].sweeps << 32, 0);
    }
    for (int t = 0; t < 4; t++) {
        add_write(s, a, GLB_TARGET_RUNS, 0, FEW_RUNS + t,
                  (uint64_t)t | (uint64_t)FEW_WORDS * (uint64_t)t << 16 | (uint64_t)FEW_WORDS << 32,
                  0);
        add_write(s, a, GLB_TARGET_RUNS, 0, GLB_MAX_TILES + t,
                  (uint64_t)t | (UINT64_C(1) << a->aw) << 32, 0);
    }
    glb_program_free(p);
    return 0;
}
