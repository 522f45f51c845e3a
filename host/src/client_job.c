/* Loading programs, states and jobs into a device, and collecting a job's samples.
 * SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <stdlib.h>
#include <string.h>
#include "proto.h"

static const char *target_name[GLB_TARGETS] = {"WRITE SCHED", "WRITE NET", "WRITE COUPLING",
                                               "WRITE STATE", "WRITE SEG", "WRITE BETA",
                                               "WRITE RUNS"};

enum glb_status glb_client_write(struct glb_client *c, int target, int tile, int addr,
                                 const void *items, int bytes, int count) {
    enum { HEAD = 4 };
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

uint64_t glb_job_sweeps(const struct glb_job *j) {
    uint64_t total = 0;
    for (int i = 0; i < j->nsteps; i++)
        total += j->steps[i].sweeps;
    return total;
}

uint32_t glb_job_samples(const struct glb_job *j) {
    const uint64_t total = glb_job_sweeps(j);
    const int initial = (j->flags & GLB_RUN_SAMPLE_INITIAL) != 0;
    const uint64_t periodic =
        j->interval && total > j->burn_in ? (total - j->burn_in) / j->interval : 0;
    const int on_point = periodic && (total - j->burn_in) % j->interval == 0;
    return (uint32_t)(initial + periodic + ((j->flags & GLB_RUN_SAMPLE_FINAL) && !on_point));
}

uint32_t glb_job_sample_sweep(const struct glb_job *j, uint32_t sample) {
    const uint64_t total = glb_job_sweeps(j);
    const uint32_t initial = (j->flags & GLB_RUN_SAMPLE_INITIAL) != 0;
    if (sample < initial)
        return 0;
    const uint64_t at =
        j->interval ? j->burn_in + (uint64_t)(sample - initial + 1) * j->interval : total;
    return (uint32_t)(at < total ? at : total);
}

struct running {
    const struct glb_job *j;
    struct glb_job_counters *counters;
    glb_sample_fn fn;
    void *user;
    uint64_t *words;
    size_t nwords;
    int bytes; /* of one word */
    uint32_t next;
    int done, stop;
};

static enum glb_status on_data(void *self, const uint8_t *p, size_t len) {
    struct running *r = self;
    if (len != 8 + r->nwords * r->bytes || glb_take(p, 4) != r->j->id ||
        glb_take(p + 4, 4) != r->next)
        return glb_fail(
            GLB_ERR_PROTOCOL,
            "DATA frame of %zu bytes, job %u, sample %u; expected %zu bytes, job %u, sample %u",
            len, (unsigned)glb_take(p, 4), (unsigned)glb_take(p + 4, 4), 8 + r->nwords * r->bytes,
            r->j->id, r->next);
    for (size_t i = 0; i < r->nwords; i++)
        r->words[i] = glb_take(p + 8 + i * r->bytes, r->bytes);
    if (!r->stop && r->fn)
        r->stop = r->fn(r->user, r->next, glb_job_sample_sweep(r->j, r->next), r->words, 1);
    r->next++;
    return GLB_OK;
}

static enum glb_status on_done(void *self, int status, const uint8_t *p, size_t len) {
    struct running *r = self;
    r->done = 1;
    if (len != GLB_DONE_BYTES || glb_take(p, 4) != r->j->id)
        return glb_fail(GLB_ERR_PROTOCOL,
                        "DONE frame of %zu bytes, job %u; expected %d bytes, job %u", len,
                        (unsigned)glb_take(p, 4), GLB_DONE_BYTES, r->j->id);
    *r->counters = (struct glb_job_counters){.sweeps = (uint32_t)glb_take(p + 4, 4),
                                             .samples = (uint32_t)glb_take(p + 8, 4),
                                             .flips = glb_take(p + 16, 8),
                                             .run_cycles = glb_take(p + 24, 8),
                                             .stall_cycles = glb_take(p + 32, 8),
                                             .aborted = status == GLB_WIRE_ABORTED};
    if (r->counters->samples != r->next)
        return glb_fail(GLB_ERR_PROTOCOL, "the device says it sent %u samples, %u arrived",
                        r->counters->samples, r->next);
    return GLB_OK;
}

static enum glb_status send_job(struct glb_client *c, const struct glb_job *j) {
    uint8_t buf[GLB_RUNS * 6 + GLB_BETA_STEPS * 8];
    for (int i = 0; i < j->nsteps; i++) {
        glb_put(buf + 8 * i, j->steps[i].k, 4);
        glb_put(buf + 8 * i + 4, j->steps[i].sweeps, 4);
    }
    enum glb_status s = glb_client_write(c, GLB_TARGET_BETA, 0, 0, buf, 8, j->nsteps);
    for (int i = 0; i < j->nruns; i++) {
        glb_put(buf + 6 * i, j->runs[i].tile, 2);
        glb_put(buf + 6 * i + 2, j->runs[i].addr, 2);
        glb_put(buf + 6 * i + 4, j->runs[i].count, 2);
    }
    if (!s)
        s = glb_client_write(c, GLB_TARGET_RUNS, 0, 0, buf, 6, j->nruns);
    uint8_t run[GLB_RUN_BYTES] = {0};
    glb_put(run, j->id, 4);
    glb_put(run + 4, j->seed, 8);
    glb_put(run + 12, 0, 2);
    glb_put(run + 14, (uint64_t)j->nsteps, 2);
    glb_put(run + 16, j->burn_in, 4);
    glb_put(run + 20, j->interval, 4);
    glb_put(run + 24, 0, 2);
    glb_put(run + 26, (uint64_t)j->nruns, 2);
    run[28] = j->page;
    run[29] = j->flags;
    run[30] = j->nseg;
    memcpy(run + 32, j->seg, GLB_SEGMENTS);
    if (!s)
        s = glb_client_send(c, GLB_CMD_RUN, run, sizeof run, "RUN", 0, 0);
    const enum glb_status r = glb_client_sync(c);
    return s ? s : r;
}

enum glb_status glb_client_run(struct glb_client *c, const struct glb_array *a,
                               const struct glb_job *j, glb_sample_fn fn, void *user,
                               struct glb_job_counters *counters) {
    struct running r = {
        .j = j, .counters = counters, .fn = fn, .user = user, .bytes = (a->chains + 7) / 8};
    for (int i = 0; i < j->nruns; i++)
        r.nwords += j->runs[i].count;
    if (8 + r.nwords * r.bytes > 65535)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "a sample of %zu words does not fit a frame; read out fewer p-bits",
                        r.nwords);
    if (!(r.words = malloc((r.nwords + 1) * sizeof *r.words)))
        return glb_fail(GLB_ERR_MEMORY, "no memory for samples of %zu words", r.nwords);
    const struct glb_client_listener listener = {on_data, on_done, &r};
    glb_client_listen(c, &listener);
    enum glb_status s = send_job(c, j);
    for (int aborting = 0; !s && !r.done;) {
        int moved;
        s = glb_client_pump(c, &moved);
        if (!s && !moved) { /* silence: fine while it computes, so ask whether it does */
            struct glb_wire_counters w;
            s = glb_client_status(c, &w);
            if (!s && !w.running && !r.done) {
                s = glb_client_pump(c, &moved);
                if (!s && !r.done && !moved)
                    s = glb_fail(GLB_ERR_DEVICE, "job %u ended without a DONE frame", j->id);
            }
        }
        if (!s && !aborting && !r.done && (r.stop || (j->stop && *j->stop))) {
            aborting = 1;
            s = glb_client_abort(c);
        }
    }
    if (!s)
        s = glb_client_sync(c);
    glb_client_listen(c, NULL);
    free(r.words);
    return s;
}
