/* Sums that the boards count: how far they may have gone, and when they are taken off.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "learn/layers/layer_sampler_device.h"

/* A board's sum has 16 bits, signed once anything was subtracted. */
enum { MOST_SIGNED = 32767, LEAST_SIGNED = 32768 };

struct reach {
    int added, subtracted;
};

static struct reach reach_after(const struct layer_device *p, const struct layer_job *x) {
    const int chains = p->program->array.chains, samples = (int)x->counted;
    struct reach r = {p->sums.added, p->sums.subtracted};
    if (x->asked->run.count == GLB_COUNT_ADD)
        r.added += chains * samples;
    else
        r.subtracted += (chains + 1) * samples;
    return r;
}

bool layer_device_sums_full(const struct layer_device *p, const struct layer_job *x) {
    const struct reach r = reach_after(p, x);
    if (x->asked->run.count == GLB_COUNT_NOT)
        return false;
    return r.subtracted == 0 ? r.added > LAYER_SUM_MOST
                             : r.added > MOST_SIGNED || r.subtracted > LEAST_SIGNED;
}

int layer_device_count(struct layer_device *p, const struct layer_job *x, int boards) {
    const int fresh = p->sums.fresh ? GLB_RUN_REPLACE : 0;
    if (x->asked->run.count == GLB_COUNT_NOT || x->counted == 0)
        return 0;
    const struct reach r = reach_after(p, x);
    p->sums.added = r.added;
    p->sums.subtracted = r.subtracted;
    p->sums.fresh = false;
    if (x->asked->run.count == GLB_COUNT_ADD)
        return fresh;
    p->sums.correction += (int64_t)x->counted * boards;
    return fresh | GLB_RUN_SUBTRACT;
}

static void start(struct layer_sums *s) {
    s->added = s->subtracted = 0;
    s->correction = 0;
    s->fresh = true;
}

void layer_device_clear_sums(struct layer_device *p) {
    memset(p->sums.total, 0, sizeof *p->sums.total * (size_t)p->nsums);
    start(&p->sums);
}

enum glb_status layer_device_take_sums(struct layer_device *p, int page) {
    struct layer_sums *sums = &p->sums;
    if (sums->fresh)
        return GLB_OK;
    const enum glb_status s =
        glb_device_sums(p->device, p->program, page, sums->subtracted > 0, sums->taken);
    for (int k = 0; k < p->nsums && s == GLB_OK; k++)
        sums->total[k] += sums->taken[k] + sums->correction;
    if (s == GLB_OK)
        start(sums);
    return s;
}

enum glb_status layer_device_sums(void *self, int64_t *out) {
    struct layer_device *p = self;
    const enum glb_status s = layer_device_take_sums(p, GLB_PAGES - 1);
    for (int k = 0; k < p->nsums && s == GLB_OK; k++)
        out[k] = p->sums.total[k];
    return s;
}
