/* Boards that take turns on one device: while jobs run, the states of the next ones go to other
 * pages. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "learn/layers/layer_sampler_device.h"

/* One board's job of one phase. */
struct turn {
    const struct layer_job *of;
    int board, page;
    struct glb_job job;
    struct layer_collect collect;
    struct glb_job_counters n;
};

struct turns {
    struct layer_device *p;
    struct layer_job *x;
    int phases;
    struct turn ring[GLB_JOB_SLOTS];
    int begun, ended;
    int last[GLB_PAGES];  /* turn that used the page last; -1: none */
    int board[GLB_PAGES]; /* whose states are there; -1: no one's */
};

static enum glb_status end_turn(struct turns *q) {
    const struct turn *t = &q->ring[q->ended++ % GLB_JOB_SLOTS];
    struct glb_job_counters *sum = &t->of->asked->counters;
    const enum glb_status s = glb_device_finish(q->p->device);
    sum->flips += t->n.flips;
    sum->run_cycles += t->n.run_cycles;
    sum->stall_cycles += t->n.stall_cycles;
    sum->sweeps = t->n.sweeps;
    sum->samples = t->n.samples;
    return s;
}

/* Ends turns until at most `most` are in flight and turn number `number` has ended. */
static enum glb_status end_turns(struct turns *q, int most, int number) {
    enum glb_status s = GLB_OK;
    while (s == GLB_OK && q->ended < q->begun && (q->begun - q->ended > most || q->ended <= number))
        s = end_turn(q);
    return s;
}

/* Layers that phase x of a board needs and that its page does not have yet. */
static unsigned missing(const struct turns *q, const struct layer_job *x, int board, int page) {
    const struct layer_job *before = q->x;
    const unsigned needs = layer_device_needs(q->p, &x->asked->run);
    if (x == before || q->board[page] != board)
        return needs;
    unsigned there =
        layer_device_needs(q->p, &before->asked->run) & ~layer_device_changes(&before->asked->run);
    for (int l = 0; l < q->p->t->nlayers; l++)
        if (x->state[l] != before->state[l])
            there &= ~(1u << l);
    return needs & ~there;
}

static enum glb_status begin(struct turns *q, struct layer_job *x, int board, int page) {
    struct layer_device *p = q->p;
    enum glb_status s = end_turns(q, GLB_JOB_SLOTS, q->last[page]);
    if (s == GLB_OK && layer_device_sums_full(p, x)) {
        s = end_turns(q, 0, -1);
        if (s == GLB_OK)
            s = layer_device_take_sums(p, page);
        q->board[page] = -1;
    }
    if (s == GLB_OK)
        s = layer_device_send_board(p, x, missing(q, x, board, page), board, page);
    q->board[page] = board;
    if (s == GLB_OK)
        s = end_turns(q, GLB_JOB_SLOTS - 1, -1);
    if (s != GLB_OK)
        return s;
    struct turn *t = &q->ring[q->begun % GLB_JOB_SLOTS];
    *t = (struct turn){.of = x, .board = board, .page = page, .job = x->job, .collect = x->collect};
    t->job.seed = x->seeds[board];
    t->job.page = (uint8_t)page;
    t->job.flags |= (uint8_t)layer_device_count(p, x, 1);
    t->collect.shift = board * p->program->array.chains;
    s = glb_device_begin(p->device, &t->job, layer_device_sample, &t->collect, &t->n);
    if (s == GLB_OK)
        q->last[page] = q->begun++;
    if (s == GLB_OK && x->asked->run.meanwhile)
        x->asked->run.meanwhile(x->asked->run.meanwhile_user);
    return s;
}

static int stopped(const struct layer_device *p) {
    return p->stop && *p->stop;
}

static int boards_of(const struct turns *q, int phase) {
    return phase < q->phases ? q->x[phase].boards : 0;
}

/* The v-th job of a page: of its boards, every fourth one, all phases before the next board. */
static enum glb_status begin_next(struct turns *q, int page, int v) {
    const int phase = v % q->phases, board = page + GLB_PAGES * (v / q->phases);
    if (v < 0 || board >= boards_of(q, phase) || stopped(q->p))
        return GLB_OK;
    return begin(q, &q->x[phase], board, page);
}

/* P0 P1 N0 P2 N1 P3 P4 N2 P5 N3 N4 P6 ..: every job waits for the end of the fourth before it, that
 * of its page, so three others keep the device busy meanwhile; two pages are a phase behind, so
 * that first phases, which need their board's states sent, and second ones take turns. */
static enum glb_status begin_all(struct turns *q) {
    static const int order[GLB_PAGES] = {0, 2, 1, 3};
    const int most = boards_of(q, 0) > boards_of(q, 1) ? boards_of(q, 0) : boards_of(q, 1);
    const int visits = (most + GLB_PAGES - 1) / GLB_PAGES * q->phases + 1;
    enum glb_status s = GLB_OK;
    for (int v = 0; v < visits; v++)
        for (int k = 0; k < GLB_PAGES && s == GLB_OK; k++)
            s = begin_next(q, order[k], q->phases == 2 && order[k] >= 2 ? v - 1 : v);
    return s;
}

static void deliver(const struct layer_job *x) {
    for (uint32_t k = 0; x->collect.fn && k < x->samples; k++)
        if (x->collect.fn(x->collect.user, k, x->collect.out + k * x->collect.size))
            break;
}

enum glb_status layer_device_turns(struct layer_device *p, struct layer_job *x, int n) {
    struct turns q = {.p = p, .x = x, .phases = n};
    for (int k = 0; k < GLB_PAGES; k++)
        q.last[k] = q.board[k] = -1;
    for (int k = 0; k < n; k++) {
        x[k].collect.out = calloc(x[k].collect.size * x[k].samples + 1, sizeof(uint64_t));
        if (!x[k].collect.out)
            return glb_fail(GLB_ERR_MEMORY, "no memory for a run's samples");
    }
    enum glb_status s = begin_all(&q);
    char *why = s != GLB_OK ? strdup(glb_error()) : NULL; /* of the first failure */
    while (q.ended < q.begun) {
        const enum glb_status e = end_turn(&q);
        if (s == GLB_OK)
            s = e;
    }
    if (why)
        glb_fail(s, "%s", why);
    free(why);
    for (int k = 0; k < n && s == GLB_OK && !stopped(p); k++)
        deliver(&x[k]);
    return s;
}
