/* Jobs on the emulator: block by block on all cores, from one sampling point to the next. Segments
 * that the decoder cannot order run on the reference instead, one per board.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "array/noise.h"
#include "base/parallel.h"
#include "base/seconds.h"
#include "emulator/emulator_state.h"

static bool stopped(struct glb_emu *e) {
    if (!e->job->stop || !atomic_load_explicit(e->job->stop, memory_order_relaxed))
        return false;
    e->cut = 1;
    return true;
}

static void run_block(struct glb_emu *e, int i) {
    const struct glb_job *j = e->job;
    struct glb_block *b = &e->block[i];
    struct glb_position at = e->from;
    for (uint64_t k = 0; k < e->sweeps && !stopped(e); k++) {
        while (at.sweep == j->steps[at.step].sweeps)
            at = (struct glb_position){at.step + 1, 0};
        for (int g = 0; g < j->nseg; g++)
            e->kernel(&e->plan[j->seg[g]], b->page + (size_t)j->page * e->page_bytes, b->lfsr,
                      b->drawn, e->tables[at.step]);
        at.sweep++;
    }
}

/* The same on the references of the block's boards, whose states are moved there and back. */
static void run_block_on_ref(struct glb_emu *e, int block) {
    const struct glb_job *j = e->job;
    const int chains = e->m.a.chains, first = block * e->per_block;
    const int end = first + e->per_block < e->boards ? first + e->per_block : e->boards;
    const uint64_t mask = (UINT64_C(1) << chains) - 1;
    for (int b = first; b < end; b++) {
        struct glb_position at = e->from;
        for (uint64_t k = 0; k < e->sweeps && !stopped(e); k++) {
            while (at.sweep == j->steps[at.step].sweeps)
                at = (struct glb_position){at.step + 1, 0};
            glb_reference_beta(e->ref[b], j->steps[at.step].k);
            for (int g = 0; g < j->nseg; g++)
                glb_reference_segment(e->ref[b], j->seg[g], j->page, 0);
            at.sweep++;
        }
    }
    for (int t = 0; t < e->m.a.tiles; t++)
        for (int addr = 0; addr < 1 << e->m.a.aw; addr++) {
            uint64_t in[GLB_BLOCK_WORDS] = {0};
            uint64_t *out =
                glb_emu_slot(e, &e->block[block], j->page, ((size_t)t << e->m.a.aw) + (size_t)addr);
            for (int b = first; b < end; b++) {
                const int bit = (b - first) * chains;
                in[bit / 64] |= (glb_reference_state(e->ref[b], j->page, t, addr) & mask)
                                << (bit % 64);
            }
            glb_to_kernel(chains, in, out);
            for (int k = 0; k < GLB_BLOCK_WORDS; k++)
                out[GLB_BLOCK_WORDS + k] = ~out[k];
        }
}

static void run_blocks(void *user, int first, int end) {
    struct glb_emu *e = user;
    const struct glb_job *j = e->job;
    for (int i = first; i < end; i++) {
        if (e->on_ref)
            run_block_on_ref(e, i);
        else
            run_block(e, i);
        uint64_t *to = e->sample;
        for (int r = 0; to && r < j->nruns; r++)
            for (int k = 0; k < j->runs[r].count; k++, to += e->stride)
                glb_emu_get_block(e, i, j->page, j->runs[r].tile, j->runs[r].addr + k, to);
    }
}

/* Starts the references with the blocks' states. */
static enum glb_status start_refs(struct glb_emu *e, const uint64_t *seeds) {
    const struct glb_array *a = &e->m.a;
    const uint64_t mask = (UINT64_C(1) << a->chains) - 1;
    uint64_t *words = malloc(e->stride * sizeof *words);
    if (!words)
        return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for a state word");
    for (int b = 0; b < e->boards; b++) {
        const enum glb_status s = e->ref[b] ? GLB_OK : glb_reference_open_shared(&e->m, &e->ref[b]);
        if (s != GLB_OK) {
            free(words);
            return s;
        }
        glb_reference_begin(e->ref[b], seeds ? seeds[b] : e->job->seed);
    }
    for (int t = 0; t < a->tiles; t++)
        for (int addr = 0; addr < 1 << a->aw; addr++) {
            glb_emu_get(e, e->job->page, t, addr, words);
            for (int b = 0; b < e->boards; b++) {
                const int bit = b * a->chains;
                glb_reference_set_state(e->ref[b], e->job->page, t, addr,
                                        (uint32_t)(words[bit / 64] >> (bit % 64) & mask));
            }
        }
    free(words);
    return GLB_OK;
}

/* Noise generators from the seeds; boards beyond the last one of the last block get any. */
static enum glb_status start_blocks(struct glb_emu *e, const uint64_t *seeds) {
    const int lanes = e->m.a.tiles * e->m.a.lanes;
    uint64_t lfsr[GLB_MAX_TILES * GLB_MAX_LANES];
    for (int i = 0; i < e->nblocks; i++) {
        memset(e->block[i].drawn, 0, (size_t)lanes);
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
    if (j->interval == 0)
        return total;
    uint64_t next = (uint64_t)j->burn_in + j->interval;
    if (done >= j->burn_in)
        next = done + j->interval - (done - j->burn_in) % j->interval;
    return next < total ? next : total;
}

/* Runs so many sweeps; false if the stop flag cut them short: then blocks are at different ones. */
static bool span(struct glb_emu *e, uint64_t sweeps, uint64_t *sample) {
    const double start = glb_seconds(CLOCK_MONOTONIC);
    e->sweeps = sweeps;
    e->sample = sample;
    e->cut = 0;
    glb_parallel(e->threads, e->nblocks, run_blocks, e);
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
    uint64_t flips = 0, cycles = 0, done = 0;
    for (int i = 0; i < j->nseg; i++) {
        flips += e->m.seg[j->seg[i]].flips;
        cycles += (uint64_t)(e->m.seg[j->seg[i]].s_len + e->m.a.gap);
    }
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
        n->flips += (stop - done) * flips;
        n->run_cycles += (stop - done) * cycles;
        done = stop;
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
    if (s != GLB_OK)
        return s;
    e->on_ref = 0;
    for (int i = 0; i < j->nseg; i++) {
        if ((s = glb_emu_prepare(e, j->seg[i])) != GLB_OK)
            return s;
        e->on_ref |= !e->code[j->seg[i]].ok;
    }
    size_t nwords = 0;
    for (int i = 0; i < j->nruns; i++)
        nwords += j->runs[i].count;
    uint64_t *words = malloc((nwords * e->stride + 1) * sizeof *words);
    e->tables = malloc((size_t)j->nsteps * sizeof *e->tables);
    if (!words || !e->tables) {
        s = glb_fail(GLB_ERR_MEMORY, "emulator: no memory for a sample of %zu words", nwords);
    } else {
        for (int i = 0; i < j->nsteps; i++)
            glb_noise_table(j->steps[i].k, e->m.a.acc, e->tables[i]);
        e->job = j;
        e->from = (struct glb_position){0, 0};
        e->at_once = e->at_once ? e->at_once : 1;
        s = e->on_ref ? start_refs(e, seeds) : start_blocks(e, seeds);
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
