/* A job on a device, and a second one behind it: sending them, collecting their samples.
 * SPDX-License-Identifier: Apache-2.0 */
#include "wire/client.h"

#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"

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

/* A job on the device, or behind the one that runs. */
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

struct glb_client_jobs {
    struct running slot[2];
    int first, count;
    uint8_t beta[GLB_BETA_STEPS * 8], runs[GLB_RUNS * 6]; /* as the device has them */
    int beta_bytes, runs_bytes;                           /* -1: not known */
};

/* The job that the device is at: the first one that is not done. NULL and an error, in which a
 * frame of `kind` (p, len) is named, if it has done them all. */
static struct running *at_work(struct glb_client_jobs *q, const char *kind, const uint8_t *p,
                               size_t len) {
    for (int i = 0; i < q->count; i++) {
        struct running *r = &q->slot[i ? !q->first : q->first];
        if (!r->done)
            return r;
    }
    glb_fail(GLB_ERR_PROTOCOL, "%s frame of job %u, though no job runs", kind,
             len < 4 ? 0 : (unsigned)glb_take(p, 4));
    return NULL;
}

static enum glb_status on_data(void *self, const uint8_t *p, size_t len) {
    struct running *r = at_work(self, "DATA", p, len);
    if (!r)
        return GLB_ERR_PROTOCOL;
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
    struct running *r = at_work(self, "DONE", p, len);
    if (!r)
        return GLB_ERR_PROTOCOL;
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

/* What the device is told from outside replaces what jobs told it. */
void glb_client_forget(struct glb_client *c, int target) {
    struct glb_client_jobs *q = *glb_client_jobs(c);
    if (q && target == GLB_TARGET_BETA)
        q->beta_bytes = -1;
    if (q && target == GLB_TARGET_RUNS)
        q->runs_bytes = -1;
}

static struct glb_client_jobs *jobs_of(struct glb_client *c) {
    struct glb_client_jobs **q = glb_client_jobs(c);
    if (!*q && (*q = calloc(1, sizeof **q)))
        (*q)->beta_bytes = (*q)->runs_bytes = -1;
    return *q;
}

static void drop(struct glb_client *c, struct glb_client_jobs *q, struct running *r) {
    free(r->words);
    r->words = NULL;
    if (--q->count == 0)
        glb_client_listen(c, NULL);
}

static void drop_first(struct glb_client *c, struct glb_client_jobs *q) {
    drop(c, q, &q->slot[q->first]);
    q->first = !q->first;
}

void glb_client_jobs_free(struct glb_client_jobs *q) {
    if (!q)
        return;
    free(q->slot[0].words);
    free(q->slot[1].words);
    free(q);
}

/* The schedule or the list of what is read, unless the device has it: it takes neither while a job
 * runs. */
static enum glb_status send_list(struct glb_client *c, struct glb_client_jobs *q, int target,
                                 const uint8_t *list, int bytes, int item) {
    uint8_t *known = target == GLB_TARGET_BETA ? q->beta : q->runs;
    int *known_bytes = target == GLB_TARGET_BETA ? &q->beta_bytes : &q->runs_bytes;
    if (*known_bytes >= bytes && memcmp(known, list, (size_t)bytes) == 0)
        return GLB_OK;
    while (q->count > 0) {
        const enum glb_status s = glb_client_finish(c);
        if (s)
            return s;
    }
    const enum glb_status s = glb_client_write(c, target, 0, 0, list, item, bytes / item);
    if (!s) {
        memcpy(known, list, (size_t)bytes);
        *known_bytes = bytes;
    }
    return s;
}

static enum glb_status send_lists(struct glb_client *c, struct glb_client_jobs *q,
                                  const struct glb_job *j) {
    uint8_t buf[GLB_RUNS * 6 + GLB_BETA_STEPS * 8];
    for (int i = 0; i < j->nsteps; i++) {
        glb_put(buf + 8 * i, j->steps[i].k, 4);
        glb_put(buf + 8 * i + 4, j->steps[i].sweeps, 4);
    }
    enum glb_status s = send_list(c, q, GLB_TARGET_BETA, buf, 8 * j->nsteps, 8);
    for (int i = 0; i < j->nruns; i++) {
        glb_put(buf + 6 * i, j->runs[i].tile, 2);
        glb_put(buf + 6 * i + 2, j->runs[i].addr, 2);
        glb_put(buf + 6 * i + 4, j->runs[i].count, 2);
    }
    return s ? s : send_list(c, q, GLB_TARGET_RUNS, buf, 6 * j->nruns, 6);
}

static enum glb_status send_run(struct glb_client *c, const struct glb_job *j) {
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
    const enum glb_status s = glb_client_send(c, GLB_CMD_RUN, run, sizeof run, "RUN", 0, 0);
    /* its count of frames tells whether the program that runs is still ours */
    return s ? s : glb_client_send(c, GLB_CMD_STATUS, NULL, 0, "STATUS", 0, 0);
}

enum glb_status glb_client_begin(struct glb_client *c, const struct glb_array *a,
                                 const struct glb_job *j, glb_sample_fn fn, void *user,
                                 struct glb_job_counters *counters) {
    struct running r = {
        .j = j, .counters = counters, .fn = fn, .user = user, .bytes = (a->chains + 7) / 8};
    struct glb_client_jobs *q = jobs_of(c);
    enum glb_status s = q ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for jobs");
    for (int i = 0; i < j->nruns; i++)
        r.nwords += j->runs[i].count;
    if (!s && 8 + r.nwords * r.bytes > 65535)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "a sample of %zu words does not fit a frame; read out fewer p-bits",
                        r.nwords);
    while (!s && q->count == 2)
        s = glb_client_finish(c);
    if (!s && !(r.words = malloc((r.nwords + 1) * sizeof *r.words)))
        return glb_fail(GLB_ERR_MEMORY, "no memory for samples of %zu words", r.nwords);
    if (s)
        return s;
    s = send_lists(c, q, j); /* may finish what is there */
    if (s) {
        free(r.words);
        return s;
    }
    /* before RUN goes out: its samples may come while STATUS waits to be sent */
    const struct glb_client_listener listener = {on_data, on_done, q};
    struct running *slot = &q->slot[q->count ? !q->first : q->first];
    *slot = r;
    q->count++;
    glb_client_listen(c, &listener);
    s = send_run(c, j);
    if (s)
        drop(c, q, slot);
    return s;
}

/* Silence: fine while the device computes, so ask whether it does. A job that an abort has dropped
 * from the queue never says that it is done. */
static enum glb_status ask(struct glb_client *c, struct running *r, int aborted) {
    struct glb_wire_counters w;
    int moved;
    enum glb_status s = glb_client_status(c, &w);
    if (s || w.running || w.queued || r->done)
        return s;
    s = glb_client_pump(c, &moved);
    if (s || r->done || moved)
        return s;
    if (!aborted)
        return glb_fail(GLB_ERR_DEVICE, "job %u ended without a DONE frame", r->j->id);
    *r->counters = (struct glb_job_counters){.aborted = 1};
    r->done = 1;
    return GLB_OK;
}

enum glb_status glb_client_finish(struct glb_client *c) {
    struct glb_client_jobs *q = *glb_client_jobs(c);
    if (!q || q->count == 0)
        return GLB_OK;
    struct running *r = &q->slot[q->first], *behind = &q->slot[!q->first];
    enum glb_status s = GLB_OK;
    for (int aborting = r->stop == 2; !s && !r->done;) {
        int moved;
        s = glb_client_pump(c, &moved);
        if (!s && !moved)
            s = ask(c, r, aborting);
        if (!s && !aborting && !r->done && (r->stop || (r->j->stop && *r->j->stop))) {
            aborting = 1;
            if (q->count == 2) /* ABORT drops it, or hits it if the first has just ended */
                behind->stop = 2;
            s = glb_client_abort(c);
        }
    }
    if (!s)
        s = glb_client_sync(c);
    drop_first(c, q);
    while (s && q->count > 0) /* nothing that comes can be trusted */
        drop_first(c, q);
    return s;
}

enum glb_status glb_client_run(struct glb_client *c, const struct glb_array *a,
                               const struct glb_job *j, glb_sample_fn fn, void *user,
                               struct glb_job_counters *counters) {
    struct glb_client_jobs *q = jobs_of(c);
    enum glb_status s = q ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for jobs");
    while (!s && q->count > 0)
        s = glb_client_finish(c);
    if (!s)
        s = glb_client_begin(c, a, j, fn, user, counters);
    return s ? s : glb_client_finish(c);
}
