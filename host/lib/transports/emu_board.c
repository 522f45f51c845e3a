/* The emulated board's jobs and output. SPDX-License-Identifier: Apache-2.0 */
#include "transports/emu_board.h"

#include <stdlib.h>
#include <string.h>
#include "base/little_endian.h"
#include "wire/frame.h"

enum { DATA_HEAD = 8, MAX_PAYLOAD = 65535 /* of a frame for the host */ };

enum glb_status emu_board_open(struct emu_board *b, const struct glb_array *a) {
    *b = (struct emu_board){.a = *a};
    return glb_reference_open(a, &b->ref);
}

void emu_board_close(struct emu_board *b) {
    glb_reference_close(b->ref);
    free(b->out);
}

/* ---- output ---- */

size_t emu_board_ready(const struct emu_board *b) {
    return b->out_end - b->out_first;
}

void emu_board_send(struct emu_board *b, int type, int seq, int status, const uint8_t *payload,
                    size_t len) {
    const size_t need = GLB_FRAME_EXTRA + len;
    if (b->out_first == b->out_end)
        b->out_first = b->out_end = 0;
    if (b->out_end + need > b->out_cap) {
        const size_t cap = 2 * (b->out_end + need);
        uint8_t *grown = realloc(b->out, cap);
        if (!grown) {
            b->broken = glb_fail(GLB_ERR_MEMORY, "emulated board: no memory for its output");
            return;
        }
        b->out = grown;
        b->out_cap = cap;
    }
    const struct glb_frame_header header = {GLB_SYNC_DEVICE, (uint8_t)type, (uint8_t)seq,
                                            (uint8_t)status};
    b->out_end += glb_frame_build(b->out + b->out_end, header, payload, len);
}

/* ---- jobs ---- */

int emu_board_run(struct emu_board *b, const uint8_t payload[GLB_RUN_BYTES]) {
    struct emu_job k = {.j = {.id = (uint32_t)glb_get_le(payload, 4),
                              .seed = glb_get_le(payload + 4, 8),
                              .burn_in = (uint32_t)glb_get_le(payload + 16, 4),
                              .interval = (uint32_t)glb_get_le(payload + 20, 4),
                              .page = payload[28],
                              .flags = payload[29],
                              .nseg = payload[30],
                              .nsampled = payload[31]},
                        .beta_start = (int)glb_get_le(payload + 12, 2),
                        .beta_count = (int)glb_get_le(payload + 14, 2),
                        .runs_start = (int)glb_get_le(payload + 24, 2),
                        .runs_count = (int)glb_get_le(payload + 26, 2)};
    memcpy(k.j.seg, payload + 32, sizeof k.j.seg);
    if (k.beta_count == 0 || k.beta_start + k.beta_count > GLB_BETA_STEPS ||
        k.runs_start + k.runs_count > GLB_RUNS || k.j.page >= GLB_PAGES || k.j.nseg == 0 ||
        k.j.nseg > GLB_SEGMENTS || k.j.nsampled >= k.j.nseg)
        return GLB_WIRE_BAD_PARAM;
    for (int i = 0; i < k.j.nseg; i++)
        if (k.j.seg[i] >= GLB_SEGMENTS)
            return GLB_WIRE_BAD_PARAM;
    if (b->queued == GLB_JOB_SLOTS - 1)
        return GLB_WIRE_BUSY;
    if (b->running) {
        b->next[b->queued++] = k;
    } else {
        b->job = k;
        b->running = 1;
        b->started = 0;
    }
    return GLB_WIRE_OK;
}

int emu_board_abort(struct emu_board *b) {
    b->aborted = b->running;
    b->queued = 0;
    return GLB_WIRE_OK;
}

static void send_sample(struct emu_board *b) {
    const struct emu_job *k = &b->job;
    uint8_t buf[MAX_PAYLOAD], *q = buf;
    q = glb_put_le(q, k->j.id, 4);
    q = glb_put_le(q, b->n.samples++, 4);
    for (int i = 0; i < k->runs_count; i++) {
        const struct glb_run *r = &b->runs[k->runs_start + i];
        for (int w = 0; w < r->count; w++) {
            const int addr = (r->addr + w) & ((1 << b->a.aw) - 1);
            q = glb_put_le(q, glb_reference_state(b->ref, k->j.page, r->tile, addr),
                           (b->a.chains + 7) / 8);
        }
    }
    emu_board_send(b, GLB_TYPE_DATA, b->event_seq++, GLB_WIRE_OK, buf, (size_t)(q - buf));
}

static void end_job(struct emu_board *b, int wire_status) {
    uint8_t buf[GLB_DONE_BYTES];
    glb_put_le(buf, b->job.j.id, 4);
    glb_put_le(buf + 4, b->n.sweeps, 4);
    glb_put_le(buf + 8, b->n.samples, 4);
    glb_put_le(buf + 12, 0, 4);
    glb_put_le(buf + 16, b->n.flips, 8);
    glb_put_le(buf + 24, b->n.run_cycles, 8);
    glb_put_le(buf + 32, b->n.stall_cycles, 8);
    emu_board_send(b, GLB_TYPE_DONE, b->event_seq++, wire_status, buf, sizeof buf);
    b->running = b->queued > 0;
    b->queued -= b->running;
    b->aborted = 0;
    b->started = 0;
    b->job = b->next[0];
    memmove(b->next, b->next + 1, (size_t)b->queued * sizeof b->next[0]);
}

static int sample_fits(const struct emu_board *b) {
    size_t words = 0;
    for (int i = 0; i < b->job.runs_count; i++)
        words += b->runs[b->job.runs_start + i].count;
    return DATA_HEAD + words * (size_t)((b->a.chains + 7) / 8) <= MAX_PAYLOAD;
}

static void start(struct emu_board *b) {
    b->started = 1;
    b->step = b->segment = 0;
    b->sweep_in_step = 0;
    b->sweep = b->total = 0;
    b->n = (struct glb_job_counters){0};
    for (int i = 0; i < b->job.beta_count; i++)
        b->total += b->beta[b->job.beta_start + i].sweeps;
    glb_reference_begin(b->ref, b->job.j.seed);
    if (b->job.j.flags & GLB_RUN_SAMPLE_INITIAL)
        send_sample(b);
}

void emu_board_advance(struct emu_board *b) {
    const struct emu_job *k = &b->job;
    if (!b->started) {
        if (sample_fits(b)) {
            start(b);
        } else {
            b->n = (struct glb_job_counters){0};
            end_job(b, GLB_WIRE_BAD_PARAM);
        }
        return;
    }
    while (!b->aborted && b->step < k->beta_count &&
           b->sweep_in_step == b->beta[k->beta_start + b->step].sweeps) {
        b->step++;
        b->sweep_in_step = 0;
    }
    if (b->aborted) {
        end_job(b, GLB_WIRE_ABORTED);
        return;
    }
    if (b->step == k->beta_count) {
        if (b->total == 0 && k->j.flags & GLB_RUN_SAMPLE_FINAL)
            send_sample(b);
        end_job(b, GLB_WIRE_OK);
        return;
    }
    if (b->segment == 0 && b->sweep_in_step == 0)
        glb_reference_beta(b->ref, b->beta[k->beta_start + b->step].k);
    const struct glb_segment *seg = &glb_reference_memory(b->ref)->seg[k->j.seg[b->segment]];
    glb_reference_segment(b->ref, k->j.seg[b->segment], k->j.page,
                          glb_job_count_flags(&k->j, b->sweep + 1));
    b->n.flips += seg->flips;
    b->n.run_cycles += (uint64_t)glb_segment_clocks(&b->a, seg);
    if (++b->segment < glb_job_segments(&k->j, b->sweep + 1))
        return;
    b->segment = 0;
    b->sweep_in_step++;
    b->n.sweeps = (uint32_t)++b->sweep;
    if (glb_job_sample_due(&k->j, b->sweep, b->total))
        send_sample(b);
}
