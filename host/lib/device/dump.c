/* Sums of a board behind the byte protocol: dumped to state words and read out, a job a dump.
 * SPDX-License-Identifier: Apache-2.0 */
#include "device/dump.h"

#include <stdlib.h>

/* One dump: `count` sums of each tile from `first` on, bits part x CHAINS and up of them. */
struct dump {
    const struct glb_program *p;
    uint16_t *sum; /* [tiles][p->sums] */
    int first, count, part;
};

static int on_words(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                    size_t stride) {
    const struct dump *d = user;
    (void)sample;
    (void)sweep;
    for (int t = 0; t < d->p->array.tiles; t++)
        for (int g = 0; g < d->count; g++, words += stride)
            d->sum[(size_t)t * (size_t)d->p->sums + (size_t)(d->first + g)] |=
                (uint16_t)(*words << d->part * d->p->array.chains);
    return 0;
}

static enum glb_status run_dump(struct glb_device *device, struct dump *d, int segment, int page) {
    static const struct glb_beta_step once = {0, 1};
    struct glb_run runs[GLB_MAX_TILES];
    struct glb_job_counters n;
    const struct glb_job j = {.id = 1,
                              .steps = &once,
                              .nsteps = 1,
                              .runs = runs,
                              .nruns = d->p->array.tiles,
                              .page = (uint8_t)page,
                              .flags = GLB_RUN_SAMPLE_FINAL,
                              .nseg = 1,
                              .seg = {(uint8_t)segment}};
    for (int t = 0; t < d->p->array.tiles; t++)
        runs[t] = (struct glb_run){(uint16_t)t, 0, (uint16_t)d->count};
    return glb_device_run(device, &j, NULL, on_words, d, &n);
}

enum glb_status device_dump_sums(struct glb_device *device, const struct glb_program *p, int page,
                                 bool is_signed, int64_t *out) {
    const int most = 1 << p->array.gw, each = (p->sums + most - 1) / most; /* dumps a part */
    struct dump d = {.p = p};
    enum glb_status s = GLB_OK;
    d.sum = calloc((size_t)p->array.tiles * (size_t)p->sums + 1, sizeof *d.sum);
    if (!d.sum)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a board's sums");
    for (int k = 0; k < p->dumps && s == GLB_OK; k++) {
        d.part = k / each;
        d.first = k % each * most;
        d.count = p->sums - d.first < most ? p->sums - d.first : most;
        s = run_dump(device, &d, p->dump_first + k, page);
    }
    for (int k = 0; k < p->ncount && s == GLB_OK; k++) {
        const struct glb_count_ref *c = &p->count[k];
        const uint16_t sum =
            d.sum[(size_t)c->tile * (size_t)p->sums + (size_t)(c->entry - p->sums_first)];
        out[k] = is_signed ? (int16_t)sum : sum;
    }
    free(d.sum);
    return s;
}
