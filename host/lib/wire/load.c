/* Memory images as WRITE frames. SPDX-License-Identifier: Apache-2.0 */
#include "wire/load.h"

#include <stdlib.h>
#include <string.h>
#include "base/little_endian.h"
#include "wire/frame.h"

/* Waits for the replies to what was queued before an error s, if any. */
static enum glb_status settle(struct link *l, enum glb_status s) {
    if (s && l->broken)
        return s;
    const enum glb_status r = link_sync(l);
    return s ? s : r;
}

/* ---- couplings ---- */

void forget_couplings(struct sent_couplings *has) {
    free(has->words);
    *has = (struct sent_couplings){0};
}

/* The end of the entries that go into one WRITE with entry `from`, which differs. Equal entries
 * between two that differ go along where a frame of its own and its reply take more bytes. */
static int changed_end(const uint64_t *new, const uint64_t *old, int from, int count, int bytes) {
    const int frame = GLB_FRAME_EXTRA + GLB_WRITE_HEAD_BYTES + GLB_FRAME_EXTRA;
    int end = from + 1;
    for (int e = end; e < count && (e - end) * bytes < frame; e++)
        if (new[e] != old[e])
            end = e + 1;
    return end;
}

/* Entries from .. end - 1 of a tile. */
static enum glb_status write_entries(struct link *l, const struct glb_program *p, int tile,
                                     int from, int end, uint8_t *buf) {
    const int bytes = (p->array.cw + 7) / 8;
    const uint64_t *words = p->coupling + (size_t)tile * p->c_used;
    for (int e = from; e < end; e++)
        glb_put_le(buf + (size_t)(e - from) * bytes, words[e], bytes);
    return link_write(l, GLB_TARGET_COUPLING, tile, from, buf, bytes, end - from);
}

/* What differs of a tile from the old words, or all if there are none. */
static enum glb_status load_tile(struct link *l, const struct glb_program *p, int tile,
                                 const uint64_t *old, uint8_t *buf) {
    const uint64_t *new = p->coupling + (size_t)tile * p->c_used;
    enum glb_status s = GLB_OK;
    if (!old)
        return write_entries(l, p, tile, 0, p->c_used, buf);
    for (int e = 0; e < p->c_used && !s; e++) {
        if (new[e] == old[e])
            continue;
        const int end = changed_end(new, old, e, p->c_used, (p->array.cw + 7) / 8);
        s = write_entries(l, p, tile, e, end, buf);
        e = end;
    }
    return s;
}

enum glb_status load_couplings(struct link *l, const struct glb_program *p,
                               struct sent_couplings *has) {
    const int tiles = p->array.tiles, entries = p->c_used;
    const size_t words = (size_t)tiles * (size_t)entries;
    if (has->written != l->written[GLB_TARGET_COUPLING] || has->tiles != tiles ||
        has->entries != entries)
        forget_couplings(has);
    uint8_t *buf = malloc((size_t)entries * sizeof(uint64_t) + 1);
    uint64_t *sent = has->words ? has->words : malloc(words * sizeof *sent + 1);
    enum glb_status s =
        buf && sent ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory to load the program");
    for (int t = 0; t < tiles && !s; t++)
        s = load_tile(l, p, t, has->words ? sent + (size_t)t * entries : NULL, buf);
    free(buf);
    s = settle(l, s);
    has->words = sent;
    if (s) { /* some of it may be there */
        forget_couplings(has);
        return s;
    }
    memcpy(sent, p->coupling, words * sizeof *sent);
    has->tiles = tiles;
    has->entries = entries;
    has->written = l->written[GLB_TARGET_COUPLING];
    return GLB_OK;
}

/* ---- programs ---- */

static enum glb_status load_schedule(struct link *l, const struct glb_program *p) {
    const struct glb_array *a = &p->array;
    const int bytes = (a->sw + 7) / 8, chunks = (a->nb + 15) / 16;
    uint8_t *buf = malloc((size_t)p->s_used * (bytes > 2 ? bytes : 2) + 1);
    enum glb_status s = buf ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory to load the program");
    for (int t = 0; t < a->tiles && !s; t++) {
        for (int k = 0; k < p->s_used; k++)
            glb_put_le(buf + (size_t)k * bytes, p->sched[(size_t)k * a->tiles + t], bytes);
        s = link_write(l, GLB_TARGET_SCHED, t, 0, buf, bytes, p->s_used);
    }
    for (int ch = 0; ch < chunks && !s; ch++) {
        for (int k = 0; k < p->s_used; k++)
            glb_put_le(buf + (size_t)k * 2, p->net[(size_t)k * chunks + ch], 2);
        s = link_write(l, GLB_TARGET_NET, ch, 0, buf, 2, p->s_used);
    }
    free(buf);
    return s;
}

static enum glb_status load_segments(struct link *l, const struct glb_program *p) {
    uint8_t seg[GLB_SEGMENTS * GLB_SEGMENT_BYTES], *to = seg;
    const int count = p->nseg + p->nextra;
    for (int i = 0; i < count; i++) {
        uint64_t lo, hi;
        glb_segment_pack(&p->seg[i], &lo, &hi);
        to = glb_put_le(to, lo, 8);
        to = glb_put_le(to, hi, 4);
    }
    return link_write(l, GLB_TARGET_SEG, 0, 0, seg, GLB_SEGMENT_BYTES, count);
}

enum glb_status load_program(struct link *l, const struct glb_program *p,
                             struct sent_couplings *has) {
    forget_couplings(has);
    /* from here on a reset of the board would lose something: STATUS gives its count of frames */
    enum glb_status s = link_send(l, GLB_CMD_STATUS, NULL, 0, "STATUS", 0, 0);
    if (!s)
        s = load_schedule(l, p);
    if (!s)
        s = load_segments(l, p);
    return s ? settle(l, s) : load_couplings(l, p, has);
}
