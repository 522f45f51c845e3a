/* A device behind a link: jobs, some of which may be in flight. SPDX-License-Identifier: Apache-2.0
 */
#include "wire/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/little_endian.h"
#include "wire/job_queue.h"
#include "wire/load.h"
#include "wire/resident_lists.h"
#include "wire/states.h"

struct glb_client {
    struct link link;
    struct link_ident ident;
    char described[160];
    struct job_queue queue;
    struct resident_lists beta, runs;
    struct sent_couplings couplings;
};

enum glb_status glb_client_open(const struct glb_transport *t, struct glb_client **out) {
    struct glb_client *c = calloc(1, sizeof *c);
    *out = NULL;
    if (!c) {
        t->close(t->self);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a device");
    }
    resident_init(&c->beta, GLB_TARGET_BETA);
    resident_init(&c->runs, GLB_TARGET_RUNS);
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

/* After an error the device may have other lists and couplings than was sent. */
static void forget_sent(struct glb_client *c) {
    resident_forget(&c->beta);
    resident_forget(&c->runs);
    forget_couplings(&c->couplings);
}

enum glb_status glb_client_status(struct glb_client *c, struct glb_wire_counters *out) {
    const enum glb_status s = link_status(&c->link, out);
    if (s)
        forget_sent(c);
    return s;
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

/* ---- jobs ---- */

/* Frames of a job that was given up are dropped. */
static void listen_while_busy(struct glb_client *c) {
    const struct link_listener none = {0};
    link_listen(&c->link, c->queue.count ? queue_listener(&c->queue) : none);
}

static enum glb_status finish_all(struct glb_client *c) {
    enum glb_status s = GLB_OK;
    while (!s && c->queue.count > 0)
        s = glb_client_finish(c);
    return s;
}

/* A list, unless the device has it: it takes none while a job runs. */
static enum glb_status place(struct glb_client *c, struct resident_lists *m, const uint8_t *items,
                             int count, int *start) {
    *start = resident_find(m, &c->link, items, count);
    if (*start >= 0)
        return GLB_OK;
    const enum glb_status s = finish_all(c);
    return s ? s : resident_add(m, &c->link, items, count, start);
}

static enum glb_status place_lists(struct glb_client *c, const struct glb_job *j, int *beta,
                                   int *runs) {
    uint8_t items[sizeof c->runs.items];
    resident_steps(j->steps, j->nsteps, items);
    const enum glb_status s = place(c, &c->beta, items, j->nsteps, beta);
    if (s)
        return s;
    resident_runs(j->runs, j->nruns, items);
    return place(c, &c->runs, items, j->nruns, runs);
}

/* Where the device has the list of the states to come; -1 if the list is not worth its bytes, or a
 * wait for the jobs in flight each time. */
static enum glb_status place_states(struct glb_client *c, const struct glb_run *runs, int nruns,
                                    int *start) {
    uint8_t items[sizeof c->runs.items];
    *start = -1;
    if (nruns < 2 || nruns > GLB_RUNS)
        return GLB_OK;
    resident_runs(runs, nruns, items);
    if (c->queue.count > 0 && !resident_fits(&c->runs, &c->link, nruns)) {
        *start = resident_find(&c->runs, &c->link, items, nruns);
        return GLB_OK;
    }
    return place(c, &c->runs, items, nruns, start);
}

enum glb_status glb_client_set_state(struct glb_client *c, const struct glb_array *a, int page,
                                     const struct glb_run *runs, int nruns, const uint64_t *words,
                                     size_t stride) {
    int start;
    enum glb_status s = place_states(c, runs, nruns, &start);
    if (!s)
        s = states_send(&c->link, a, page, runs, nruns, start, words, stride);
    s = s || c->queue.count ? s : link_sync(&c->link); /* a busy device is not waited for */
    if (s) /* of the states, or of a list or an image before them */
        forget_sent(c);
    return s;
}

static enum glb_status send_run(struct link *l, const struct glb_job *j, int beta, int runs) {
    uint8_t run[GLB_RUN_BYTES] = {0};
    glb_put_le(run, j->id, 4);
    glb_put_le(run + 4, j->seed, 8);
    glb_put_le(run + 12, (uint64_t)beta, 2); /* first beta step */
    glb_put_le(run + 14, (uint64_t)j->nsteps, 2);
    glb_put_le(run + 16, j->burn_in, 4);
    glb_put_le(run + 20, j->interval, 4);
    glb_put_le(run + 24, (uint64_t)runs, 2); /* first readout run */
    glb_put_le(run + 26, (uint64_t)j->nruns, 2);
    run[28] = j->page;
    run[29] = j->flags;
    run[30] = j->nseg;
    run[31] = j->nsampled;
    memcpy(run + 32, j->seg, GLB_SEGMENTS);
    enum glb_status s = link_send(l, GLB_CMD_RUN, run, sizeof run, "RUN", 0, 0);
    if (!s) /* its count of frames shows whether the program that runs is still ours */
        s = link_send(l, GLB_CMD_STATUS, NULL, 0, "STATUS", 0, 0);
    return s ? s : link_flush(l);
}

/* The last job gets no DONE frame if an ABORT has hit it in the device's queue. */
static bool dropped(struct job_queue *q) {
    return queue_at(q, q->count - 1)->ending == END_BY_ABORT;
}

enum glb_status glb_client_begin(struct glb_client *c, const struct glb_array *a,
                                 const struct glb_job *j, glb_sample_fn fn, void *user,
                                 struct glb_job_counters *counters) {
    struct job_queue *q = &c->queue;
    struct queued_job job;
    int beta, runs;
    enum glb_status s = GLB_OK;
    while (!s && (q->count == GLB_JOB_SLOTS || (q->count > 0 && dropped(q))))
        s = glb_client_finish(c);
    if (!s)
        s = queue_prepare(a, j, &job);
    if (s)
        return s;
    s = place_lists(c, j, &beta, &runs); /* may finish what is in flight */
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
    s = send_run(&c->link, j, beta, runs);
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
    struct queued_job *job = queue_at(q, 0);
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
            for (int i = 1; i < q->count; i++) /* dropped, or hit if the first has just ended */
                queue_at(q, i)->ending = END_BY_ABORT;
            s = link_abort(&c->link);
        }
    }
    if (!s && (q->count == 1 || aborting)) /* later jobs' replies come with their ends */
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
    enum glb_status s = finish_all(c);
    if (!s)
        s = glb_client_begin(c, a, j, fn, user, counters);
    return s ? s : glb_client_finish(c);
}
