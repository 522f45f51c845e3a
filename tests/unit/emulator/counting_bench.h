/* An emulator beside references on images whose segments update, hold, count and dump.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef COUNTING_BENCH_H
#define COUNTING_BENCH_H

#include "array/protocol.h"
#include "support/beside_reference.h"
#include "support/random_program.h"

/* The images: which clocks and entries the segments have. Sums go round at the memory's end. */
enum { UPDATES, HOLDS, LAWLESS, HOLDS_UPDATES, COUNTS, MORE_COUNTS, DUMPS, MORE_DUMPS, SEGMENTS };
enum { SDEPTH = 1024, CDEPTH = 512, C_USED = 445, FIRST_SUM = 446, MORE_SUMS = 480 };

static struct {
    struct glb_array a;
    struct glb_board_memory m; /* of the references */
    struct glb_emu *e;
    struct glb_reference *ref[MAX_BOARDS];
    int boards;
    struct glb_program p;
} bench;

static inline void random_dump(int s) {
    struct glb_segment *g = &bench.m.seg[s];
    *g = (struct glb_segment){.s_start = below(SDEPTH),
                              .s_len = 1 + below(40),
                              .c_start = (FIRST_SUM - 8 + below(CDEPTH - FIRST_SUM + 8)) % CDEPTH,
                              .wp_start = below(1 << bench.a.gw),
                              .mode = GLB_SEGMENT_DUMPS,
                              .part = below(glb_array_sum_parts(&bench.a))};
}

static inline void random_images(void) {
    struct glb_board_memory *m = &bench.m;
    random_segment(m, UPDATES, 0, 200, 10, 0);
    random_segment(m, HOLDS, 200, 200, 210, 0);
    random_segment(m, LAWLESS, 400, 30, 410, 1);
    random_counts(m, COUNTS, 430, 60, FIRST_SUM, 30, 1);
    random_counts(m, MORE_COUNTS, 490, 150, MORE_SUMS, 40, 0);
    m->seg[HOLDS].mode = GLB_SEGMENT_HOLDS;
    m->seg[HOLDS_UPDATES] = m->seg[UPDATES];
    m->seg[HOLDS_UPDATES].mode = GLB_SEGMENT_HOLDS;
    random_dump(DUMPS);
    random_dump(MORE_DUMPS);
}

/* The program has the first C_USED entries of each tile. */
static inline void copy_couplings(void) {
    for (int t = 0; t < bench.a.tiles; t++)
        memcpy(bench.p.coupling + (size_t)t * C_USED, bench.m.coupling + (size_t)t * CDEPTH,
               C_USED * sizeof(uint64_t));
    for (int b = 0; b < bench.boards; b++)
        for (int t = 0; t < bench.a.tiles; t++)
            for (int i = 0; i < C_USED; i++)
                glb_reference_entry_written(bench.ref[b], t, i);
}

static inline void load(void) {
    copy_couplings();
    memcpy(bench.p.seg, bench.m.seg, sizeof bench.p.seg);
    assert_int_equal(glb_emu_load(bench.e, &bench.p), GLB_OK);
}

static inline void update(void) {
    static uint64_t old[GLB_MAX_TILES * CDEPTH];
    memcpy(old, bench.m.coupling, sizeof *old * (size_t)bench.a.tiles * CDEPTH);
    random_weights(&bench.m);
    for (int t = 0; t < bench.a.tiles; t++)
        memcpy(bench.m.coupling + (size_t)t * CDEPTH + C_USED, old + (size_t)t * CDEPTH + C_USED,
               (CDEPTH - C_USED) * sizeof *old);
    copy_couplings();
    assert_int_equal(glb_emu_update(bench.e, &bench.p), GLB_OK);
}

/* A word where a sum is or may come to be, at times just before it goes round. */
static inline void write_sum(int tile, int entry, uint64_t word) {
    bench.m.coupling[(size_t)tile * CDEPTH + (size_t)entry] = word;
    for (int b = 0; b < bench.boards; b++)
        glb_reference_entry_written(bench.ref[b], tile, entry);
    assert_int_equal(glb_emu_write(bench.e, GLB_TARGET_COUPLING, tile, entry, word, 0), GLB_OK);
}

static inline void write_segment(int s) {
    uint64_t lo, hi;
    glb_segment_pack(&bench.m.seg[s], &lo, &hi);
    assert_int_equal(glb_emu_write(bench.e, GLB_TARGET_SEG, 0, s, lo, hi), GLB_OK);
}

static inline int open_bench(const char *array, int chains, enum glb_emu_path path, int boards,
                             int threads) {
    struct glb_array *a = &bench.a;
    *a = *glb_array_find(array);
    a->chains = chains;
    a->sdepth = SDEPTH;
    a->cdepth = CDEPTH;
    glb_array_derive(a);
    bench.boards = boards;
    if (glb_emu_open(a, boards, threads, path, &bench.e) == GLB_ERR_UNSUPPORTED)
        return 0;
    assert_int_equal(glb_board_memory_init(&bench.m, a), GLB_OK);
    for (int b = 0; b < boards; b++)
        assert_int_equal(glb_reference_open_shared(&bench.m, &bench.ref[b]), GLB_OK);
    random_images();
    for (int t = 0; t < a->tiles; t++) /* no load touches these */
        for (int i = C_USED; i < CDEPTH; i++)
            write_sum(t, i, below(2) ? 0x3fff0u + (uint64_t)below(16) : 0);
    bench.p = (struct glb_program){.array = *a,
                                   .nseg = UPDATES + 1,
                                   .nextra = SEGMENTS - UPDATES - 1,
                                   .s_used = SDEPTH,
                                   .c_used = C_USED,
                                   .sched = bench.m.sched,
                                   .net = bench.m.net};
    bench.p.coupling = calloc((size_t)a->tiles * C_USED, sizeof(uint64_t));
    load();
    return 1;
}

static inline void close_bench(void) {
    for (int b = 0; b < bench.boards; b++)
        glb_reference_close(bench.ref[b]);
    free(bench.p.coupling);
    glb_emu_close(bench.e);
    glb_board_memory_free(&bench.m);
}

#endif
