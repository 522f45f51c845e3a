/* What the kernels run: a decoded segment with its weights, as noise rows, groups of updates and
 * single ones.
 *
 * A slot of 512 bits has 32 parts of 16 bits. A part holds a state word of 16 / CHAINS boards,
 * board by board; a block of `parts` parts (a power of two) has parts * 16 / CHAINS boards. Then a
 * group of 32 / parts updates that do not depend on each other fills a slot: part i * parts + k
 * belongs to update i. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_PLAN_H
#define GLB_EMULATOR_PLAN_H

#include "emulator/update_groups.h"

/* A page of a block: a slot of zeros, one for results of no update, then the state words in the
 * order of their places, each with its complement behind it, temporaries likewise, scratch slots.
 */
enum { GLB_PAGE_START = 2 * GLB_SLOT_BYTES, GLB_NO_NOISE = -1 };

/* 32 / parts updates, or fewer. Its numbers lie in `data`, one after another:
 *   gather   [nreads][32 / parts]: state words that are put together to slots from `scratch` on; at
 *            one part a slot number each, 16 bits or, in a wide plan, 32; else byte offsets in the
 *            page
 *   masked   m7 counters: 7 byte offsets of slots, 7 masks of parts; m3 adders: 3 and 3; m1 copies:
 *            1 and 1
 *   offset   n7 counters, 7 byte offsets each; n3 adders, 3; then one a plane
 *   to       [results][32 / parts] byte offsets of the words that are written
 * Results of counters, three each, and adders, two, follow the gathered slots in this order. */
struct glb_emu_group {
    uint32_t data;
    uint32_t nreads, m7, m3, m1, n7, n3;
    int32_t noise;          /* byte offset of its numbers, or GLB_NO_NOISE */
    uint8_t plane, nplanes; /* the planes that are not zero */
    uint8_t results;        /* more than one: the sum's sign, then those of its doubles */
    uint16_t factor;        /* the planes' number is multiplied by it */
    int16_t bias[GLB_SLOT_PARTS];
};

struct glb_emu_unit_read {
    uint32_t from;
    int32_t weight;
};

struct glb_emu_unit_stage {
    uint32_t reads, to; /* to: byte offset */
    int16_t bias;
    uint8_t noise, dbl, we;
};

struct glb_emu_unit { /* an update for itself: its stages and their reads in order */
    uint32_t stages;
    int32_t noise;
};

struct glb_emu_step {
    uint32_t rows; /* noise rows to make first */
    enum glb_emu_kind { GLB_STEP_NONE, GLB_STEP_GROUP, GLB_STEP_UNIT } kind;
};

struct glb_emu_plan {
    int acc, chains, parts;
    int wide;            /* at one part: slot numbers of 32 bits */
    uint32_t scratch;    /* byte offset */
    uint32_t page_bytes; /* that a page needs for this plan */
    uint32_t nsteps;
    const struct glb_emu_row *row;
    struct glb_emu_step *step;
    struct glb_emu_group *group; /* in the order of the steps, as all that follows */
    struct glb_emu_unit *unit;
    struct glb_emu_unit_stage *stage;
    struct glb_emu_unit_read *read;
    uint32_t *data;
    size_t data_room;
    struct glb_emu_order order;
};

/* Plans the segment for the weights that the images hold now, for blocks of `parts`; the old
 * content of *out is reused. place: of each state word, those of the segment below nplaced. */
enum glb_status glb_emu_plan_build(const struct glb_board_memory *m, const struct glb_emu_code *c,
                                   int parts, const uint32_t *place, uint32_t nplaced,
                                   struct glb_emu_plan *out);
void glb_emu_plan_free(struct glb_emu_plan *p);

/* ---- sums of groups ---- */

struct glb_emu_term { /* size times a state word */
    uint32_t slot;    /* odd: of the complement */
    uint32_t size;    /* > 0 */
};

struct glb_emu_adders; /* working memory */

struct glb_emu_adders *glb_emu_adders_new(int acc, size_t terms); /* of an update at most */
void glb_emu_adders_free(struct glb_emu_adders *b);

/* Numbers of data that a group may take, `terms` being the most of one of its updates. */
size_t glb_emu_group_room(int acc, size_t terms);

/* Makes g's sums from n updates' terms, update i having count[i] from term[first[i]] on; factor,
 * bias and data up to `to`. Returns where the group's results end: a byte offset. */
uint32_t glb_emu_group_sums(struct glb_emu_adders *b, const struct glb_emu_plan *p,
                            struct glb_emu_term *term, const size_t *first, const size_t *count,
                            int n, struct glb_emu_group *g, uint32_t **data);

#endif
