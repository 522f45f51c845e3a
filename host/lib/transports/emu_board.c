/* Jobs of the emulated board, one segment a step, with samples and the DONE frame as section 7 of
 * docs/design/array.md says. SPDX-License-Identifier: Apache-2.0 */
#include "transports/emu_board.h"

enum { MAX_LEN_FROM_DEVICE = 65535 };

static void send_sample(struct glb_port *p) {
    const struct glb_board_job *k = &p->job;
    uint8_t b[MAX_LEN_FROM_DEVICE], *q = b;
    q = glb_put_le(q, k->j.id, 4);
    q = glb_put_le(q, p->n.samples++, 4);
    for (int i = 0; i < k->runs_count; i++) {
        const struct glb_run *r = &p->runs[k->runs_start + i];
        for (int w = 0; w < r->count; w++) {
            const int addr = (r->addr + w) & ((1 << p->a.aw) - 1);
            q = glb_put_le(q, glb_reference_state(p->ref, k->j.page, r->tile, addr),
                           (p->a.chains + 7) / 8);
        }
    }
    glb_port_send(p, GLB_TYPE_DATA, p->out_seq++, GLB_WIRE_OK, b, (size_t)(q - b));
}

static void finish(struct glb_port *p, int wire_status) {
    uint8_t b[GLB_DONE_BYTES];
    glb_put_le(b, p->job.j.id, 4);
    glb_put_le(b + 4, p->n.sweeps, 4);
    glb_put_le(b + 8, p->n.samples, 4);
    glb_put_le(b + 12, 0, 4);
    glb_put_le(b + 16, p->n.flips, 8);
    glb_put_le(b + 24, p->n.run_cycles, 8);
    glb_put_le(b + 32, p->n.stall_cycles, 8);
    glb_port_send(p, GLB_TYPE_DONE, p->out_seq++, wire_status, b, sizeof b);
    p->running = p->queued;
    p->queued = 0;
    p->aborted = 0;
    p->started = 0;
    p->job = p->next;
}

static int sample_fits(const struct glb_port *p) {
    size_t words = 0;
    for (int i = 0; i < p->job.runs_count; i++)
        words += p->runs[p->job.runs_start + i].count;
    return 8 + words * (size_t)((p->a.chains + 7) / 8) <= MAX_LEN_FROM_DEVICE;
}

static void start(struct glb_port *p) {
    p->started = 1;
    p->step = p->segment = 0;
    p->sweep_in_step = 0;
    p->sweep = p->total = 0;
    p->n = (struct glb_job_counters){0};
    for (int i = 0; i < p->job.beta_count; i++)
        p->total += p->beta[p->job.beta_start + i].sweeps;
    glb_reference_begin(p->ref, p->job.j.seed);
    if (p->job.j.flags & GLB_RUN_SAMPLE_INITIAL)
        send_sample(p);
}

void glb_port_advance(struct glb_port *p) {
    const struct glb_board_job *k = &p->job;
    if (!p->started) {
        if (sample_fits(p)) {
            start(p);
        } else {
            p->n = (struct glb_job_counters){0};
            finish(p, GLB_WIRE_BAD_PARAM);
        }
        return;
    }
    while (!p->aborted && p->step < k->beta_count &&
           p->sweep_in_step == p->beta[k->beta_start + p->step].sweeps) {
        p->step++;
        p->sweep_in_step = 0;
    }
    if (p->aborted) {
        finish(p, GLB_WIRE_ABORTED);
        return;
    }
    if (p->step == k->beta_count) {
        if (p->total == 0 && k->j.flags & GLB_RUN_SAMPLE_FINAL)
            send_sample(p);
        finish(p, GLB_WIRE_OK);
        return;
    }
    if (p->segment == 0 && p->sweep_in_step == 0)
        glb_reference_beta(p->ref, p->beta[k->beta_start + p->step].k);
    const int s = k->j.seg[p->segment];
    glb_reference_segment(p->ref, s, k->j.page);
    p->n.flips += p->seg[s].flips;
    p->n.run_cycles += (uint64_t)(p->seg[s].s_len + p->a.gap);
    if (++p->segment < k->j.nseg)
        return;
    p->segment = 0;
    p->sweep_in_step++;
    p->n.sweeps = (uint32_t)++p->sweep;
    if (glb_job_sample_due(&k->j, p->sweep, p->total))
        send_sample(p);
}
