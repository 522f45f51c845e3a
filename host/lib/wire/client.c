/* A device behind a link: jobs, two of which may be in flight. SPDX-License-Identifier: Apache-2.0
 */
#include "wire/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/little_endian.h"
#include "wire/job_queue.h"
#include "wire/load.h"

enum { STEP_BYTES = 8, RUN_BYTES = 6 }; /* an item of BETA, of RUNS */

/* A list as the device has it; valid while the link's count of writes to that memory is `written`.
 */
struct sent_list {
    uint8_t bytes[GLB_RUNS * RUN_BYTES]; /* GLB_BETA_STEPS * STEP_BYTES is less */
    size_t size;
    uint32_t written;
};

struct glb_client {
    struct link link;
    struct link_ident ident;
    char described[160];
    struct job_queue queue;
    struct sent_list beta, runs;
    struct sent_couplings couplings;
};

enum glb_status glb_client_open(const struct glb_transport *t, struct glb_client **out) {
    struct glb_client *c = calloc(1, sizeof *c);
    *out = NULL;
    if (!c) {
        t->close(t->self);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a device");
    }
    enum glb_status s = link_open(&c->link, t);
    if (s) {
        free(c);
        return s;
    }
    s = link_identify(&c->link, &c->ident);
    if (s) {
        glb_client_close(c);
        return s;
    }
    snprintf(c->described, sizeof c->described, "%s (protocol %d, build %08x)",
             link_describe(&c->link), c->ident.protocol, c->ident.build);
    *out = c;
    return GLB_OK;
}

void glb_client_close(struct glb_client *c) {
    if (!c)
        return;
    link_close(&c->link);
    while (c->queue.count > 0)
        queue_drop_first(&c->queue);
    forget_couplings(&c->couplings);
    free(c);
}

const char *glb_client_describe(const struct glb_client *c) {
    return c->described;
}

struct glb_transport *glb_client_transport(struct glb_client *c) {
    return &c->link.t;
}

const struct link_ident *glb_client_ident(const struct glb_client *c) {
    return &c->ident;
}

struct link *glb_client_link(struct glb_client *c) {
    return &c->link;
}

enum glb_status glb_client_check(const struct glb_client *c, const struct glb_array *a) {
    return ident_check(&c->ident, c->described, a);
}

enum glb_status glb_client_status(struct glb_client *c, struct glb_wire_counters *out) {
    return link_status(&c->link, out);
}

uint64_t glb_client_skipped(const struct glb_client *c) {
    return c->link.skipped;
}

enum glb_status glb_client_load(struct glb_client *c, const struct glb_program *p) {
    return load_program(&c->link, p, &c->couplings);
}

enum glb_status glb_client_load_couplings(struct glb_client *c, const struct glb_program *p) {
    return load_couplings(&c->link, p, &c->couplings);
}

enum glb_status glb_client_set_state(struct glb_client *c, const struct glb_array *a, int page,
                                     const struct glb_run *runs, int nruns, const uint64_t *words,
                                     size_t stride) {
    return load_states(&c->link, a, page, runs, nruns, words, stride);
}

/* ---- jobs ---- */

/* Frames of a job that was given up are dropped. */
static void listen_while_busy(struct glb_client *c) {
    const struct link_listener none = {0};
    link_listen(&c->link, c->queue.count ? queue_listener(&c->queue) : none);
}

/* After an error the device may have others. */
static void forget_sent(struct glb_client *c) {
    c->beta.size = c->runs.size = 0;
    forget_couplings(&c->couplings);
}

/* The schedule or the list of what is read, unless the device has it: it takes neither while a job
 * runs. */
static enum glb_status send_list(struct glb_client *c, int target, struct sent_list *has,
                                 const uint8_t *list, size_t size, int item) {
    const uint32_t *written = &c->link.written[target];
    if (has->written == *written && has->size >= size && memcmp(has->bytes, list, size) == 0)
        return GLB_OK;
    while (c->queue.count > 0) {
        const enum glb_status s = glb_client_finish(c);
        if (s)
            return s;
    }
    const enum glb_status s = link_write(&c->link, target, 0, 0, list, item, (int)size / item);
    if (s)
        return s;
    memcpy(has->bytes, list, size);
    has->size = size;
    has->written = *written;
    return GLB_OK;
}

static enum glb_status send_lists(struct glb_client *c, const struct glb_job *j) {
    uint8_t list[GLB_RUNS * RUN_BYTES], *to = list;
    _Static_assert(GLB_BETA_STEPS * STEP_BYTES <= sizeof list, "both lists fit");
    for (int i = 0; i < j->nsteps; i++) {
        to = glb_put_le(to, j->steps[i].k, 4);
        to = glb_put_le(to, j->steps[i].sweeps, 4);
    }
    const enum glb_status s =
        send_list(c, GLB_TARGET_BETA, &c->beta, list, (size_t)(to - list), STEP_BYTES);
    if (s)
        return s;
    to = list;
    for (int i = 0; i < j->nruns; i++) {
        to = glb_put_le(to, j->runs[i].tile, 2);
        to = glb_put_le(to, j->runs[i].addr, 2);
        to = glb_put_le(to, j->runs[i].count, 2);
    }
    return send_list(c, GLB_TARGET_RUNS, &c->runs, list, (size_t)(to - list), RUN_BYTES);
}

static enum glb_status send_run(struct link *l, const struct glb_job *j) {
    uint8_t run[GLB_RUN_BYTES] = {0};
    glb_put_le(run, j->id, 4);
    glb_put_le(run + 4, j->seed, 8);
    glb_put_le(run + 12, 0, 2); /* first beta step */
    glb_put_le(run + 14, (uint64_t)j->nsteps, 2);
    glb_put_le(run + 16, j->burn_in, 4);
    glb_put_le(run + 20, j->interval, 4);
    glb_put_le(run + 24, 0, 2); /* first readout run */
    glb_put_le(run + 26, (uint64_t)j->nruns, 2);
    run[28] = j->page;
    run[29] = j->flags;
    run[30] = j->nseg;
    run[31] = j->nsampled;
    memcpy(run + 32, j->seg, GLB_SEGMENTS);
    const enum glb_status s = link_send(l, GLB_CMD_RUN, run, sizeof run, "RUN", 0, 0);
    /* its count of frames shows whether the program that runs is still ours */
    return s ? s : link_send(l, GLB_CMD_STATUS, NULL, 0, "STATUS", 0, 0);
}

enum glb_status glb_client_begin(struct glb_client *c, const struct glb_array *a,
                                 const struct glb_job *j, glb_sample_fn fn, void *user,
                                 struct glb_job_counters *counters) {
    struct job_queue *q = &c->queue;
    struct queued_job job;
    enum glb_status s = GLB_OK;
    while (!s && q->count == 2)
        s = glb_client_finish(c);
    if (!s)
        s = queue_prepare(a, j, &job);
    if (s)
        return s;
    s = send_lists(c, j); /* may finish what is in flight */
    if (s) {
        forget_sent(c);
        free(job.words);
        return s;
    }
    job.fn = fn;
    job.user = user;
    job.counters = counters;
    queue_push(q, &job); /* before RUN goes out: samples may come while STATUS waits to be sent */
    listen_while_busy(c);
    s = send_run(&c->link, j);
    if (s) { /* of RUN or of what went before it */
        forget_sent(c);
        queue_drop_last(q);
        listen_while_busy(c);
    }
    return s;
}

/* After silence, which is fine while the device computes: checks that it does. A job that an abort
 * has dropped from the device's queue gets no DONE frame. */
static enum glb_status check_progress(struct link *l, struct queued_job *job, int aborted) {
    struct glb_wire_counters w;
    int moved;
    enum glb_status s = link_status(l, &w);
    if (s || w.running || w.queued || job->done)
        return s;
    s = link_pump(l, &moved);
    if (s || job->done || moved)
        return s;
    if (!aborted)
        return glb_fail(GLB_ERR_DEVICE, "job %u ended without a DONE frame", job->j->id);
    *job->counters = (struct glb_job_counters){.aborted = 1};
    job->done = 1;
    return GLB_OK;
}

/* The last sample tells how far the device is. */
static int tell_progress(const struct queued_job *job) {
    const struct glb_job *j = job->j;
    return j->progress &&
           j->progress(j->user, job->received ? glb_job_sample_sweep(j, job->received - 1) : 0);
}

static int stop_wanted(const struct queued_job *job) {
    return job->ending != END_BY_ITSELF || (job->j->stop && *job->j->stop);
}

enum glb_status glb_client_finish(struct glb_client *c) {
    struct job_queue *q = &c->queue;
    if (q->count == 0)
        return GLB_OK;
    struct queued_job *job = queue_first(q), *behind = queue_second(q);
    enum glb_status s = GLB_OK;
    int aborting = job->ending == END_BY_ABORT;
    while (!s && !job->done) {
        int moved;
        s = link_pump(&c->link, &moved);
        if (!s && !moved)
            s = check_progress(&c->link, job, aborting);
        if (!s && !job->done && tell_progress(job))
            job->ending = job->ending == END_BY_ITSELF ? END_WANTED : job->ending;
        if (!s && !aborting && !job->done && stop_wanted(job)) {
            aborting = 1;
            if (behind) /* ABORT drops it, or hits it if the first has just ended */
                behind->ending = END_BY_ABORT;
            s = link_abort(&c->link);
        }
    }
    if (!s)
        s = link_sync(&c->link);
    if (!s && job->counters->aborted && !aborting)
        s = glb_fail(GLB_ERR_DEVICE, "the device aborted job %u, which nothing asked for",
                     job->j->id);
    queue_drop_first(q);
    if (s) { /* nothing that comes can be trusted, nor what the device has */
        while (q->count > 0)
            queue_drop_first(q);
        forget_sent(c);
    }
    listen_while_busy(c);
    return s;
}

enum glb_status glb_client_run(struct glb_client *c, const struct glb_array *a,
                               const struct glb_job *j, glb_sample_fn fn, void *user,
                               struct glb_job_counters *counters) {
    enum glb_status s = GLB_OK;
    while (!s && c->queue.count > 0)
        s = glb_client_finish(c);
    if (!s)
        s = glb_client_begin(c, a, j, fn, user, counters);
    return s ? s : glb_client_finish(c);
}
