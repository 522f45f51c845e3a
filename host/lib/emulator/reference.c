/* The reference: interprets the memory images clock by clock as docs/design/array.md sections 2 to
 * 4 and 6 say. Slow and plain on purpose; where the page leaves bits undefined (a read at the clock
 * of the bank's write) it takes the old word, and schedule and coupling addresses wrap at the end
 * of their memories. SPDX-License-Identifier: Apache-2.0 */
#include "emulator/reference.h"

#include <stdlib.h>
#include <string.h>

#include "array/coupling_word.h"
#include "array/noise.h"
#include "array/target.h"

struct write { /* a result on its way to the bank */
    int due;   /* clock of the write */
    int addr;
    uint32_t word;
};

struct lane {
    uint64_t lfsr;
    uint8_t tail;
    int nc; /* the chain that gets the next noise word */
    int wp;
    int32_t acc[GLB_MAX_CHAINS];
};

struct tile {
    int cptr;
    uint32_t own;     /* the word that counting compares with */
    int first, count; /* the writes in flight: a ring, oldest first */
    struct write flight[32];
    struct lane lane[GLB_MAX_LANES];
};

enum { OWN_WORD = 1, OWN_ONES, COUNT, SUM_BITS = 18 }; /* ops of a segment that counts */
static const uint32_t SUM_MASK = (1u << SUM_BITS) - 1, COUNTED = 1u << 31;

struct glb_reference {
    const struct glb_board_memory *m;
    struct glb_board_memory *owned; /* NULL: the images are the caller's */
    uint32_t *state;                /* [pages][tiles][2^aw] */
    struct tile *tile;              /* [tiles] */
    uint32_t *sum;                  /* [tiles][cdepth] COUNTED | sum; 0: the image's entry holds */
    int16_t table[1024];
};

enum glb_status glb_reference_open_shared(const struct glb_board_memory *m,
                                          struct glb_reference **out) {
    struct glb_reference *r = calloc(1, sizeof *r);
    if (r) {
        r->m = m;
        r->state = calloc((size_t)GLB_PAGES * m->a.tiles << m->a.aw, sizeof *r->state);
        r->tile = calloc((size_t)m->a.tiles, sizeof *r->tile);
        r->sum = calloc((size_t)m->a.tiles * m->a.cdepth, sizeof *r->sum);
        if (r->state && r->tile && r->sum) {
            *out = r;
            return GLB_OK;
        }
    }
    glb_reference_close(r);
    return glb_fail(GLB_ERR_MEMORY, "reference: no memory for array %s", m->a.name);
}

enum glb_status glb_reference_open(const struct glb_array *a, struct glb_reference **out) {
    struct glb_board_memory *m = malloc(sizeof *m);
    if (!m)
        return glb_fail(GLB_ERR_MEMORY, "reference: no memory for array %s", a->name);
    enum glb_status s = glb_board_memory_init(m, a);
    if (s == GLB_OK && (s = glb_reference_open_shared(m, out)) == GLB_OK) {
        (*out)->owned = m;
        return GLB_OK;
    }
    if (m->sched)
        glb_board_memory_free(m);
    free(m);
    return s;
}

void glb_reference_close(struct glb_reference *r) {
    if (!r)
        return;
    if (r->owned) {
        glb_board_memory_free(r->owned);
        free(r->owned);
    }
    free(r->state);
    free(r->tile);
    free(r->sum);
    free(r);
}

static uint32_t *state_word(const struct glb_reference *r, int page, int tile, int addr) {
    return r->state + (((size_t)page * r->m->a.tiles + tile) << r->m->a.aw) + addr;
}

const struct glb_board_memory *glb_reference_memory(const struct glb_reference *r) {
    return r->m;
}

uint32_t glb_reference_state(const struct glb_reference *r, int page, int tile, int addr) {
    return *state_word(r, page, tile, addr);
}

void glb_reference_set_state(struct glb_reference *r, int page, int tile, int addr, uint32_t word) {
    *state_word(r, page, tile, addr) = word & ((1u << r->m->a.chains) - 1);
}

uint64_t glb_reference_entry(const struct glb_reference *r, int tile, int entry) {
    const size_t at = (size_t)tile * r->m->a.cdepth + entry;
    return r->sum[at] ? r->sum[at] & SUM_MASK : r->m->coupling[at];
}

void glb_reference_entry_written(struct glb_reference *r, int tile, int entry) {
    r->sum[(size_t)tile * r->m->a.cdepth + entry] = 0;
}

enum glb_status glb_reference_write(struct glb_reference *r, int target, int tile, int addr,
                                    uint64_t lo, uint64_t hi) {
    const struct glb_array *a = &r->m->a;
    if (target == GLB_TARGET_STATE) {
        if (!glb_target_holds(a, target, tile, addr, 1))
            return glb_fail(GLB_ERR_ARGUMENT, "reference: no state word at tile %d, address %d",
                            tile, addr);
        glb_reference_set_state(r, addr >> a->aw, tile, addr & ((1 << a->aw) - 1), (uint32_t)lo);
        return GLB_OK;
    }
    if (!r->owned)
        return glb_fail(GLB_ERR_ARGUMENT, "reference: its images are shared, write them there");
    const enum glb_status s = glb_board_memory_write(r->owned, target, tile, addr, lo, hi);
    if (s == GLB_OK && target == GLB_TARGET_COUPLING)
        glb_reference_entry_written(r, tile, addr);
    return s;
}

static int32_t wrap(const struct glb_array *a, int32_t x) {
    return (int32_t)((uint32_t)x << (32 - a->acc)) >> (32 - a->acc);
}

static void take_noise(struct glb_reference *r, struct lane *l) {
    const struct glb_array *a = &r->m->a;
    const int n = glb_noise_word(&l->lfsr, &l->tail, r->table);
    l->acc[l->nc] = wrap(a, l->acc[l->nc] + n);
    l->nc = (l->nc + 1) % a->chains;
}

static void do_ctrl(struct glb_reference *r, struct tile *t, uint64_t entry, int clock, int hold) {
    const struct glb_array *a = &r->m->a;
    const struct glb_ctrl k = glb_ctrl_parts(a, entry);
    struct lane *l = &t->lane[k.lane];
    uint32_t result = 0;
    for (int c = 0; c < a->chains; c++) {
        const int32_t sum = wrap(a, l->acc[c] + (k.dbl ? l->acc[c] : k.bias));
        result |= (uint32_t)(sum >= 0) << c;
        l->acc[c] = k.clr ? 0 : sum;
    }
    if (k.we && !(hold && !k.dbl && k.clr))
        t->flight[(t->first + t->count++) & 31] =
            (struct write){clock + a->wl, k.lane << a->gw | l->wp, result};
    l->wp = (l->wp + 1) & ((1 << a->gw) - 1);
    if (k.nz)
        take_noise(r, &t->lane[k.lane ^ 1]);
}

static void do_read(struct glb_reference *r, struct tile *t, uint64_t entry, int flag,
                    uint32_t word) {
    const struct glb_array *a = &r->m->a;
    for (int l = 0; l < a->lanes; l++) {
        if (flag == l + 1) {
            take_noise(r, &t->lane[l]);
            continue;
        }
        const int j = glb_field(a, entry, l);
        for (int c = 0; c < a->chains; c++)
            if (word >> c & 1)
                t->lane[l].acc[c] = wrap(a, t->lane[l].acc[c] + j);
    }
}

static void do_op(struct glb_reference *r, int tile, int op, uint32_t word, int clock, int hold) {
    struct tile *t = &r->tile[tile];
    const struct glb_array *a = &r->m->a;
    if (op >= 1 && op <= a->lanes)
        take_noise(r, &t->lane[op - 1]);
    if (op != a->ctrl)
        return;
    const uint64_t entry = glb_reference_entry(r, tile, t->cptr);
    t->cptr = (t->cptr + 1) % a->cdepth;
    const int flag = (int)(entry & ((1u << a->ow) - 1));
    if (flag == a->ctrl)
        do_ctrl(r, t, entry, clock, hold);
    else if (flag < a->ctrl)
        do_read(r, t, entry, flag, word);
}

static void commit_writes(struct glb_reference *r, int page, int clock) {
    for (int i = 0; i < r->m->a.tiles; i++) {
        struct tile *t = &r->tile[i];
        while (t->count && t->flight[t->first].due < clock) {
            const struct write *w = &t->flight[t->first];
            *state_word(r, page, i, w->addr) = w->word;
            t->first = (t->first + 1) & 31;
            t->count--;
        }
    }
}

static void network(const struct glb_board_memory *m, const uint16_t *net, uint32_t *wire) {
    for (int s = 0; s < m->a.ns; s++)
        for (int k = 0; k < m->a.tiles / 2; k++) {
            const int p = k >> s << (s + 1) | (k & ((1 << s) - 1));
            const int bit = s * m->a.tiles / 2 + k;
            if (net[bit >> 4] >> (bit & 15) & 1) {
                const uint32_t w = wire[p];
                wire[p] = wire[p | 1 << s];
                wire[p | 1 << s] = w;
            }
        }
}

/* ---- segments ---- */

static void count(struct glb_reference *r, int tile, int op, uint32_t word, unsigned flags) {
    const struct glb_array *a = &r->m->a;
    struct tile *t = &r->tile[tile];
    const uint32_t ones = (1u << a->chains) - 1;
    if (op == OWN_WORD)
        t->own = word;
    else if (op == OWN_ONES)
        t->own = ones;
    if (op != COUNT)
        return;
    const uint32_t old =
        flags & GLB_RUN_REPLACE ? 0 : (uint32_t)glb_reference_entry(r, tile, t->cptr);
    const uint32_t agree = (uint32_t)__builtin_popcount(~(word ^ t->own) & ones);
    const uint32_t sum = old + (flags & GLB_RUN_SUBTRACT ? ~agree : agree);
    r->sum[(size_t)tile * a->cdepth + t->cptr] = COUNTED | (sum & SUM_MASK);
    t->cptr = (t->cptr + 1) % a->cdepth;
}

static void dump(struct glb_reference *r, const struct glb_segment *seg, int page) {
    const struct glb_array *a = &r->m->a;
    const int shift = seg->part * a->chains % 16;
    for (int i = 0; i < a->tiles; i++)
        for (int c = 0; c < seg->s_len; c++) {
            const uint64_t sum = glb_reference_entry(r, i, (seg->c_start + c) % a->cdepth) & 0xffff;
            glb_reference_set_state(r, page, i, (seg->wp_start + c) & ((1 << a->gw) - 1),
                                    (uint32_t)(sum >> shift));
        }
}

void glb_reference_segment(struct glb_reference *r, int segment, int page, unsigned flags) {
    const struct glb_array *a = &r->m->a;
    const struct glb_segment *seg = &r->m->seg[segment];
    const int counts = seg->mode == GLB_SEGMENT_COUNTS, hold = seg->mode == GLB_SEGMENT_HOLDS;
    if (seg->mode == GLB_SEGMENT_DUMPS) {
        dump(r, seg, page);
        return;
    }
    for (int i = 0; i < a->tiles; i++) {
        r->tile[i].cptr = seg->c_start % a->cdepth;
        for (int l = 0; l < a->lanes; l++)
            r->tile[i].lane[l].wp = seg->wp_start & ((1 << a->gw) - 1);
    }
    for (int c = 0; c < seg->s_len; c++) {
        const int pc = (seg->s_start + c) % a->sdepth;
        const uint32_t *sched = r->m->sched + (size_t)pc * a->tiles;
        uint32_t wire[GLB_MAX_TILES];
        commit_writes(r, page, c);
        for (int i = 0; i < a->tiles; i++)
            wire[i] = *state_word(r, page, i, (int)(sched[i] >> a->ow));
        network(r->m, r->m->net + (size_t)pc * r->m->chunks, wire);
        for (int i = 0; i < a->tiles; i++) {
            const int op = (int)(sched[i] & ((1u << a->ow) - 1));
            if (counts)
                count(r, i, op, wire[i], flags);
            else
                do_op(r, i, op, wire[i], c, hold);
        }
    }
    commit_writes(r, page, seg->s_len + a->gap);
}

void glb_reference_begin(struct glb_reference *r, uint64_t seed) {
    const struct glb_array *a = &r->m->a;
    uint64_t lfsr[GLB_MAX_TILES * GLB_MAX_LANES];
    glb_noise_seed(seed, a->tiles * a->lanes, lfsr);
    memset(r->tile, 0, (size_t)a->tiles * sizeof *r->tile);
    for (int i = 0; i < a->tiles * a->lanes; i++)
        r->tile[i / a->lanes].lane[i % a->lanes].lfsr = lfsr[i];
}

void glb_reference_beta(struct glb_reference *r, uint32_t k) {
    glb_noise_table(k, r->m->a.acc, r->table);
}
