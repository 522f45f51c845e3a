/* The program, states and short jobs of the boundary test, as frames to a board.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LOCKSTEP_BOUNDARY_JOBS_H
#define TESTS_LOCKSTEP_BOUNDARY_JOBS_H

#include "array/array.h"
#include "bursts.h"

struct job_spec {
    int beta_start, beta_count, interval, page, flags, all, nseg, nsampled;
    int seg[4];
};

/* Appends a frame. */
void add_frame(struct stream *s, int cmd, const void *payload, size_t n);
void add_write(struct stream *s, const struct glb_array *a, int target, int tile, int addr,
               uint64_t lo, uint64_t hi);
/* The states that jobs and frames change, as the program has them; with `counted` those that dumps
 * overwrite too, and sums of 0. */
void add_states(struct stream *s, const struct glb_array *a, int counted);
/* A job of this number; `all`: its samples are all of the page, else a few words. */
void add_run(struct stream *s, int number, const struct job_spec *j);
/* States of a page by the first readout runs: some words, zeros, more words than these runs have.
 */
void add_tokens(struct stream *s, const struct glb_array *a, int page);
/* A compiled program of two segments, a third that counts and a fourth that dumps, beta steps 0 ..
 * 3, readout runs and all states of all pages; 0, or -1. */
int add_program(struct stream *s, const struct glb_array *a);

#endif
