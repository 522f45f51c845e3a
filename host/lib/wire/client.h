/* The host's end of the byte protocol (docs/design/array.md, sections 5 to 8): a device behind a
 * transport, with up to four jobs in flight. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_CLIENT_H
#define GLB_WIRE_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include "array/job.h"
#include "array/program.h"
#include "base/status.h"
#include "wire/link.h"

struct glb_client;

/* Takes the transport over (closes it on failure too) and reads the identity. */
enum glb_status glb_client_open(const struct glb_transport *t, struct glb_client **out);
void glb_client_close(struct glb_client *c);
/* The transport's name, protocol and build hash. */
const char *glb_client_describe(const struct glb_client *c);
struct glb_transport *glb_client_transport(struct glb_client *c);
const struct link_ident *glb_client_ident(const struct glb_client *c);
struct link *glb_client_link(struct glb_client *c);

/* GLB_OK if the device is the array a; else the message names the first parameter that differs, and
 * both values. */
enum glb_status glb_client_check(const struct glb_client *c, const struct glb_array *a);

/* STATUS; GLB_ERR_DEVICE if the device was reset since its program was loaded. */
enum glb_status glb_client_status(struct glb_client *c, struct glb_wire_counters *out);
/* Bytes from the device that belong to no frame. */
uint64_t glb_client_skipped(const struct glb_client *c);

/* All images of a program; what has changed of the coupling memory since it was last loaded (after
 * new weights or clamps), or all of it after an error. */
enum glb_status glb_client_load(struct glb_client *c, const struct glb_program *p);
enum glb_status glb_client_load_couplings(struct glb_client *c, const struct glb_program *p);

/* State words of the runs' addresses in page, in run order: chain r of word i is bit r of words[i *
 * stride]. No job in flight may be of that page (GLB_ERR_DEVICE if it runs). Finishes the jobs in
 * flight if the device is to keep a new list of runs. While jobs are in flight the states go out
 * with what follows them, and an error of the device surfaces there. */
enum glb_status glb_client_set_state(struct glb_client *c, const struct glb_array *a, int page,
                                     const struct glb_run *runs, int nruns, const uint64_t *words,
                                     size_t stride);

/* Runs a job to its end; samples go to fn (may be NULL) with stride 1. Its non-zero return and
 * j->stop abort the job on the device. */
enum glb_status glb_client_run(struct glb_client *c, const struct glb_array *a,
                               const struct glb_job *j, glb_sample_fn fn, void *user,
                               struct glb_job_counters *counters);

/* The same in two halves, so that jobs overlap: begin() puts a job behind those in flight, after
 * the oldest's end if there are four, or after all of them if the device has not kept the job's
 * schedule and readout, which it takes only at rest; finish() brings the oldest to its end. j and
 * counters must live until then; a job's states go to a page that no job in flight uses. A stop
 * ends all in flight, and so does an error of finish(). */
enum glb_status glb_client_begin(struct glb_client *c, const struct glb_array *a,
                                 const struct glb_job *j, glb_sample_fn fn, void *user,
                                 struct glb_job_counters *counters);
enum glb_status glb_client_finish(struct glb_client *c);

#endif
