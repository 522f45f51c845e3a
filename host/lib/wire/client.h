/* The host's end of the protocol (docs/design/array.md, sections 5 to 8): frames over a byte
 * transport. Commands are pipelined; a queued command's error surfaces at the next call that waits.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_CLIENT_H
#define GLB_WIRE_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include "emulator/emulator.h"
#include "array/job.h"
#include "array/program.h"
#include "base/status.h"
#include "wire/transport.h"

struct glb_client;

struct glb_ident { /* the IDENT reply */
    int protocol, tiles, lanes, chains, jw, acc, gw, pages, sdepth, cdepth, segments, wl,
        beta_steps, runs, gap;
    uint32_t build;
};

struct glb_wire_counters { /* the STATUS reply */
    int running, queued;
    uint32_t frames, bad_crc, skipped, errors;
};

/* Takes the transport over (closes it on failure too) and asks for the identity. */
enum glb_status glb_client_open(const struct glb_transport *t, struct glb_client **out);
void glb_client_close(struct glb_client *c);
const struct glb_ident *glb_client_ident(const struct glb_client *c);
const char *glb_client_describe(struct glb_client *c);
struct glb_transport *glb_client_transport(struct glb_client *c);

/* GLB_OK if the device is the array a; else the message names the first parameter that differs, and
 * both values. */
enum glb_status glb_client_check(const struct glb_client *c, const struct glb_array *a);

/* Queues a command with len <= GLB_MAX_PAYLOAD bytes. `what` (static string) and where name it in
 * error messages. */
enum glb_status glb_client_send(struct glb_client *c, int cmd, const void *payload, size_t len,
                                const char *what, int tile, int addr);
/* Waits for the replies to everything queued. */
enum glb_status glb_client_sync(struct glb_client *c);
/* Payload of the last reply. */
const uint8_t *glb_client_reply(const struct glb_client *c, size_t *len);

/* Queues `count` items of `bytes` bytes (little-endian, packed) from addr on, in as many frames as
 * it takes. */
enum glb_status glb_client_write(struct glb_client *c, int target, int tile, int addr,
                                 const void *items, int bytes, int count);
enum glb_status glb_client_status(struct glb_client *c, struct glb_wire_counters *out);
uint64_t glb_client_skipped(const struct glb_client *c); /* bytes that came between frames */
enum glb_status glb_client_abort(struct glb_client *c);

/* All images of a program; only the coupling memory (after new weights or clamps). */
enum glb_status glb_client_load(struct glb_client *c, const struct glb_program *p);
enum glb_status glb_client_load_couplings(struct glb_client *c, const struct glb_program *p);

/* State words of the runs' addresses in page, in run order: chain r of word i is bit r of words[i *
 * stride]. */
enum glb_status glb_client_set_state(struct glb_client *c, const struct glb_array *a, int page,
                                     const struct glb_run *runs, int nruns, const uint64_t *words,
                                     size_t stride);

/* Runs a job to its end. fn as in emu.h, stride 1; its non-zero return and j->stop abort the job on
 * the device. */
enum glb_status glb_client_run(struct glb_client *c, const struct glb_array *a,
                               const struct glb_job *j, glb_sample_fn fn, void *user,
                               struct glb_job_counters *counters);

/* The same in two halves, so that jobs overlap: begin() puts a job behind the one that runs (and
 * waits for the oldest if there are two, or if schedule or readout differ from the last job's,
 * which the device takes only at rest); finish() brings the oldest to its end. j and counters must
 * live until then; the states of a job behind another go to the other page. A stop drops both. */
enum glb_status glb_client_begin(struct glb_client *c, const struct glb_array *a,
                                 const struct glb_job *j, glb_sample_fn fn, void *user,
                                 struct glb_job_counters *counters);
enum glb_status glb_client_finish(struct glb_client *c);

/* Sweep after which a job's sample number `sample` is taken. */
uint32_t glb_job_sample_sweep(const struct glb_job *j, uint32_t sample);
/* Samples a job takes in all, and its sweeps. */
uint32_t glb_job_samples(const struct glb_job *j);
uint64_t glb_job_sweeps(const struct glb_job *j);

/* Little-endian fields. */
static inline void glb_put(uint8_t *p, uint64_t v, int bytes) {
    for (int i = 0; i < bytes; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}
static inline uint64_t glb_take(const uint8_t *p, int bytes) {
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint64_t)p[i] << 8 * i;
    return v;
}

/* For client_job.c: what DATA and DONE frames are handed to, and one round of moving bytes. */
struct glb_client_listener {
    enum glb_status (*data)(void *self, const uint8_t *payload, size_t len);
    enum glb_status (*done)(void *self, int status, const uint8_t *payload, size_t len);
    void *self;
};
void glb_client_listen(struct glb_client *c,
                       const struct glb_client_listener *l); /* NULL: nobody */
enum glb_status glb_client_pump(struct glb_client *c, int *moved);
int glb_client_pending(const struct glb_client *c);
struct glb_client_jobs;
struct glb_client_jobs **glb_client_jobs(struct glb_client *c); /* kept for client_job.c */
void glb_client_jobs_free(struct glb_client_jobs *q);
void glb_client_forget(struct glb_client *c, int target); /* what is known to be in a memory */

#endif
