/* DATA and DONE frames of the jobs in flight. SPDX-License-Identifier: Apache-2.0 */
#include "wire/job_queue.h"

#include <stdlib.h>
#include "base/little_endian.h"

enum { DATA_HEAD = 8, MAX_FRAME_PAYLOAD = 65535 };

struct queued_job *queue_at(struct job_queue *q, int i) {
    return &q->slot[(q->first + i) % GLB_JOB_SLOTS];
}

enum glb_status queue_prepare(const struct glb_array *a, const struct glb_job *j,
                              struct queued_job *out) {
    *out = (struct queued_job){
        .j = j, .chains = a->chains, .bytes = (a->chains + 7) / 8, .samples = glb_job_samples(j)};
    for (int i = 0; i < j->nruns; i++)
        out->nwords += j->runs[i].count;
    if (DATA_HEAD + out->nwords * out->bytes > MAX_FRAME_PAYLOAD)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "a sample of %zu words does not fit a frame; read out fewer p-bits",
                        out->nwords);
    out->words = malloc((out->nwords + 1) * sizeof *out->words);
    if (!out->words)
        return glb_fail(GLB_ERR_MEMORY, "no memory for samples of %zu words", out->nwords);
    return GLB_OK;
}

void queue_push(struct job_queue *q, const struct queued_job *job) {
    *queue_at(q, q->count++) = *job;
}

static void drop(struct job_queue *q, struct queued_job *job) {
    free(job->words);
    job->words = NULL;
    q->count--;
}

void queue_drop_first(struct job_queue *q) {
    drop(q, queue_at(q, 0));
    q->first = (q->first + 1) % GLB_JOB_SLOTS;
}

void queue_drop_last(struct job_queue *q) {
    drop(q, queue_at(q, q->count - 1));
}

/* The job that the device is at: the first one that is not done. NULL and an error, in which a
 * frame of `kind` (p, len) is named, if all are done. */
static struct queued_job *at_work(struct job_queue *q, const char *kind, const uint8_t *p,
                                  size_t len) {
    for (int i = 0; i < q->count; i++) {
        struct queued_job *job = queue_at(q, i);
        if (!job->done)
            return job;
    }
    if (len < 4)
        glb_fail(GLB_ERR_PROTOCOL, "%s frame of %zu bytes, though no job runs", kind, len);
    else
        glb_fail(GLB_ERR_PROTOCOL, "%s frame of job %u, though no job runs", kind,
                 (unsigned)glb_get_le(p, 4));
    return NULL;
}

static enum glb_status on_data(void *self, const uint8_t *p, size_t len) {
    struct queued_job *job = at_work(self, "DATA", p, len);
    if (!job)
        return GLB_ERR_PROTOCOL;
    const size_t expected = DATA_HEAD + job->nwords * job->bytes;
    if (len != expected)
        return glb_fail(GLB_ERR_PROTOCOL, "DATA frame of %zu bytes in job %u; expected %zu bytes",
                        len, job->j->id, expected);
    const uint32_t id = (uint32_t)glb_get_le(p, 4), sample = (uint32_t)glb_get_le(p + 4, 4);
    if (id != job->j->id || sample != job->received)
        return glb_fail(GLB_ERR_PROTOCOL,
                        "DATA frame of job %u, sample %u; expected job %u, sample %u", id, sample,
                        job->j->id, job->received);
    if (sample >= job->samples)
        return glb_fail(GLB_ERR_PROTOCOL, "sample %u of job %u, which takes %u; reopen the device",
                        sample, id, job->samples);
    uint64_t chains = 0;
    for (size_t i = 0; i < job->nwords; i++)
        chains |= job->words[i] = glb_get_le(p + DATA_HEAD + i * job->bytes, job->bytes);
    if (chains >> job->chains)
        return glb_fail(GLB_ERR_PROTOCOL,
                        "DATA frame of job %u, sample %u: a word has more than %d chains", id,
                        sample, job->chains);
    if (job->ending == END_BY_ITSELF && job->fn &&
        job->fn(job->user, sample, glb_job_sample_sweep(job->j, sample), job->words, 1))
        job->ending = END_WANTED;
    job->received++;
    return GLB_OK;
}

/* A job that no ABORT ended is whole. */
static enum glb_status check_end(const struct queued_job *job, int status) {
    const struct glb_job_counters *n = job->counters;
    const uint32_t sweeps = (uint32_t)glb_job_sweeps(job->j);
    if (status != GLB_WIRE_OK && status != GLB_WIRE_ABORTED)
        return glb_fail(GLB_ERR_DEVICE, "the device ended job %u with status %d", job->j->id,
                        status);
    if (n->samples != job->received)
        return glb_fail(GLB_ERR_PROTOCOL, "the device counts %u samples sent, %u arrived",
                        n->samples, job->received);
    if (n->sweeps > sweeps || (!n->aborted && (n->sweeps != sweeps || n->samples != job->samples)))
        return glb_fail(GLB_ERR_PROTOCOL,
                        "the device ended job %u after %u sweeps and %u samples; it has %u and %u",
                        job->j->id, n->sweeps, n->samples, sweeps, job->samples);
    return GLB_OK;
}

static enum glb_status on_done(void *self, int status, const uint8_t *p, size_t len) {
    struct queued_job *job = at_work(self, "DONE", p, len);
    if (!job)
        return GLB_ERR_PROTOCOL;
    job->done = 1;
    if (len != GLB_DONE_BYTES)
        return glb_fail(GLB_ERR_PROTOCOL, "DONE frame of %zu bytes in job %u; expected %d bytes",
                        len, job->j->id, GLB_DONE_BYTES);
    if (glb_get_le(p, 4) != job->j->id)
        return glb_fail(GLB_ERR_PROTOCOL, "DONE frame of job %u; expected job %u",
                        (unsigned)glb_get_le(p, 4), job->j->id);
    *job->counters = (struct glb_job_counters){.sweeps = (uint32_t)glb_get_le(p + 4, 4),
                                               .samples = (uint32_t)glb_get_le(p + 8, 4),
                                               .flips = glb_get_le(p + 16, 8),
                                               .run_cycles = glb_get_le(p + 24, 8),
                                               .stall_cycles = glb_get_le(p + 32, 8),
                                               .aborted = status == GLB_WIRE_ABORTED};
    return check_end(job, status);
}

struct link_listener queue_listener(struct job_queue *q) {
    return (struct link_listener){on_data, on_done, q};
}
