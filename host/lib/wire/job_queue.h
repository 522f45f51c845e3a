/* The jobs in flight on a device, one that runs and those behind it, and what their DATA and DONE
 * frames bring. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_JOB_QUEUE_H
#define GLB_WIRE_JOB_QUEUE_H

#include <stddef.h>
#include <stdint.h>
#include "array/job.h"
#include "wire/link.h"

enum job_ending {
    END_BY_ITSELF,
    END_WANTED,  /* the callback asked for it; it gets no more samples */
    END_BY_ABORT /* an ABORT for a job ahead drops this one too; its samples are not wanted */
};

struct queued_job {
    const struct glb_job *j;
    struct glb_job_counters *counters;
    glb_sample_fn fn;
    void *user;
    uint64_t *words; /* of one sample; owned */
    size_t nwords;
    int chains, bytes;          /* of a word on the wire */
    uint32_t samples, received; /* that the job takes, that have come */
    enum job_ending ending;
    int done;
};

struct job_queue {
    struct queued_job slot[GLB_JOB_SLOTS]; /* a ring */
    int first, count;
};

/* Room for one sample of j. `out` may be pushed, or else its words freed. */
enum glb_status queue_prepare(const struct glb_array *a, const struct glb_job *j,
                              struct queued_job *out);
void queue_push(struct job_queue *q, const struct queued_job *job); /* count < GLB_JOB_SLOTS */
void queue_drop_first(struct job_queue *q);
void queue_drop_last(struct job_queue *q);
/* The i-th, 0 the oldest; i < count. */
struct queued_job *queue_at(struct job_queue *q, int i);

/* Takes the frames of the queue's jobs. */
struct link_listener queue_listener(struct job_queue *q);

#endif
