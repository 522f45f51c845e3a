/* Frames at every clock of short jobs: ABORT, WRITE and RUN come one clock later from round to
 * round, over load, seed, beta steps, segments, readout, DONE and the gap to the next job. Whenever
 * the frame comes, the Verilated RTL must give what the emulated board gives with the frame at one
 * of its boundaries, later ones for later frames: reply, samples, counters and a last job that
 * reads all states. Usage: boundary [[--every CLOCKS] ARRAY]...
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "base/little_endian.h"
#include "boundary_jobs.h"
#include "boundary_reference.h"
#include "clocked_board.h"

enum { STREAM = 1 << 19 };

static int every = 1; /* of so many clocks one is tried */

/* A job of two steps and three sweeps, with four samples; short ones on either page; the last job,
 * which reads all of a page before and after a sweep. */
static const struct job_spec LONG = {0, 2, 1, 0, 3, 0, 2, 0, {0, 1}},
                             SHORT = {3, 1, 1, 0, 1, 0, 2, 0, {0, 1}},
                             NEXT = {2, 1, 0, 0, 2, 0, 3, 0, {1, 0, 1}},
                             OTHER_PAGE = {2, 1, 0, 1, 3, 0, 3, 0, {1, 0, 1}},
                             LAST = {2, 1, 0, 0, 3, 1, 2, 0, {0, 1}},
                             LAST_OTHER_PAGE = {2, 1, 0, 1, 3, 1, 2, 0, {0, 1}},
                             COUNTED = {0, 2, 2, 2, 3, 0, 4, 2, {0, 1, 2, 3}},
                             LAST_SUMS = {2, 1, 0, 2, 3, 1, 3, 0, {0, 1, 3}};

static const struct plan {
    const char *name;
    const struct job_spec *jobs[GLB_JOB_SLOTS], *last;
    int cmd, target; /* of the frame */
    int from_end;    /* first offset: so many clocks before the end of the first job; 0: none */
    int least;       /* outcomes that must be met */
} plans[] = {
    {"ABORT, one job", {&LONG}, &LAST, GLB_CMD_ABORT, 0, 0, 12},
    {"ABORT, a job queued", {&SHORT, &NEXT}, &LAST, GLB_CMD_ABORT, 0, 500, 14},
    {"WRITE of a state of the queued job's page",
     {&SHORT, &OTHER_PAGE},
     &LAST_OTHER_PAGE,
     GLB_CMD_WRITE,
     GLB_TARGET_STATE,
     0,
     3},
    {"WRITE of a state of the running job's page",
     {&SHORT, &OTHER_PAGE},
     &LAST,
     GLB_CMD_WRITE,
     GLB_TARGET_STATE,
     300,
     2},
    {"WRITE of a beta step", {&SHORT}, &LAST, GLB_CMD_WRITE, GLB_TARGET_BETA, 0, 2},
    {"WRITE of a schedule word", {&SHORT}, &LAST, GLB_CMD_WRITE, GLB_TARGET_SCHED, 300, 2},
    {"WRITE of states by runs, of the queued job's page",
     {&SHORT, &OTHER_PAGE},
     &LAST_OTHER_PAGE,
     GLB_CMD_WRITE,
     GLB_TARGET_STATES,
     0,
     3},
    {"WRITE of states by runs, of the running job's page",
     {&SHORT, &OTHER_PAGE},
     &LAST,
     GLB_CMD_WRITE,
     GLB_TARGET_STATES,
     300,
     2},
    {"RUN behind a full queue", {&SHORT, &NEXT, &NEXT, &NEXT}, NULL, GLB_CMD_RUN, 0, 500, 2},
    {"ABORT, a job that counts", {&COUNTED}, &LAST_SUMS, GLB_CMD_ABORT, 0, 0, 13},
    {"ABORT, three jobs queued",
     {&SHORT, &NEXT, &OTHER_PAGE, &NEXT},
     &LAST,
     GLB_CMD_ABORT,
     0,
     300,
     20},
};

static struct stream stream_new(void) {
    return (struct stream){malloc(STREAM), 0};
}

static void make_sweep(struct sweep *w, const struct glb_array *a, const struct plan *p) {
    w->before.n = w->frame.n = w->after.n = 0;
    add_states(&w->before, a, p->jobs[0] == &COUNTED);
    /* what frames of other plans and rounds have changed */
    add_write(&w->before, a, GLB_TARGET_SCHED, 1, 0, 0, 0);
    add_write(&w->before, a, GLB_TARGET_BETA, 0, 2, 1 << 16 | UINT64_C(1) << 32, 0);
    for (int i = 0; i < GLB_JOB_SLOTS && p->jobs[i]; i++)
        add_run(&w->before, i, p->jobs[i]);
    if (p->cmd == GLB_CMD_ABORT)
        add_frame(&w->frame, GLB_CMD_ABORT, NULL, 0);
    else if (p->cmd == GLB_CMD_RUN)
        add_run(&w->frame, 7, &NEXT);
    else if (p->target == GLB_TARGET_STATES)
        add_tokens(&w->frame, a, p->last == &LAST ? 0 : 1);
    else if (p->target == GLB_TARGET_STATE)
        add_write(&w->frame, a, p->target, 1, p->last == &LAST ? 0 : 1 << a->aw, 0x5, 0);
    else if (p->target == GLB_TARGET_BETA)
        add_write(&w->frame, a, p->target, 0, 2, 1 << 10 | UINT64_C(2) << 32, 0);
    else
        add_write(&w->frame, a, p->target, 1, 0, (uint64_t)a->ctrl, 0);
    if (p->last)
        add_run(&w->after, 9, p->last);
}

static int same(const struct outcome *o, const struct board *b, const struct reply *r) {
    return o->status == r->status && o->jobs.n == b->njobs &&
           memcmp(o->jobs.b, b->jobs, b->njobs) == 0;
}

/* An aborted DONE comes after the reply to the ABORT. */
static int in_order(const struct board *b, const struct reply *r) {
    int i = 0;
    for (size_t at = 0; at < b->njobs; i++) {
        const uint8_t *f = b->jobs + at;
        if (f[1] == GLB_TYPE_DONE && f[3] == GLB_WIRE_ABORTED && i < r->after)
            return 0;
        at += 10 + (f[4] | (size_t)f[5] << 8);
    }
    return 1;
}

static int idle_status(struct board *b, struct stream *s) {
    uint8_t want[GLB_STATUS_BYTES] = {0};
    s->n = 0;
    add_frame(s, GLB_CMD_STATUS, NULL, 0);
    if (board_send(b, s) || board_settle(b))
        return 0;
    glb_put_le(want + 4, b->frames, 4);
    glb_put_le(want + 16, b->errors, 4);
    return memcmp(b->reply[b->replies - 1].payload, want, sizeof want) == 0;
}

static void explain(const struct board *b, const struct reply *r, const struct outcomes *o,
                    int floor) {
    printf("# reply %d after %d of %d frames of jobs, %zu bytes; expected from outcome %d on: "
           "point %d%s\n",
           r->status, r->after, b->job_frames, b->njobs, floor, o->at[floor].point,
           o->at[floor].kind);
    for (size_t at = 0; at < b->njobs;) {
        const uint8_t *f = b->jobs + at;
        const int done = f[1] == GLB_TYPE_DONE;
        printf("#   %s job %u, %s %u, status %d\n", done ? "DONE" : "DATA", f[6],
               done ? "sweeps" : "sample", f[10], f[3]);
        at += 10 + (f[4] | (size_t)f[5] << 8);
    }
}

/* The frame `offset` clocks after the last byte of the jobs; the outcome, or -1. */
static int round_at(struct board *b, const struct sweep *w, const struct outcomes *o, int floor,
                    uint64_t offset, struct stream *scratch) {
    board_begin(b);
    if (board_send(b, &w->before) || board_clocks(b, offset))
        return -1;
    const int which = b->sent;
    if (board_send(b, &w->frame) || board_settle(b) || board_send(b, &w->after) || board_settle(b))
        return -1;
    const struct reply *r = &b->reply[which];
    int i = floor;
    while (i < o->n && !same(&o->at[i], b, r))
        i++;
    if (i == o->n || !in_order(b, r)) {
        explain(b, r, o, floor);
        return -1;
    }
    for (int k = 0; k < b->replies; k++)
        if (k != which && b->reply[k].status != GLB_WIRE_OK)
            return -1;
    return idle_status(b, scratch) ? i : -1;
}

/* Clocks from the last byte of the jobs to the end of the first one and of all. */
static int measure(struct board *b, const struct sweep *w, uint64_t *first, uint64_t *all) {
    board_begin(b);
    if (board_send(b, &w->before))
        return -1;
    const uint64_t start = b->f.cycles(b->sim);
    int dones = 0;
    *first = 0;
    for (size_t at = 0; b->f.busy(b->sim) || *first == 0;) {
        if (board_clocks(b, 1) || b->f.cycles(b->sim) > start + 100000)
            return -1;
        for (; at < b->njobs; at += 10 + (b->jobs[at + 4] | (size_t)b->jobs[at + 5] << 8))
            dones += b->jobs[at + 1] == GLB_TYPE_DONE;
        if (dones && *first == 0)
            *first = b->f.cycles(b->sim) - start;
    }
    *all = b->f.cycles(b->sim) - start;
    return board_settle(b);
}

/* An ABORT comes at every clock. Other frames wait or are refused alike while a noise table is
 * loaded, which is most of a short job: there only every eighth clock is tried. */
static uint64_t step(const struct plan *p, uint64_t at, uint64_t first, uint64_t all) {
    const int table =
        (at > 150 && at + 400 < first) || (at > first + 300 && all > first + 100 && at + 250 < all);
    return (uint64_t)every * (p->cmd != GLB_CMD_ABORT && table ? 8 : 1);
}

/* The last one is tried too. */
static uint64_t next(const struct plan *p, uint64_t at, uint64_t first, uint64_t all, uint64_t to) {
    const uint64_t then = at + step(p, at, first, all);
    return then >= to && at < to - 1 ? to - 1 : then;
}

static int run_plan(struct board *b, const struct glb_array *a, struct sweep *w,
                    const struct plan *p) {
    struct outcomes o;
    struct stream scratch = stream_new();
    uint64_t first = 0, all = 0, at = 0;
    int floor = 0, seen = 0, bad;
    make_sweep(w, a, p);
    outcomes_make(&o, a, w);
    bad = measure(b, w, &first, &all);
    const uint64_t from = p->from_end ? first - (uint64_t)p->from_end : 0, to = all + 60;
    for (at = from; at < to && !bad; at = next(p, at, first, all, to)) {
        const int i = round_at(b, w, &o, floor, at, &scratch);
        bad = i < 0;
        seen += !bad && (at == from || i != floor);
        floor = bad ? floor : i;
    }
    /* the last outcome is the frame after everything */
    const struct stream *last = &o.at[o.n - 1].jobs, *met = &o.at[floor].jobs;
    bad = bad || seen < (every > 1 ? 2 : p->least) || met->n != last->n ||
          memcmp(met->b, last->b, met->n) != 0;
    printf("%s - %s on %s: clocks %llu to %llu, %d of %d outcomes\n", bad ? "not ok" : "ok",
           p->name, a->name, (unsigned long long)from, (unsigned long long)at, seen, o.n);
    fflush(stdout);
    outcomes_free(&o);
    free(scratch.b);
    return bad;
}

static int load(struct board *b, const struct stream *frames) {
    for (size_t i = 0, n; i < frames->n; i += n) {
        n = 10 + (frames->b[i + 4] | (size_t)frames->b[i + 5] << 8);
        board_begin(b);
        if (board_send(b, &(struct stream){frames->b + i, n}) || board_settle(b) ||
            b->reply[0].status != GLB_WIRE_OK)
            return -1;
    }
    return 0;
}

static int test_array(const char *name) {
    const struct glb_array *a = glb_array_find(name);
    struct sweep w = {stream_new(), stream_new(), stream_new(), stream_new()};
    static struct board b;
    int bad = !a || board_open(&b, name) || add_program(&w.load, a) || load(&b, &w.load);
    if (bad)
        printf("not ok - boundaries on %s: the program cannot be loaded\n", name);
    for (size_t i = 0; i < sizeof plans / sizeof plans[0] && !bad; i++)
        bad |= run_plan(&b, a, &w, &plans[i]);
    board_close(&b);
    free(w.load.b), free(w.before.b), free(w.frame.b), free(w.after.b);
    return bad;
}

int main(int argc, char **argv) {
    int bad = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--every") == 0 && i + 2 < argc && atoi(argv[i + 1]) > 0) {
            every = atoi(argv[++i]);
            continue;
        }
        bad |= test_array(argv[i]);
    }
    return bad;
}
