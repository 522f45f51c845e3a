/* Sums of counting segments, fetched: a job for each dump puts some of them into state words, and
 * its sample returns these (docs/design/array.md, section 3a). SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "device/device.h"

enum { SAMPLE_WORDS = (65535 - 8) / 2 }; /* of a frame */

struct dump_job { /* one dump, of the tiles first_tile .. */
    struct glb_job job;
    struct glb_job_counters counters;
    const struct glb_sum_fetch *fetch;
    const struct glb_segment *segment;
    int first_tile;
};

struct glb_sum_fetch {
    const struct glb_program *p;
    int boards;
    bool is_signed;
    int64_t *out;
    int32_t *at;          /* [tiles][sums] index into p->count, or -1 */
    struct glb_run *runs; /* [most words of a tile][tiles]: whole tiles of dumps of that length */
    struct dump_job *jobs;
    int njobs;
};

/* Word i of each tile is a part of sum c_start + i, for all boards side by side. */
static int add_words(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                     size_t stride) {
    const struct dump_job *d = user;
    const struct glb_sum_fetch *f = d->fetch;
    const struct glb_segment *g = d->segment;
    const int chains = f->p->array.chains, parts = glb_array_sum_parts(&f->p->array);
    const uint64_t mask = (1ull << chains) - 1;
    (void)sample, (void)sweep;
    for (int r = 0; r < d->job.nruns; r++)
        for (int i = 0; i < g->s_len; i++, words += stride) {
            const int k =
                f->at[(d->first_tile + r) * f->p->sums + g->c_start - f->p->sums_first + i];
            int64_t sum = 0;
            for (int b = 0; k >= 0 && b < f->boards; b++) {
                const int bit = b * chains;
                const int64_t part = (int64_t)(words[bit >> 6] >> (bit & 63) & mask);
                sum += part;
                if (f->is_signed && g->part == parts - 1 && part >> (chains - 1))
                    sum -= 1ll << chains;
            }
            if (k >= 0)
                f->out[k] += sum * (1ll << g->part * chains);
        }
    return 0;
}

static void make_jobs(struct glb_sum_fetch *f, int page) {
    static const struct glb_beta_step once = {1 << 16, 1};
    const struct glb_program *p = f->p;
    for (int k = p->dump_first; k < p->dump_first + p->dumps; k++) {
        const struct glb_segment *g = &p->seg[k];
        const int tiles = p->array.tiles, most = SAMPLE_WORDS / g->s_len;
        for (int t = 0; t < tiles; t += most) {
            struct dump_job *d = &f->jobs[f->njobs];
            struct glb_run *runs = f->runs + (size_t)f->njobs++ * (size_t)tiles;
            *d = (struct dump_job){.fetch = f, .segment = g, .first_tile = t};
            d->job = (struct glb_job){.id = 1,
                                      .steps = &once,
                                      .nsteps = 1,
                                      .interval = 1,
                                      .runs = runs,
                                      .nruns = tiles - t < most ? tiles - t : most,
                                      .page = (uint8_t)page,
                                      .nseg = 1,
                                      .seg = {(uint8_t)k}};
            for (int i = 0; i < d->job.nruns; i++)
                runs[i] = (struct glb_run){(uint16_t)(t + i), 0, (uint16_t)g->s_len};
        }
    }
}

enum glb_status glb_sum_fetch_open(const struct glb_program *p, int boards, int page,
                                   bool is_signed, int64_t *out, struct glb_sum_fetch **fetch) {
    const struct glb_array *a = &p->array;
    const size_t tiles = (size_t)a->tiles, sums = (size_t)p->sums;
    /* a dump needs one job more for each sample that is full */
    const size_t jobs = (size_t)p->dumps * (1 + (tiles << a->gw) / SAMPLE_WORDS);
    *fetch = NULL;
    if (!p->ncount)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "the program has no counting segments; compile it with them");
    struct glb_sum_fetch *f = calloc(1, sizeof *f);
    if (!f)
        return glb_fail(GLB_ERR_MEMORY, "no memory to fetch sums");
    *f = (struct glb_sum_fetch){.p = p,
                                .boards = boards,
                                .is_signed = is_signed,
                                .out = out,
                                .at = malloc(sizeof *f->at * (tiles * sums + 1)),
                                .runs = malloc(sizeof *f->runs * (jobs * tiles + 1)),
                                .jobs = calloc(jobs + 1, sizeof *f->jobs)};
    if (!f->at || !f->runs || !f->jobs) {
        glb_sum_fetch_close(f);
        return glb_fail(GLB_ERR_MEMORY, "no memory to fetch sums");
    }
    for (size_t i = 0; i < tiles * sums; i++)
        f->at[i] = -1;
    for (int k = 0; k < p->ncount; k++)
        f->at[(size_t)p->count[k].tile * sums + (size_t)(p->count[k].entry - p->sums_first)] = k;
    make_jobs(f, page);
    *fetch = f;
    return GLB_OK;
}

void glb_sum_fetch_close(struct glb_sum_fetch *f) {
    if (!f)
        return;
    free(f->at);
    free(f->runs);
    free(f->jobs);
    free(f);
}

int glb_sum_fetch_jobs(const struct glb_sum_fetch *f) {
    return f->njobs;
}

static void begin_anew(struct glb_sum_fetch *f) {
    memset(f->out, 0, sizeof *f->out * (size_t)f->p->ncount);
}

enum glb_status glb_sum_fetch_begin(struct glb_device *d, struct glb_sum_fetch *f, int k) {
    struct dump_job *j = &f->jobs[k];
    if (k == 0)
        begin_anew(f);
    return glb_device_begin(d, &j->job, add_words, j, &j->counters);
}

static enum glb_status returned(enum glb_status s, const struct dump_job *d) {
    return s != GLB_OK || d->counters.samples == 1
               ? s
               : glb_fail(GLB_ERR_DEVICE,
                          "the device returned no sums; were they compiled for it?");
}

enum glb_status glb_sum_fetch_finish(struct glb_device *d, struct glb_sum_fetch *f, int k) {
    return returned(glb_device_finish(d), &f->jobs[k]);
}

/* One board, with the next jobs behind the running one. */
static enum glb_status run_queued(struct glb_device *d, struct glb_sum_fetch *f) {
    enum glb_status s = GLB_OK;
    int begun = 0, ended = 0;
    while (s == GLB_OK && ended < f->njobs) {
        if (begun < f->njobs && begun - ended < GLB_JOB_SLOTS) {
            s = glb_sum_fetch_begin(d, f, begun);
            begun += s == GLB_OK;
        } else {
            s = glb_sum_fetch_finish(d, f, ended++);
        }
    }
    for (; ended < begun; ended++)
        glb_device_finish(d);
    return s;
}

static enum glb_status run_side_by_side(struct glb_device *d, struct glb_sum_fetch *f) {
    enum glb_status s = GLB_OK;
    begin_anew(f);
    for (int k = 0; k < f->njobs && s == GLB_OK; k++) {
        struct dump_job *j = &f->jobs[k];
        s = returned(glb_device_run(d, &j->job, NULL, add_words, j, &j->counters), j);
    }
    return s;
}

enum glb_status glb_device_sums(struct glb_device *d, const struct glb_program *p, int page,
                                bool is_signed, int64_t *out) {
    struct glb_sum_fetch *f;
    const int boards = glb_device_identify(d)->boards;
    enum glb_status s = glb_sum_fetch_open(p, boards, page, is_signed, out, &f);
    if (s == GLB_OK)
        s = boards > 1 ? run_side_by_side(d, f) : run_queued(d, f);
    glb_sum_fetch_close(f);
    return s;
}
