/* Noise rows: each batch's numbers are made right before it, eight octets of generators at a time,
 * and put where the batch reads them. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "emulator/update_groups.h"

enum { OCTET = 8, AT_ONCE = 8 };

struct use {   /* of a lane's row */
    int batch; /* -1: not needed */
    int place; /* numbers of a state word before it */
};

struct rows {
    const struct glb_array *a;
    struct glb_emu_order *o;
    int parts, boards, lanes, octets;
    int *lane_rows, *lane_first; /* of a lane: how many, where in use */
    struct use *use;
    int *made, *last; /* rows of an octet: so far, all */
    int32_t *free_block;
    int nfree;
};

static void count_rows(struct rows *r) {
    struct glb_emu_order *o = r->o;
    for (int i = 0; i < o->nupdates; i++)
        r->lane_rows[o->update[i].lane] += o->update[i].draws;
    for (int l = 0, at = 0; l < r->lanes; at += r->lane_rows[l++])
        r->lane_first[l] = at;
    for (int f = 0; f < r->lanes * r->boards; f++)
        if (r->last[f / OCTET] < r->lane_rows[f / r->boards])
            r->last[f / OCTET] = r->lane_rows[f / r->boards];
}

static void list_uses(struct rows *r) {
    const struct glb_emu_order *o = r->o;
    for (int b = 0; b < o->nbatches; b++)
        for (int i = 0; i < o->batch[b].n; i++) {
            const struct glb_emu_update *u = &o->update[o->member[o->batch[b].first + i]];
            for (int k = 0; k < u->draws; k++)
                r->use[r->lane_first[u->lane] + u->row + k] = (struct use){b, i + k};
        }
}

/* ---- places in the noise buffer ---- */

static int large(const struct rows *r, const struct glb_emu_batch *b) {
    return b->kind == GLB_UPDATE_ALONE &&
           r->o->update[r->o->member[b->first]].draws * r->parts > GLB_SLOT_PARTS;
}

static uint32_t place(struct rows *r, const struct use *u) {
    struct glb_emu_order *o = r->o;
    struct glb_emu_batch *b = &o->batch[u->batch];
    const uint32_t word = (uint32_t)r->parts * GLB_NOISE_BLOCK / GLB_SLOT_PARTS;
    if (b->noise < 0 && r->nfree > 0 && !large(r, b)) {
        b->noise = r->free_block[--r->nfree];
    } else if (b->noise < 0) {
        const uint32_t draws = (uint32_t)o->update[o->member[b->first]].draws;
        b->noise = (int32_t)o->noise_bytes;
        o->noise_bytes +=
            large(r, b) ? (draws * word + GLB_NOISE_BLOCK - 1) / GLB_NOISE_BLOCK * GLB_NOISE_BLOCK
                        : GLB_NOISE_BLOCK;
    }
    return (uint32_t)b->noise + (uint32_t)u->place * word;
}

static void release(struct rows *r, const struct glb_emu_batch *b) {
    if (b->noise >= 0 && !large(r, b))
        r->free_block[r->nfree++] = b->noise;
}

/* ---- rows ---- */

static void add_row(struct rows *r, int octet, int k) {
    struct glb_emu_row *z = &r->o->row[r->o->nrows++];
    *z = (struct glb_emu_row){.octet = (uint32_t)octet};
    for (int j = 0; j < OCTET; j++) {
        const int f = OCTET * octet + j, lane = f / r->boards;
        if (lane >= r->lanes || k >= r->lane_rows[lane])
            continue;
        const struct use *u = &r->use[r->lane_first[lane] + k];
        z->active |= (uint8_t)(1 << j);
        if (u->batch < 0)
            continue;
        z->used |= (uint8_t)(1 << j);
        z->to[j] = place(r, u) + (uint32_t)(f % r->boards * r->a->chains) * 2;
    }
}

/* Rows of the octets first .. end - 1 until they have made `need` or all of theirs. */
static void make_rows(struct rows *r, int first, int end, int need) {
    int k = need;
    for (int o = first; o < end; o++)
        k = r->made[o] < k ? r->made[o] : k;
    for (; k < need; k++)
        for (int o = first; o < end; o++)
            if (r->made[o] == k && k < r->last[o]) {
                r->made[o]++;
                add_row(r, o, k);
            }
}

static void rows_for(struct rows *r, const struct glb_emu_update *u) {
    const int first = u->lane * r->boards / OCTET, last = (u->lane * r->boards + r->boards - 1) / 8;
    const int need = u->row + u->draws;
    int end = (last / AT_ONCE + 1) * AT_ONCE;
    end = end < r->octets ? end : r->octets;
    if (u->draws && r->made[first] < need)
        make_rows(r, first / AT_ONCE * AT_ONCE, end, need);
}

static void plan_rows(struct rows *r) {
    struct glb_emu_order *o = r->o;
    o->noise_bytes = GLB_NOISE_BLOCK; /* the first: for numbers that nothing reads */
    for (int b = 0; b < o->nbatches; b++) {
        struct glb_emu_batch *batch = &o->batch[b];
        const uint32_t before = o->nrows;
        for (int i = 0; i < batch->n; i++)
            rows_for(r, &o->update[o->member[batch->first + i]]);
        batch->rows = o->nrows - before;
        release(r, batch);
    }
    const uint32_t before = o->nrows;
    int most = 0;
    for (int i = 0; i < r->octets; i++)
        most = r->last[i] > most ? r->last[i] : most;
    for (int i = 0; i < r->octets; i += AT_ONCE)
        make_rows(r, i, i + AT_ONCE < r->octets ? i + AT_ONCE : r->octets, most);
    o->rows_after = o->nrows - before;
}

enum glb_status glb_emu_rows_build(const struct glb_array *a, int parts, struct glb_emu_order *o) {
    struct rows r = {.a = a,
                     .o = o,
                     .parts = parts,
                     .boards = parts * 16 / a->chains,
                     .lanes = a->tiles * a->lanes};
    size_t rows = 0, all = 0;
    r.octets = (r.lanes * r.boards + OCTET - 1) / OCTET;
    for (int i = 0; i < o->nupdates; i++)
        rows += (size_t)o->update[i].draws;
    r.lane_rows = calloc((size_t)r.lanes, sizeof *r.lane_rows);
    r.lane_first = calloc((size_t)r.lanes, sizeof *r.lane_first);
    r.use = malloc((rows + 1) * sizeof *r.use);
    r.made = calloc((size_t)r.octets, sizeof *r.made);
    r.last = calloc((size_t)r.octets, sizeof *r.last);
    r.free_block = malloc(((size_t)o->nbatches + 1) * sizeof *r.free_block);
    int enough = r.lane_rows && r.lane_first && r.use && r.made && r.last && r.free_block;
    if (enough) {
        memset(r.use, 0xff, (rows + 1) * sizeof *r.use);
        count_rows(&r);
        list_uses(&r);
        for (int i = 0; i < r.octets; i++)
            all += (size_t)r.last[i];
        o->row = malloc((all + 1) * sizeof *o->row);
        enough = o->row != NULL;
    }
    if (enough)
        plan_rows(&r);
    free(r.lane_rows);
    free(r.lane_first);
    free(r.use);
    free(r.made);
    free(r.last);
    free(r.free_block);
    return enough ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "emulator: no memory for noise rows");
}
