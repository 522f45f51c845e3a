/* A device as the sampler sees it: some number of boards with the same array, reached through the
 * emulator directly or through the byte protocol. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_DEVICE_H
#define GLB_DEVICE_H

#include "array/array.h"
#include "emulator/emulator.h"
#include "array/job.h"
#include "array/program.h"
#include "base/status.h"

/* Whether glb_device_open() takes the name for the emulator in this process. */
int glb_device_is_emu(const char *device);

/* GLB_ERR_ARGUMENT if no device is called like that; opens nothing. *own: it is a board, which has
 * an array of its own; others take any. own may be NULL. */
enum glb_status glb_device_name(const char *device, bool *own);

const struct glb_array *glb_device_array(const struct glb_device *d);

/* Threads of an emulated device; 0: one per online core. Loses what was loaded. */
enum glb_status glb_device_threads(struct glb_device *d, int threads);

/* Asks for `boards` boards that run side by side; *got is what there is (a wire device: 1). Loses
 * what was loaded. After an error an emulator is closed; the next call opens it. */
enum glb_status glb_device_boards(struct glb_device *d, int boards, int *got);

/* The same for groups of `group` boards that run side by side, each group at a K of its own
 * (glb_job.group_k); *got is `boards` or, where that is not possible, 1. */
enum glb_status glb_device_groups(struct glb_device *d, int boards, int group, int *got);

/* Loads every image of p; only what glb_program_set_weights() and glb_program_clamp() change. */
enum glb_status glb_device_load(struct glb_device *d, const struct glb_program *p);
enum glb_status glb_device_update(struct glb_device *d, const struct glb_program *p);

/* State words in the layout of glb_sample_fn: i-th word of the runs is words[i * stride ..], bit
 * board * CHAINS + chain. */
enum glb_status glb_device_set_state(struct glb_device *d, int page, const struct glb_run *runs,
                                     int nruns, const uint64_t *words, size_t stride);

/* Runs a job on all boards, seeds[board] replacing j->seed; samples as in emu.h; the counters are
 * one board's. */
enum glb_status glb_device_run(struct glb_device *d, const struct glb_job *j, const uint64_t *seeds,
                               glb_sample_fn fn, void *user, struct glb_job_counters *counters);

/* The sums p->count[k] of all boards together: out[ncount]. A job for each dump; the words of lane
 * 0 in `page` are lost. A board's sum has 16 bits: 0 .. 65535, or -32768 .. 32767 with is_signed;
 * keeping it in that range is the caller's. */
enum glb_status glb_device_sums(struct glb_device *d, const struct glb_program *p, int page,
                                bool is_signed, int64_t *out);

/* The same for one board (boards = 1) among other jobs in flight: out[ncount] is written from the
 * begin of job 0 of glb_sum_fetch_jobs() to the finish of the last one. Jobs are finished in the
 * order in which all jobs were begun. p and out outlive the fetch. */
struct glb_sum_fetch;
enum glb_status glb_sum_fetch_open(const struct glb_program *p, int boards, int page,
                                   bool is_signed, int64_t *out, struct glb_sum_fetch **fetch);
void glb_sum_fetch_close(struct glb_sum_fetch *f);
int glb_sum_fetch_jobs(const struct glb_sum_fetch *f);
enum glb_status glb_sum_fetch_begin(struct glb_device *d, struct glb_sum_fetch *f, int k);
enum glb_status glb_sum_fetch_finish(struct glb_device *d, struct glb_sum_fetch *f, int k);

/* glb_device_run() in two halves, as glb_client_begin() and glb_client_finish(): a device reached
 * through the byte protocol loads the next job while one runs, another one runs it at once. One
 * board's job: its seed is j->seed. */
enum glb_status glb_device_begin(struct glb_device *d, const struct glb_job *j, glb_sample_fn fn,
                                 void *user, struct glb_job_counters *counters);
enum glb_status glb_device_finish(struct glb_device *d);

#endif
