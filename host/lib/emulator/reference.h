/* The reference: one board that interprets the images clock by clock exactly as sections 2 to 3a
 * of docs/design/array.md say, without decoding. Slow; any program, legal or not.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_REFERENCE_H
#define GLB_EMULATOR_REFERENCE_H

#include "array/job.h"
#include "emulator/board_memory.h"

struct glb_reference;

/* A board with images of its own, or on images that belong to the caller and outlive it. */
enum glb_status glb_reference_open(const struct glb_array *a, struct glb_reference **out);
enum glb_status glb_reference_open_shared(const struct glb_board_memory *m,
                                          struct glb_reference **out);
void glb_reference_close(struct glb_reference *r);

/* Sums that a board counts are its own, also on shared images: they hide the entries of the images
 * until those are written anew. On shared images the owner tells the board of such writes. */
void glb_reference_entry_written(struct glb_reference *r, int tile, int entry);

/* An entry of the coupling memory as the board has it: a sum, or the image's. */
uint64_t glb_reference_entry(const struct glb_reference *r, int tile, int entry);

/* The images, and the array. */
const struct glb_board_memory *glb_reference_memory(const struct glb_reference *r);

/* One item as of WRITE (section 5; SCHED, NET, COUPLING, SEG, STATE); a board on shared images
 * takes STATE only. */
enum glb_status glb_reference_write(struct glb_reference *r, int target, int tile, int addr,
                                    uint64_t lo, uint64_t hi);

/* A state word: bit c is chain c. */
uint32_t glb_reference_state(const struct glb_reference *r, int page, int tile, int addr);
void glb_reference_set_state(struct glb_reference *r, int page, int tile, int addr, uint32_t word);

/* A whole job; samples as of the emulator, with stride 1. counters may be NULL. */
enum glb_status glb_reference_run(struct glb_reference *r, const struct glb_job *j,
                                  glb_sample_fn fn, void *user, struct glb_job_counters *counters);

/* A job piece by piece. */
void glb_reference_begin(struct glb_reference *r, uint64_t seed); /* start of a job */
void glb_reference_beta(struct glb_reference *r, uint32_t k);     /* start of a beta step */
/* One that counts does so with the flags GLB_RUN_SUBTRACT and GLB_RUN_REPLACE; others are ignored.
 */
void glb_reference_segment(struct glb_reference *r, int segment, int page, unsigned flags);

#endif
