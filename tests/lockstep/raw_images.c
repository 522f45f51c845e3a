/* Random memory images that keep array.md's rules. SPDX-License-Identifier: Apache-2.0 */
#include "raw_images.h"

#include <stdlib.h>
#include <string.h>
#include "array/coupling_word.h"

enum { MAX_SDEPTH = 2048 };

static uint32_t below(struct glb_rng *r, uint32_t n) {
    return glb_rng_below(r, n);
}

/* Which bank's word arrives at each tile, by walking the butterfly. */
static void route(const struct glb_array *a, const uint16_t *net, int *bank) {
    for (int t = 0; t < a->tiles; t++)
        bank[t] = t;
    for (int s = 0; s < a->ns; s++)
        for (int k = 0; k < a->tiles / 2; k++) {
            const int bit = s * a->tiles / 2 + k, p = (k >> s << (s + 1)) | (k & ((1 << s) - 1)),
                      q = p | 1 << s;
            if (net[bit / 16] >> bit % 16 & 1) {
                const int swap = bank[p];
                bank[p] = bank[q];
                bank[q] = swap;
            }
        }
}

static uint64_t random_ctrl(const struct glb_array *a, struct glb_rng *r, int lane, int we) {
    const int nz = a->lanes > 1 && below(r, 4) == 0;
    return glb_ctrl_word(a, (int)below(r, 1u << (a->acc - 1)), below(r, 3) == 0, below(r, 3) != 0,
                         we, nz, lane);
}

static uint64_t random_read(const struct glb_array *a, struct glb_rng *r) {
    const uint64_t payload = glb_rng_u64(r) & ((UINT64_C(1) << a->pw) - 1);
    const uint64_t flag = below(r, 3) ? 0 : 1 + below(r, (uint32_t)a->lanes);
    return payload << a->ow | flag;
}

/* One segment of len clocks at s_start; entries from c_start on. Returns the entries used. */
static int fill_segment(struct image *im, struct glb_rng *r, struct glb_segment *seg, int c_room) {
    const struct glb_array *a = &im->p.array;
    static uint8_t writes[MAX_SDEPTH + 64][GLB_MAX_TILES];
    int used[GLB_MAX_TILES] = {0}, closed[GLB_MAX_TILES][GLB_MAX_LANES] = {{0}},
        bank[GLB_MAX_TILES];
    const int chunks = (a->nb + 15) / 16;
    memset(writes, 0, sizeof writes);
    for (int c = 0; c < seg->s_len; c++) {
        uint16_t *net = im->p.net + (size_t)(seg->s_start + c) * chunks;
        for (int k = 0; k < chunks; k++)
            net[k] = (uint16_t)glb_rng_u64(r);
        route(a, net, bank);
        for (int t = 0; t < a->tiles; t++) {
            const uint32_t addr = below(r, 1u << a->aw), lane = below(r, (uint32_t)a->lanes),
                           dice = below(r, 10);
            uint32_t op = 0;
            uint64_t *entry = im->p.coupling + (size_t)t * im->p.c_used + seg->c_start + used[t];
            if (dice < 3)
                op = 1 + lane;
            else if (dice < 9 && used[t] < c_room) {
                const int full = seg->wp_start + closed[t][lane] >= 1 << a->gw;
                if (dice == 8 && !full) {
                    const int we = below(r, 5) != 0;
                    *entry = random_ctrl(a, r, (int)lane, we);
                    closed[t][lane]++;
                    writes[c + a->wl][t] = (uint8_t)we;
                    seg->flips += (uint32_t)a->chains;
                    op = (uint32_t)a->ctrl;
                } else if (!writes[c][bank[t]]) {
                    *entry = random_read(a, r);
                    op = (uint32_t)a->ctrl;
                }
                used[t] += op != 0;
            }
            im->p.sched[(size_t)(seg->s_start + c) * a->tiles + t] = addr << a->ow | op;
        }
    }
    int most = 0;
    for (int t = 0; t < a->tiles; t++)
        if (used[t] > most)
            most = used[t];
    return most;
}

/* One that counts, at most `room` sums a tile; clock 0 takes own words if `takes`. */
static void fill_counts(struct image *im, struct glb_rng *r, const struct glb_segment *seg,
                        int room, int takes) {
    const struct glb_array *a = &im->p.array;
    const int chunks = glb_array_chunks(a);
    int counts[GLB_MAX_TILES] = {0};
    for (int c = seg->s_start; c < seg->s_start + seg->s_len; c++) {
        for (int k = 0; k < chunks; k++)
            im->p.net[(size_t)c * (size_t)chunks + k] = (uint16_t)glb_rng_u64(r);
        for (int t = 0; t < a->tiles; t++) {
            uint32_t op = takes && c == seg->s_start ? 1 + below(r, 2) : below(r, 4);
            if (op == 3 && counts[t]++ >= room)
                op = 0;
            im->p.sched[(size_t)c * a->tiles + t] = below(r, 1u << a->aw) << a->ow | op;
        }
    }
}

/* Updates as ever, half of them held; sums and where they are dumped. */
static void fill_any(struct image *im, struct glb_rng *r, struct glb_segment *seg, int *entry) {
    const int number = (int)(seg - im->p.seg), skipped = (int)below(r, (uint32_t)im->sums);
    const uint32_t dice = below(r, 8);
    seg->c_start = im->first_sum + skipped;
    if (dice < 3) {
        const int takes = im->takes < 0 || below(r, 2);
        seg->mode = GLB_SEGMENT_COUNTS;
        fill_counts(im, r, seg, im->sums - skipped, takes);
        if (takes && im->takes < 0)
            im->takes = number;
        im->lasting |= !takes << number;
        return;
    }
    const int c_start = *entry;
    seg->mode = below(r, 2) ? GLB_SEGMENT_HOLDS : GLB_SEGMENT_SAMPLES;
    seg->c_start = c_start;
    *entry += fill_segment(im, r, seg, im->first_sum - c_start);
    if (dice == 3) { /* its ops have no meaning */
        seg->mode = GLB_SEGMENT_DUMPS;
        seg->c_start = im->first_sum + skipped;
        seg->part = (int)below(r, (uint32_t)glb_array_sum_parts(&im->p.array));
        seg->s_len = seg->s_len < im->sums - skipped ? seg->s_len : im->sums - skipped;
    }
}

/* The last segments: dumps of all sums, a part each. */
static void add_dumps(struct image *im) {
    const int parts = glb_array_sum_parts(&im->p.array);
    for (int k = 0; k < parts; k++)
        im->p.seg[im->dumps + k] = (struct glb_segment){
            .s_len = im->sums, .c_start = im->first_sum, .mode = GLB_SEGMENT_DUMPS, .part = k};
}

void image_make(struct image *im, const struct glb_array *a, struct glb_rng *r) {
    memset(im, 0, sizeof *im);
    im->p.array = *a;
    im->takes = -1;
    im->sums = 1 << a->gw;
    im->first_sum = a->cdepth - im->sums;
    im->dumps = GLB_SEGMENTS - glb_array_sum_parts(a);
    const int depth = a->sdepth < MAX_SDEPTH ? a->sdepth : MAX_SDEPTH;
    im->p.s_used =
        below(r, 4) ? 8 + (int)below(r, (uint32_t)depth / 2 - 8) : depth; /* now and then full */
    im->p.c_used = a->cdepth;
    im->p.sched = calloc((size_t)im->p.s_used * a->tiles, sizeof *im->p.sched);
    im->p.net = calloc((size_t)im->p.s_used * (size_t)glb_array_chunks(a), sizeof *im->p.net);
    im->p.coupling = calloc((size_t)a->tiles * a->cdepth, sizeof *im->p.coupling);
    int s = 0, entry = 0;
    while (s < im->p.s_used && im->p.nseg < im->dumps) {
        struct glb_segment *seg = &im->p.seg[im->p.nseg++];
        const int len = 1 + (int)below(r, (uint32_t)(im->p.s_used - s));
        *seg = (struct glb_segment){
            .s_start = s, .s_len = len, .wp_start = (int)below(r, 1u << a->gw)};
        fill_any(im, r, seg, &entry);
        s += len;
    }
    for (int t = 0; t < a->tiles; t++)
        for (int e = im->first_sum; e < a->cdepth; e++)
            im->p.coupling[t * a->cdepth + e] = glb_rng_u64(r) & ((UINT64_C(1) << a->cw) - 1);
    im->p.nextra = GLB_SEGMENTS - im->p.nseg;
    add_dumps(im);
    for (int l = 0; l < a->tiles * a->lanes; l++) {
        im->runs[im->nruns++] = (struct glb_run){.tile = (uint16_t)(l / a->lanes),
                                                 .addr = (uint16_t)(l % a->lanes << a->gw),
                                                 .count = (uint16_t)(1 << a->gw)};
        im->nwords += (size_t)1 << a->gw;
    }
}

void image_free(struct image *im) {
    free(im->p.sched);
    free(im->p.net);
    free(im->p.coupling);
}
