/* Loading programs and states into a device. SPDX-License-Identifier: Apache-2.0 */
#include "wire/client.h"

#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"

static const char *target_name[GLB_TARGETS] = {"WRITE SCHED", "WRITE NET", "WRITE COUPLING",
                                               "WRITE STATE", "WRITE SEG", "WRITE BETA",
                                               "WRITE RUNS"};

enum glb_status glb_client_write(struct glb_client *c, int target, int tile, int addr,
                                 const void *items, int bytes, int count) {
    enum { HEAD = 4 };
    glb_client_forget(c, target);
    const uint8_t *from = items;
    const int per_frame = (GLB_MAX_PAYLOAD - HEAD) / bytes;
    uint8_t payload[GLB_MAX_PAYLOAD];
    while (count > 0) {
        const int n = count < per_frame ? count : per_frame;
        payload[0] = (uint8_t)target;
        payload[1] = (uint8_t)tile;
        glb_put(payload + 2, (uint64_t)addr, 2);
        memcpy(payload + HEAD, from, (size_t)n * bytes);
        const enum glb_status s = glb_client_send(
            c, GLB_CMD_WRITE, payload, HEAD + (size_t)n * bytes, target_name[target], tile, addr);
        if (s)
            return s;
        from += (size_t)n * bytes;
        addr += n;
        count -= n;
    }
    return GLB_OK;
}

enum glb_status glb_client_status(struct glb_client *c, struct glb_wire_counters *out) {
    enum glb_status s = glb_client_send(c, GLB_CMD_STATUS, NULL, 0, "STATUS", 0, 0);
    if (s || (s = glb_client_sync(c)))
        return s;
    size_t len;
    const uint8_t *p = glb_client_reply(c, &len);
    if (len != 20)
        return glb_fail(GLB_ERR_PROTOCOL, "STATUS reply of %zu bytes, expected 20", len);
    *out = (struct glb_wire_counters){.running = p[0],
                                      .queued = p[1],
                                      .frames = (uint32_t)glb_take(p + 4, 4),
                                      .bad_crc = (uint32_t)glb_take(p + 8, 4),
                                      .skipped = (uint32_t)glb_take(p + 12, 4),
                                      .errors = (uint32_t)glb_take(p + 16, 4)};
    return GLB_OK;
}

enum glb_status glb_client_abort(struct glb_client *c) {
    return glb_client_send(c, GLB_CMD_ABORT, NULL, 0, "ABORT", 0, 0);
}

enum glb_status glb_client_load_couplings(struct glb_client *c, const struct glb_program *p) {
    const int bytes = (p->array.cw + 7) / 8;
    uint8_t *buf = malloc((size_t)p->c_used * bytes + 1);
    enum glb_status s = buf ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory to load the program");
    for (int t = 0; t < p->array.tiles && !s; t++) {
        for (int e = 0; e < p->c_used; e++)
            glb_put(buf + (size_t)e * bytes, p->coupling[(size_t)t * p->c_used + e], bytes);
        s = glb_client_write(c, GLB_TARGET_COUPLING, t, 0, buf, bytes, p->c_used);
    }
    free(buf);
    const enum glb_status r = glb_client_sync(c);
    return s ? s : r;
}

enum glb_status glb_client_load(struct glb_client *c, const struct glb_program *p) {
    const struct glb_array *a = &p->array;
    const int bytes = (a->sw + 7) / 8, chunks = (a->nb + 15) / 16;
    uint8_t *buf = malloc((size_t)p->s_used * (bytes > 2 ? bytes : 2) + 1);
    enum glb_status s = buf ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory to load the program");
    if (!s) /* from here on a reset of the board would lose something: see check_count() */
        s = glb_client_send(c, GLB_CMD_STATUS, NULL, 0, "STATUS", 0, 0);
    for (int t = 0; t < a->tiles && !s; t++) {
        for (int k = 0; k < p->s_used; k++)
            glb_put(buf + (size_t)k * bytes, p->sched[(size_t)k * a->tiles + t], bytes);
        s = glb_client_write(c, GLB_TARGET_SCHED, t, 0, buf, bytes, p->s_used);
    }
    for (int ch = 0; ch < chunks && !s; ch++) {
        for (int k = 0; k < p->s_used; k++)
            glb_put(buf + (size_t)k * 2, p->net[(size_t)k * chunks + ch], 2);
        s = glb_client_write(c, GLB_TARGET_NET, ch, 0, buf, 2, p->s_used);
    }
    free(buf);
    uint8_t seg[GLB_SEGMENTS * 12];
    for (int i = 0; i < p->nseg; i++) {
        glb_put(seg + 12 * i, (uint64_t)p->seg[i].s_start, 2);
        glb_put(seg + 12 * i + 2, (uint64_t)p->seg[i].s_len, 2);
        glb_put(seg + 12 * i + 4, (uint64_t)p->seg[i].c_start, 2);
        glb_put(seg + 12 * i + 6, (uint64_t)p->seg[i].wp_start, 2);
        glb_put(seg + 12 * i + 8, p->seg[i].flips, 4);
    }
    if (!s)
        s = glb_client_write(c, GLB_TARGET_SEG, 0, 0, seg, 12, p->nseg);
    const enum glb_status r = glb_client_load_couplings(c, p);
    return s ? s : r;
}

enum glb_status glb_client_set_state(struct glb_client *c, const struct glb_array *a, int page,
                                     const struct glb_run *runs, int nruns, const uint64_t *words,
                                     size_t stride) {
    const int bytes = (a->chains + 7) / 8;
    uint8_t buf[GLB_MAX_PAYLOAD];
    size_t i = 0;
    for (int r = 0; r < nruns; r++)
        for (int done = 0; done < runs[r].count;) {
            int n = runs[r].count - done;
            if (n > 256)
                n = 256;
            for (int k = 0; k < n; k++, i++)
                glb_put(buf + (size_t)k * bytes, words[i * stride], bytes);
            const enum glb_status s =
                glb_client_write(c, GLB_TARGET_STATE, runs[r].tile,
                                 page << a->aw | (runs[r].addr + done), buf, bytes, n);
            if (s)
                return s;
            done += n;
        }
    return glb_client_sync(c);
}
