/* How many of the wanted sums fit, and the best of a few schedules for them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/counting/counting.h"

#include <stdlib.h>
#include "compiler/counting/count_plan.h"

enum { SCHEDULES = 3 }; /* that are tried */

static enum glb_status check(const struct glb_program *p, const struct glb_count_want *want,
                             int nwant, int nwords) {
    if (p->ncount)
        return glb_fail(GLB_ERR_ARGUMENT, "the program counts already; compile it again");
    for (int k = 0; k < nwant; k++)
        if (want[k].i < 0 || want[k].i >= p->n || want[k].j < -1 || want[k].j >= p->n + nwords ||
            (want[k].j >= 0 && want[k].i >= want[k].j))
            return glb_fail(GLB_ERR_ARGUMENT,
                            "sum %d of p-bits %d and %d: the first of %d p-bits is 0, and the "
                            "smaller of a pair comes first",
                            k, want[k].i, want[k].j, p->n);
    return GLB_OK;
}

/* What there is room for, and what is full first. */
struct room {
    int sums; /* of a tile */
    int clocks;
    int count; /* of wanted sums */
    const char *limit;
};

static void limit_count(struct room *r, long count, const char *limit) {
    if (count >= r->count)
        return;
    r->count = count > 0 ? (int)count : 0;
    r->limit = limit;
}

static struct room find_room(const struct glb_program *p, int nwant,
                             const struct glb_count_options *o) {
    const struct glb_array *a = &p->array;
    const int segments = GLB_SEGMENTS - p->nseg - p->nextra - o->spare_segments - 1;
    const int dumped = segments > 0 ? segments / glb_array_sum_parts(a) << a->gw : 0;
    const int sums = a->cdepth - p->c_used;
    struct room r = {.sums = o->most && o->most < sums ? o->most : sums,
                     .clocks = a->sdepth - p->s_used,
                     .count = nwant};
    if (p->copies > 1)
        limit_count(&r, 0, "one copy of the graph");
    limit_count(&r, (long)r.sums * a->tiles, "coupling memory");
    limit_count(&r, (long)dumped * a->tiles, "segments");
    limit_count(&r, (long)r.clocks * a->tiles, "schedule memory");
    r.sums = dumped < r.sums ? dumped : r.sums;
    return r;
}

/* The shortest of a few schedules of the first `count` sums; *done < count if none fits. */
static enum glb_status shortest(struct count_plan *plan, const struct room *r, uint64_t seed,
                                int *done) {
    struct count_plan best = {0};
    enum glb_status s = GLB_OK;
    int clocks = r->clocks;
    *done = 0;
    for (int k = 0; k < SCHEDULES && s == GLB_OK; k++) {
        int placed;
        s = count_schedule(plan, r->sums, clocks, seed + 7919u * (unsigned)k, &placed);
        *done = placed > *done ? placed : *done;
        if (s != GLB_OK || placed < plan->nwant)
            continue;
        free(best.op);
        best = *plan;
        plan->op = NULL;
        plan->cap = 0;
        clocks = best.clocks - 1;
    }
    if (s == GLB_OK && *done == plan->nwant) {
        free(plan->op);
        plan->op = best.op;
        plan->clocks = best.clocks;
        plan->sums = best.sums;
    } else {
        free(best.op);
    }
    return s;
}

static enum glb_status count_first(struct glb_program *p, const struct glb_count_want *want,
                                   const struct room *r, const struct glb_count_options *o,
                                   int *done) {
    struct count_plan plan = {
        .p = p, .want = want, .nwant = r->count, .word = o->word, .nwords = o->nwords};
    enum glb_status s = count_make_works(&plan)
                            ? shortest(&plan, r, o->seed, done)
                            : glb_fail(GLB_ERR_MEMORY, "compile: out of memory for counts");
    if (s == GLB_OK && *done == r->count)
        s = count_append(&plan, p);
    count_plan_release(&plan);
    return s;
}

enum glb_status glb_program_add_counts(struct glb_program *p, const struct glb_count_want *want,
                                       int nwant, const struct glb_count_options *options,
                                       int *counted) {
    const struct glb_count_options none = {0}, *o = options ? options : &none;
    *counted = 0;
    enum glb_status s = check(p, want, nwant, o->nwords);
    if (s != GLB_OK)
        return s;
    struct room r = find_room(p, nwant, o);
    while (s == GLB_OK && r.count > 0 && !(o->all && r.count < nwant)) {
        int done = 0;
        s = count_first(p, want, &r, o, &done);
        if (s == GLB_OK && done == r.count) {
            *counted = done;
            break;
        }
        /* the schedule of what was placed is about as long as the memory */
        limit_count(&r, done - done / 32 - 1, "schedule memory");
    }
    p->report.sums = *counted;
    p->report.sums_wanted = nwant;
    p->report.sums_limit = *counted < nwant ? r.limit : NULL;
    p->report.sums_room = r.count;
    p->report.sum_entries = p->sums;
    p->report.count_clocks = glb_program_count_clocks(p);
    return s;
}
