/* The reference board behind the byte protocol (docs/design/array.md, section 7): parses frames,
 * answers and runs jobs like the RTL's host port and sequencer, one segment a step.
 * SPDX-License-Identifier: Apache-2.0 */
#include "wire/transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crc32.h"
#include "transports/emu_board.h"

enum { HIGH_WATER = 1 << 18 };
static const double TIME_LIMIT = 0.1; /* seconds of an exchange without a byte to show */

static uint64_t get_le(const uint8_t *p, int n) {
    uint64_t v = 0;
    for (int i = 0; i < n; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

void glb_port_send(struct glb_port *p, int type, int seq, int status, const uint8_t *payload,
                   size_t len) {
    const size_t need = GLB_HEADER_BYTES + len + GLB_CRC_BYTES;
    if (p->out_first == p->out_end)
        p->out_first = p->out_end = 0;
    if (p->out_end + need > p->out_cap) {
        const size_t cap = 2 * (p->out_end + need);
        uint8_t *grown = realloc(p->out, cap);
        if (!grown) {
            p->broken = glb_fail(GLB_ERR_MEMORY, "emulated board: no memory for its output");
            return;
        }
        p->out = grown;
        p->out_cap = cap;
    }
    uint8_t *f = p->out + p->out_end;
    f[0] = GLB_SYNC_DEVICE;
    f[1] = (uint8_t)type;
    f[2] = (uint8_t)seq;
    f[3] = (uint8_t)status;
    glb_put_le(f + 4, len, 2);
    if (len)
        memcpy(f + GLB_HEADER_BYTES, payload, len);
    glb_put_le(f + GLB_HEADER_BYTES + len, glb_crc32(0, f, GLB_HEADER_BYTES + len), GLB_CRC_BYTES);
    p->out_end += need;
}

static void reply(struct glb_port *p, int status, const uint8_t *payload, size_t len) {
    p->errors += status != GLB_WIRE_OK;
    glb_port_send(p, GLB_TYPE_REPLY | p->frame[1], p->frame[2], status, payload, len);
}

/* ---- frames from the host ---- */

static void ident(struct glb_port *p) {
    const struct glb_array *a = &p->a;
    uint8_t b[GLB_IDENT_BYTES], *q = b;
    const uint32_t field[][2] = {{GLB_PROTO_MAGIC, 4},
                                 {GLB_PROTO_VERSION, 2},
                                 {a->tiles, 2},
                                 {a->lanes, 1},
                                 {a->chains, 1},
                                 {a->jw, 1},
                                 {a->acc, 1},
                                 {a->gw, 1},
                                 {GLB_PAGES, 1},
                                 {a->sdepth, 2},
                                 {a->cdepth, 2},
                                 {GLB_SEGMENTS, 1},
                                 {a->wl, 1},
                                 {GLB_BETA_STEPS, 2},
                                 {GLB_RUNS, 2},
                                 {a->gap, 1},
                                 {0, 1},
                                 {0, 4} /* no build */,
                                 {0, 2}};
    for (size_t i = 0; i < sizeof field / sizeof field[0]; i++)
        q = glb_put_le(q, field[i][0], (int)field[i][1]);
    reply(p, GLB_WIRE_OK, b, sizeof b);
}

static void status(struct glb_port *p) {
    uint8_t b[20];
    glb_put_le(b, (uint64_t)p->running | (uint64_t)p->queued << 8, 4);
    glb_put_le(b + 4, p->frames, 4);
    glb_put_le(b + 8, p->bad_crc, 4);
    glb_put_le(b + 12, p->skipped, 4);
    glb_put_le(b + 16, p->errors, 4);
    reply(p, GLB_WIRE_OK, b, sizeof b);
}

static void write_item(struct glb_port *p, int target, int tile, int addr, const uint8_t *b,
                       int size) {
    const uint64_t lo = get_le(b, size < 8 ? size : 8), hi = size > 8 ? get_le(b + 8, size - 8) : 0;
    switch (target) {
    case GLB_TARGET_BETA:
        p->beta[addr] = (struct glb_beta_step){(uint32_t)lo, (uint32_t)(lo >> 32)};
        return;
    case GLB_TARGET_RUNS:
        p->runs[addr] =
            (struct glb_run){(uint16_t)(lo & (uint64_t)(p->a.tiles - 1)),
                             (uint16_t)(lo >> 16 & ((1u << p->a.aw) - 1)), (uint16_t)(lo >> 32)};
        return;
    case GLB_TARGET_SEG:
        p->seg[addr].s_len = (int)(lo >> 16 & 0xffff);
        p->seg[addr].flips = (uint32_t)hi;
        break;
    default:
        break;
    }
    glb_reference_write(p->ref, target, tile, addr, lo, hi);
}

static int write_memory(struct glb_port *p, const uint8_t *b, int len) {
    const struct glb_array *a = &p->a;
    const int width[GLB_TARGETS] = {a->sw, 16, a->cw, a->chains, 96, 64, 48};
    const int tiles[GLB_TARGETS] = {a->tiles, (a->nb + 15) / 16, a->tiles, a->tiles, 1, 1, 1};
    const int depth[GLB_TARGETS] = {a->sdepth,    a->sdepth,      a->cdepth, GLB_PAGES << a->aw,
                                    GLB_SEGMENTS, GLB_BETA_STEPS, GLB_RUNS};
    const int target = b[0], tile = b[1], addr = (int)get_le(b + 2, 2);
    if (target >= GLB_TARGETS)
        return GLB_WIRE_BAD_TARGET;
    const int size = (width[target] + 7) / 8, items = (len - 4) / size;
    if (items == 0 || (len - 4) % size)
        return GLB_WIRE_BAD_LENGTH;
    if (tile >= tiles[target] || addr + items > depth[target])
        return GLB_WIRE_BAD_RANGE;
    if (p->running) {
        const int first = p->job.j.page << a->aw, end = first + (1 << a->aw);
        if (target != GLB_TARGET_STATE || (addr < end && addr + items > first))
            return GLB_WIRE_BUSY;
    }
    for (int i = 0; i < items; i++)
        write_item(p, target, tile, addr + i, b + 4 + i * size, size);
    return GLB_WIRE_OK;
}

static int run_job(struct glb_port *p, const uint8_t *b) {
    struct glb_board_job k = {.j = {.id = (uint32_t)get_le(b, 4),
                                    .seed = get_le(b + 4, 8),
                                    .burn_in = (uint32_t)get_le(b + 16, 4),
                                    .interval = (uint32_t)get_le(b + 20, 4),
                                    .page = b[28],
                                    .flags = b[29],
                                    .nseg = b[30]},
                              .beta_start = (int)get_le(b + 12, 2),
                              .beta_count = (int)get_le(b + 14, 2),
                              .runs_start = (int)get_le(b + 24, 2),
                              .runs_count = (int)get_le(b + 26, 2)};
    memcpy(k.j.seg, b + 32, sizeof k.j.seg);
    if (k.beta_count == 0 || k.beta_start + k.beta_count > GLB_BETA_STEPS ||
        k.runs_start + k.runs_count > GLB_RUNS || k.j.page >= GLB_PAGES || k.j.nseg == 0 ||
        k.j.nseg > GLB_SEGMENTS)
        return GLB_WIRE_BAD_PARAM;
    for (int i = 0; i < k.j.nseg; i++)
        if (k.j.seg[i] >= GLB_SEGMENTS)
            return GLB_WIRE_BAD_PARAM;
    if (p->queued)
        return GLB_WIRE_BUSY;
    if (p->running) {
        p->next = k;
        p->queued = 1;
    } else {
        p->job = k;
        p->running = 1;
        p->started = 0;
    }
    return GLB_WIRE_OK;
}

static void frame_done(struct glb_port *p) {
    const int cmd = p->frame[1], len = (int)get_le(p->frame + 4, 2);
    const uint8_t *payload = p->frame + GLB_HEADER_BYTES;
    if (glb_crc32(0, p->frame, GLB_HEADER_BYTES + (size_t)len) != get_le(payload + len, 4)) {
        p->bad_crc++;
        reply(p, GLB_WIRE_BAD_CRC, NULL, 0);
        return;
    }
    p->frames++;
    if (cmd < GLB_CMD_IDENT || cmd > GLB_CMD_ABORT) {
        reply(p, GLB_WIRE_BAD_COMMAND, NULL, 0);
        return;
    }
    if (cmd == GLB_CMD_WRITE ? len < 4 : len != (cmd == GLB_CMD_RUN ? GLB_RUN_BYTES : 0)) {
        reply(p, GLB_WIRE_BAD_LENGTH, NULL, 0);
        return;
    }
    switch (cmd) {
    case GLB_CMD_IDENT:
        ident(p);
        return;
    case GLB_CMD_STATUS:
        status(p);
        return;
    case GLB_CMD_WRITE:
        reply(p, write_memory(p, payload, len), NULL, 0);
        return;
    case GLB_CMD_RUN:
        reply(p, run_job(p, payload), NULL, 0);
        return;
    default:
        p->aborted = p->running;
        p->queued = 0;
        reply(p, GLB_WIRE_OK, NULL, 0);
    }
}

static void take_byte(struct glb_port *p, uint8_t byte) {
    if (p->have == 0 && byte != GLB_SYNC_HOST) {
        p->skipped++;
        return;
    }
    p->frame[p->have++] = byte;
    if (p->have < GLB_HEADER_BYTES)
        return;
    const size_t len = get_le(p->frame + 4, 2);
    if (len > GLB_MAX_PAYLOAD) {
        reply(p, GLB_WIRE_BAD_LENGTH, NULL, 0);
        p->have = 0;
    } else if (p->have == GLB_HEADER_BYTES + len + GLB_CRC_BYTES) {
        frame_done(p);
        p->have = 0;
    }
}

/* ---- transport ---- */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    struct glb_port *p = self;
    size_t taken = 0;
    while (taken < n_out && p->out_end - p->out_first < HIGH_WATER)
        take_byte(p, out[taken++]);
    /* At least one step a call, so that a host that only polls sees its job end. */
    const double limit = now() + TIME_LIMIT;
    while (p->running && p->out_end - p->out_first < HIGH_WATER) {
        glb_port_advance(p);
        if (p->out_first != p->out_end || now() > limit)
            break;
    }
    const size_t ready = p->out_end - p->out_first, given = ready < n_in ? ready : n_in;
    if (given)
        memcpy(in, p->out + p->out_first, given);
    p->out_first += given;
    *done_out = taken;
    *done_in = given;
    return p->broken;
}

static void close_port(void *self) {
    struct glb_port *p = self;
    glb_reference_close(p->ref);
    free(p->out);
    free(p);
}

static const char *describe(void *self) {
    return ((struct glb_port *)self)->name;
}

enum glb_status glb_emu_port_open(const char *array_name, struct glb_transport *out) {
    const struct glb_array *a;
    enum glb_status s = glb_array_require(array_name, &a);
    if (s != GLB_OK)
        return s;
    struct glb_port *p = calloc(1, sizeof *p);
    if (!p)
        return glb_fail(GLB_ERR_MEMORY, "emulated board: no memory");
    p->a = *a;
    snprintf(p->name, sizeof p->name, "emu %s", a->name);
    s = glb_reference_open(a, &p->ref);
    if (s != GLB_OK) {
        free(p);
        return s;
    }
    *out = (struct glb_transport){exchange, close_port, describe, p, 0};
    return GLB_OK;
}
