/* The emulator: `boards` virtual arrays that run the same program, each with its own seed and
 * states, bit-exact with the RTL (docs/design/array.md). It decodes the memory images into an
 * update list once and then works on all boards x chains side by side with AVX-512, AVX2 or
 * portable code, all three giving the same bits. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_H
#define GLB_EMULATOR_H

#include <stddef.h>
#include <stdint.h>
#include "array/job.h"
#include "array/program.h"
#include "base/status.h"

enum glb_emu_path {
    GLB_EMU_AUTO,
    GLB_EMU_PORTABLE,
    GLB_EMU_AVX2,
    GLB_EMU_AVX512,
    GLB_EMU_AVX512VBMI,
    GLB_EMU_PATHS
};

struct glb_emu;

/* boards >= 1; threads as glb_parallel() takes them. */
enum glb_status glb_emu_open(const struct glb_array *a, int boards, int threads,
                             enum glb_emu_path path, struct glb_emu **out);
void glb_emu_close(struct glb_emu *e);

/* The same for boards / group groups of `group` neighbouring boards, each with a temperature of its
 * own (glb_job.group_k). GLB_ERR_UNSUPPORTED if a group's chains are no multiple of 16. */
enum glb_status glb_emu_open_groups(const struct glb_array *a, int boards, int group, int threads,
                                    enum glb_emu_path path, struct glb_emu **out);
const char *glb_emu_path_name(const struct glb_emu *e);

/* Raw memory access, the same items as WRITE (section 5; target is enum glb_target except STATE,
 * STATES, BETA and RUNS): shared by all boards. Sums that segments count are each board's own: they
 * hide the entries until those are written or loaded again. */
enum glb_status glb_emu_write(struct glb_emu *e, int target, int tile, int addr, uint64_t lo,
                              uint64_t hi);

/* All images of p at once; decodes. After glb_program_set_weights() or glb_program_clamp() call
 * glb_emu_update(): cheap. */
enum glb_status glb_emu_load(struct glb_emu *e, const struct glb_program *p);
enum glb_status glb_emu_update(struct glb_emu *e, const struct glb_program *p);

/* State words of one (page, tile, addr), all boards: bit board * CHAINS + chain of
 * words[ceil(boards * CHAINS / 64)]. */
void glb_emu_set(struct glb_emu *e, int page, int tile, int addr, const uint64_t *words);
/* The same for all addresses of the runs, in run order: words[i * stride ..] of the i-th. */
void glb_emu_set_runs(struct glb_emu *e, int page, const struct glb_run *runs, int nruns,
                      const uint64_t *words, size_t stride);
void glb_emu_get(const struct glb_emu *e, int page, int tile, int addr, uint64_t *words);

/* Runs job j on all boards, or the first j->boards; seeds[boards], of all, replaces j->seed (NULL:
 * all boards use j->seed). counters
 * (may be NULL) are one board's. GLB_ERR_ARGUMENT also if a segment would take a sum for a
 * coupling: boards with different couplings are left to the reference. */
enum glb_status glb_emu_run(struct glb_emu *e, const struct glb_job *j, const uint64_t *seeds,
                            glb_sample_fn fn, void *user, struct glb_job_counters *counters);

#endif
