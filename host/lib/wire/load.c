/* Memory images as WRITE frames. SPDX-License-Identifier: Apache-2.0 */
#include "wire/load.h"

#include <stdlib.h>
#include "base/little_endian.h"

enum { STATES_A_WRITE = 256, SEGMENT_BYTES = 12 };

/* Waits for the replies to what was queued before an error s, if any. */
static enum glb_status settle(struct link *l, enum glb_status s) {
    if (s && l->broken)
        return s;
    const enum glb_status r = link_sync(l);
    return s ? s : r;
}

enum glb_status load_couplings(struct link *l, const struct glb_program *p) {
    const int bytes = (p->array.cw + 7) / 8;
    uint8_t *buf = malloc((size_t)p->c_used * bytes + 1);
    enum glb_status s = buf ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory to load the program");
    for (int t = 0; t < p->array.tiles && !s; t++) {
        for (int e = 0; e < p->c_used; e++)
            glb_put_le(buf + (size_t)e * bytes, p->coupling[(size_t)t * p->c_used + e], bytes);
        s = link_write(l, GLB_TARGET_COUPLING, t, 0, buf, bytes, p->c_used);
    }
    free(buf);
    return settle(l, s);
}

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
    uint8_t seg[GLB_SEGMENTS * SEGMENT_BYTES], *to = seg;
    for (int i = 0; i < p->nseg; i++) {
        to = glb_put_le(to, (uint64_t)p->seg[i].s_start, 2);
        to = glb_put_le(to, (uint64_t)p->seg[i].s_len, 2);
        to = glb_put_le(to, (uint64_t)p->seg[i].c_start, 2);
        to = glb_put_le(to, (uint64_t)p->seg[i].wp_start, 2);
        to = glb_put_le(to, p->seg[i].flips, 4);
    }
    return link_write(l, GLB_TARGET_SEG, 0, 0, seg, SEGMENT_BYTES, p->nseg);
}

enum glb_status load_program(struct link *l, const struct glb_program *p) {
    /* from here on a reset of the board would lose something: STATUS gives its count of frames */
    enum glb_status s = link_send(l, GLB_CMD_STATUS, NULL, 0, "STATUS", 0, 0);
    if (!s)
        s = load_schedule(l, p);
    if (!s)
        s = load_segments(l, p);
    return s ? settle(l, s) : load_couplings(l, p);
}

enum glb_status load_states(struct link *l, const struct glb_array *a, int page,
                            const struct glb_run *runs, int nruns, const uint64_t *words,
                            size_t stride) {
    const int bytes = (a->chains + 7) / 8;
    uint8_t buf[GLB_MAX_PAYLOAD];
    size_t i = 0;
    for (int r = 0; r < nruns; r++)
        for (int done = 0; done < runs[r].count;) {
            const int left = runs[r].count - done,
                      n = left < STATES_A_WRITE ? left : STATES_A_WRITE;
            for (int k = 0; k < n; k++, i++)
                glb_put_le(buf + (size_t)k * bytes, words[i * stride], bytes);
            const enum glb_status s =
                link_write(l, GLB_TARGET_STATE, runs[r].tile, page << a->aw | (runs[r].addr + done),
                           buf, bytes, n);
            if (s)
                return s;
            done += n;
        }
    return link_sync(l);
}
