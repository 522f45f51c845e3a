/* Jobs on the emulator: block by block on all cores, from one sample to the next.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "array/noise.h"
#include "base/parallel.h"
#include "base/seconds.h"
#include "emulator/emulator_state.h"

/* Blocks with boards that run the job. */
static int running_blocks(const struct glb_emu *e) {
    const int boards = e->job->boards;
    return boards > 0 && boards < e->boards ? (boards + e->per_block - 1) / e->per_block
                                            : e->nblocks;
}

static void run_block(struct glb_emu *e, int i) {
    const struct glb_job *j = e->job;
    const int group = i * e->per_block / e->group;
    struct glb_block *b = &e->block[i];
    const struct glb_emu_machine machine = {b->page + (size_t)j->page * e->page_bytes, b->noise,
                                            b->lfsr, b->drawn};
    struct glb_position at = e->from;
    for (uint64_t sweep = e->done + 1; sweep <= e->done + e->sweeps && !glb_emu_stopped(e);
         sweep++) {
        const int nseg = glb_job_segments(j, sweep);
        while (at.sweep == j->steps[at.step].sweeps)
            at = (struct glb_position){at.step + 1, 0};
        for (int g = 0; g < nseg; g++)
            if (e->m.seg[j->seg[g]].mode >= GLB_SEGMENT_COUNTS)
                glb_emu_count_segment(e, b, j->seg[g], glb_job_count_flags(j, sweep));
            else
                e->kernel(&e->plan[j->seg[g]], &machine, e->tables[j->group_k ? group : at.step]);
        at.sweep++;
    }
}

static void run_blocks(void *user, int first, int end) {
    struct glb_emu *e = user;
    const struct glb_job *j = e->job;
    for (int i = first; i < end; i++) {
        if (e->on_ref)
            glb_emu_run_refs(e, i);
        else
            run_block(e, i);
        uint64_t *to = e->sample;
        for (int r = 0; to && r < j->nruns; r++)
            for (int k = 0; k < j->runs[r].count; k++, to += e->stride)
                glb_emu_get_block(e, i, j->page, j->runs[r].tile, j->runs[r].addr + k, to);
    }
}

/* Noise generators from the seeds; boards beyond the last one of the last block get any. */
static enum glb_status start_blocks(struct glb_emu *e, const uint64_t *seeds) {
    const int lanes = e->m.a.tiles * e->m.a.lanes;
    uint64_t lfsr[GLB_MAX_TILES * GLB_MAX_LANES];
    for (int i = 0; i < running_blocks(e); i++) {
        memset(e->block[i].drawn, 0, (size_t)(lanes * e->per_block));
        for (int k = 0; k < e->per_block; k++) {
            const int board = i * e->per_block + k;
            glb_noise_seed(seeds && board < e->boards ? seeds[board] : e->job->seed, lanes, lfsr);
            for (int l = 0; l < lanes; l++)
                e->block[i].lfsr[(size_t)l * (size_t)e->per_block + (size_t)k] = lfsr[l];
        }
    }
    return GLB_OK;
}

/* The next sweep after `done` at which something happens: a sample, or the end. */
static uint64_t next_stop(const struct glb_job *j, uint64_t done, uint64_t total) {
    if (j->interval == 0 || j->flags & GLB_RUN_QUIET)
        return total;
    uint64_t next = (uint64_t)j->burn_in + j->interval;
    if (done >= j->burn_in)
        next = done + j->interval - (done - j->burn_in) % j->interval;
    return next < total ? next : total;
}

/* Sampling points up to this sweep. */
static uint64_t points(const struct glb_job *j, uint64_t sweep) {
    return j->interval > 0 && sweep > j->burn_in ? (sweep - j->burn_in) / j->interval : 0;
}

/* What the job's segments first .. end - 1 count in one pass. */
static struct glb_job_counters pass(const struct glb_emu *e, int first, int end) {
    struct glb_job_counters n = {0};
    for (int i = first; i < end; i++) {
        const struct glb_segment *s = &e->m.seg[e->job->seg[i]];
        n.flips += s->flips;
        n.run_cycles += (uint64_t)glb_segment_clocks(&e->m.a, s);
    }
    return n;
}

/* Runs so many sweeps; false if the stop flag cut them short: then blocks are at different ones. */
static bool span(struct glb_emu *e, uint64_t sweeps, uint64_t *sample) {
    const double start = glb_seconds(CLOCK_MONOTONIC);
    e->sweeps = sweeps;
    e->sample = sample;
    e->cut = 0;
    glb_parallel(e->threads, running_blocks(e), run_blocks, e);
    if (e->cut)
        return false;
    const double seconds = glb_seconds(CLOCK_MONOTONIC) - start;
    if (sweeps == e->at_once && seconds < 0.004)
        e->at_once *= 2;
    else if (sweeps == e->at_once && seconds > 0.01 && e->at_once > 1)
        e->at_once /= 2;
    while (sweeps > 0) { /* where that leaves the schedule */
        const uint64_t left = e->job->steps[e->from.step].sweeps - e->from.sweep;
        if (sweeps <= left) {
            e->from.sweep += (uint32_t)sweeps;
            return true;
        }
        sweeps -= left;
        e->from = (struct glb_position){e->from.step + 1, 0};
    }
    return true;
}

static enum glb_status run_spans(struct glb_emu *e, uint64_t *words, glb_sample_fn fn, void *user,
                                 struct glb_job_counters *n) {
    const struct glb_job *j = e->job;
    const uint64_t total = glb_job_sweeps(j);
    const struct glb_job_counters sweep = pass(e, 0, j->nseg - j->nsampled);
    const struct glb_job_counters sampled = pass(e, j->nseg - j->nsampled, j->nseg);
    uint64_t done = 0;
    if (j->flags & GLB_RUN_SAMPLE_INITIAL) {
        span(e, 0, words);
        n->aborted = fn && fn(user, n->samples, 0, words, e->stride);
        n->samples++;
    }
    while (done < total && !n->aborted) {
        uint64_t stop = next_stop(j, done, total);
        if ((j->stop || j->progress) && stop - done > e->at_once)
            stop = done + e->at_once;
        const int due = glb_job_sample_due(j, stop, total);
        if (!span(e, stop - done, due ? words : NULL)) {
            n->aborted = 1;
            break;
        }
        const uint64_t at_points = points(j, stop) - points(j, done);
        n->flips += (stop - done) * sweep.flips + at_points * sampled.flips;
        n->run_cycles += (stop - done) * sweep.run_cycles + at_points * sampled.run_cycles;
        e->done = done = stop;
        n->sweeps = (uint32_t)done;
        if (due) {
            n->aborted = fn && fn(user, n->samples, n->sweeps, words, e->stride);
            n->samples++;
        }
        if (j->progress && j->progress(j->user, n->sweeps))
            n->aborted = 1;
    }
    if (total == 0 && j->flags & GLB_RUN_SAMPLE_FINAL && !n->aborted) {
        span(e, 0, words);
        n->aborted = fn && fn(user, n->samples, 0, words, e->stride);
        n->samples++;
    }
    return GLB_OK;
}

enum glb_status glb_emu_run(struct glb_emu *e, const struct glb_job *j, const uint64_t *seeds,
                            glb_sample_fn fn, void *user, struct glb_job_counters *counters) {
    struct glb_job_counters n = {0};
    enum glb_status s = glb_job_check(&e->m.a, j);
    if (s == GLB_OK && j->group_k && j->nsteps != 1)
        s = glb_fail(GLB_ERR_ARGUMENT, "job: groups have temperatures of their own, but %d steps",
                     j->nsteps);
    if (s != GLB_OK)
        return s;
    e->on_ref = 0;
    for (int i = 0; i < j->nseg; i++) {
        if ((s = glb_emu_prepare(e, j->seg[i])) != GLB_OK)
            return s;
        e->on_ref |= e->m.seg[j->seg[i]].mode < GLB_SEGMENT_COUNTS && !e->code[j->seg[i]].ok;
    }
    if (j->goes_on && e->on_ref)
        return glb_fail(GLB_ERR_UNSUPPORTED, "the schedule runs on the clock-by-clock reference, "
                                             "where a job cannot go on from another");
    size_t nwords = 0;
    for (int i = 0; i < j->nruns; i++)
        nwords += j->runs[i].count;
    const int ntables = j->group_k ? e->boards / e->group : j->nsteps;
    uint64_t *words = calloc(nwords * e->stride + 1, sizeof *words);
    e->tables = aligned_alloc(64, (size_t)ntables * sizeof *e->tables);
    if (!words || !e->tables) {
        s = glb_fail(GLB_ERR_MEMORY, "emulator: no memory for a sample of %zu words", nwords);
    } else {
        for (int i = 0; i < ntables; i++)
            glb_noise_table(j->group_k ? j->group_k[i] : j->steps[i].k, e->m.a.acc, e->tables[i]);
        e->job = j;
        e->from = (struct glb_position){0, 0};
        e->done = 0;
        e->at_once = e->at_once ? e->at_once : 1;
        glb_emu_use_page(e, j->page);
        if ((s = glb_emu_sums_begin(e)) == GLB_OK && !j->goes_on)
            s = e->on_ref ? glb_emu_start_refs(e, seeds) : start_blocks(e, seeds);
        if (s == GLB_OK)
            s = run_spans(e, words, fn, user, &n);
    }
    free(words);
    free(e->tables);
    e->tables = NULL;
    if (counters)
        *counters = n;
    return s;
}
