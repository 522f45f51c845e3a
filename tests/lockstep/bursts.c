/* Making bursts. SPDX-License-Identifier: Apache-2.0 */
#include "bursts.h"

#include <string.h>
#include <zlib.h>
#include "array/target.h"
#include "base/little_endian.h"

struct glb_rng rng;
static const struct glb_array *array;

static uint32_t below(uint32_t n) {
    return glb_rng_below(&rng, n);
}

static void put(struct stream *s, uint64_t v, int bytes) {
    s->n = (size_t)(glb_put_le(s->b + s->n, v, bytes) - s->b);
}

static void frame(struct stream *s, int cmd, const uint8_t *payload, size_t len, uint32_t flip) {
    const size_t first = s->n;
    put(s, GLB_SYNC_HOST, 1);
    put(s, (uint64_t)cmd, 1);
    put(s, below(256), 1);
    put(s, below(8) ? 0 : below(256), 1);
    put(s, len, 2);
    memcpy(s->b + s->n, payload, len);
    s->n += len;
    put(s, crc32(0, s->b + first, (uInt)(s->n - first)) ^ flip, 4);
}

/* Contents are such that a job ends and every bit of it is defined: no segment has a clock. */
static void item(struct stream *s, int target, int size) {
    switch (target) {
    case GLB_TARGET_SEG:
        put(s, below(1 << 16), 2);
        put(s, 0, 2);
        put(s, glb_rng_u64(&rng), 8);
        break;
    case GLB_TARGET_BETA:
        put(s, glb_rng_u64(&rng), 4);
        put(s, below(4), 4);
        break;
    case GLB_TARGET_RUNS:
        put(s, glb_rng_u64(&rng), 4);
        put(s, below(40) ? below(12) : below(1 << 16), 2);
        break;
    default:
        while (size-- > 0)
            put(s, below(256), 1);
    }
}

static uint32_t near(uint32_t limit) { /* often just this or that side of a memory's end */
    switch (below(4)) {
    case 0:
        return limit - below(3);
    case 1:
        return below(1 << 16);
    default:
        return below(limit);
    }
}

static void write_frame(struct stream *s) {
    const struct glb_array *a = array;
    const struct glb_target_shape none = {1 + (int)below(20), 9, 100};
    uint8_t b[GLB_MAX_PAYLOAD];
    struct stream p = {b, 0};
    const int k = (int)below(GLB_TARGETS + 1); /* the last: no memory */
    const struct glb_target_shape shape = k < GLB_TARGETS ? glb_target_shape(a, k) : none;
    const int most = (GLB_MAX_PAYLOAD - 4) / shape.bytes;
    const int target = k < GLB_TARGETS ? k : GLB_TARGETS + (int)below(256 - GLB_TARGETS);
    int items = below(4) ? (int)below(8) : (int)below((uint32_t)most + 1);
    /* the last item is often just this or that side of the memory's end */
    const int past_end = items <= shape.depth ? shape.depth + 1 - items : shape.depth;
    const uint32_t addr = below(2) ? near((uint32_t)past_end) : 0;
    put(&p, (uint64_t)target, 1);
    put(&p, below(8) ? below((uint32_t)shape.tiles) : below(256), 1);
    put(&p, addr & 0xffff, 2);
    while (items-- > 0)
        item(&p, target, shape.bytes);
    if (below(10) == 0) { /* an odd end, or a header cut short */
        const size_t cut = below(2) ? below(4) : p.n - below(3);
        p.n = cut <= p.n ? cut : 0;
    }
    frame(s, GLB_CMD_WRITE, b, p.n, 0);
}

static void run_frame(struct stream *s, int right, int beta_start, int beta_count, int flags) {
    uint8_t b[GLB_RUN_BYTES];
    struct stream p = {b, 0};
    const int wrong = right ? -1 : (int)below(8);
    /* A sample that does not fit into a frame ends a job when it starts, and whether the next RUN
     * finds it gone is a matter of time: a job that only an abort ends has nothing to send. */
    const uint32_t runs = right == 2 ? 0 : below(6), segments = 1 + below(GLB_SEGMENTS);
    put(&p, glb_rng_u64(&rng), 4);
    put(&p, glb_rng_u64(&rng), 8);
    put(&p, wrong == 0 ? near(GLB_BETA_STEPS + 2) : (uint32_t)beta_start, 2);
    put(&p, wrong == 1 ? near(GLB_BETA_STEPS + 2) : (uint32_t)beta_count, 2);
    put(&p, below(5), 4);
    put(&p, right == 1 ? below(4) : 0, 4);
    put(&p, wrong == 2 ? near(GLB_RUNS + 2) : below(GLB_RUNS - runs), 2);
    put(&p, wrong == 3 ? near(GLB_RUNS + 2) : runs, 2);
    put(&p, wrong == 4 ? below(256) : below(GLB_PAGES), 1);
    put(&p, (right ? (uint64_t)flags : 0) | below(64) << 2, 1);
    put(&p, wrong == 5 ? below(256) : segments, 1);
    put(&p, wrong == 7 ? near(segments + 1) & 255 : below(segments), 1);
    for (int i = 0; i < GLB_SEGMENTS; i++)
        put(&p, wrong == 6 ? below(18) : below(GLB_SEGMENTS), 1);
    frame(s, GLB_CMD_RUN, b, sizeof b, 0);
}

/* A frame that starts no job. */
static void harmless(struct stream *s) {
    uint8_t b[GLB_MAX_PAYLOAD];
    for (size_t i = 0; i < sizeof b; i++)
        b[i] = (uint8_t)below(256);
    switch (below(12)) {
    case 0:
        frame(s, GLB_CMD_IDENT, b, below(4) ? 0 : below(20), 0);
        break;
    case 1:
        frame(s, GLB_CMD_STATUS, b, below(4) ? 0 : below(20), 0);
        break;
    case 2:
        frame(s, GLB_CMD_ABORT, b, 1 + below(20), 0);
        break;
    case 3:
        frame(s, (int)(below(2) ? 6 + below(250) : 0), b, below(GLB_MAX_PAYLOAD + 1), 0);
        break;
    case 4:
        frame(s, (int)below(6), b, below(GLB_MAX_PAYLOAD + 1), 1u << below(32));
        break;
    case 5: /* too long, and what follows is hunted through */
        put(s, GLB_SYNC_HOST, 1);
        put(s, glb_rng_u64(&rng), 3);
        put(s, GLB_MAX_PAYLOAD + 1 + below(64511), 2);
        break;
    case 6:
        for (uint32_t n = below(40); n > 0; n--)
            put(s, below(256) == GLB_SYNC_HOST ? 0 : 17, 1);
        break;
    case 7:
        frame(s, GLB_CMD_RUN, b, below(2) ? GLB_RUN_BYTES - 1 - below(9) : 49 + below(9), 0);
        break;
    default:
        write_frame(s);
    }
}

/* The step of the jobs that do not end; harmless again before the next burst. */
static void last_step(struct stream *s, uint32_t sweeps) {
    uint8_t b[12];
    struct stream p = {b, 0};
    put(&p, GLB_TARGET_BETA, 2);
    put(&p, GLB_BETA_STEPS - 1, 2);
    put(&p, 1 << 16, 4);
    put(&p, sweeps, 4);
    frame(s, GLB_CMD_WRITE, b, p.n, 0);
}

void burst(struct stream *s, const struct glb_array *a, enum burst_kind kind) {
    array = a;
    last_step(s, 1);
    for (uint32_t n = below(12); n > 0; n--)
        harmless(s);
    /* jobs that end by themselves; their parameters may be wrong */
    if (kind == JOB_THAT_ENDS || kind == JOBS_IN_A_ROW) {
        for (uint32_t n = kind == JOB_THAT_ENDS ? 1 : 2 + below(3); n > 0; n--) {
            const int count = 1 + (int)below(4);
            run_frame(s, below(3) != 0, (int)below((uint32_t)(GLB_BETA_STEPS - count)), count,
                      (int)below(4));
        }
    } else if (kind == JOB_TO_ABORT) { /* a job that only an abort ends: a queue, refusals, the
                                          other page */
        last_step(s, UINT32_MAX);
        for (uint32_t jobs = 1 + below(GLB_JOB_SLOTS + 1); jobs > 0; jobs--) {
            run_frame(s, 2, GLB_BETA_STEPS - 1, 1, 0);
            for (uint32_t n = below(6); n > 0; n--)
                harmless(s);
        }
        frame(s, GLB_CMD_STATUS, NULL, 0, 0);
        frame(s, GLB_CMD_ABORT, NULL, 0, 0);
    } else {
        frame(s, GLB_CMD_ABORT, NULL, 0, 0);
    }
}

void state_images(struct stream *s, const struct glb_array *a) {
    array = a;
    const int bytes = (array->chains + 7) / 8, items = GLB_PAGES << array->aw;
    const int most = (GLB_MAX_PAYLOAD - 4) / bytes;
    uint8_t b[GLB_MAX_PAYLOAD];
    for (int t = 0; t < array->tiles; t++)
        for (int i = 0; i < items;) {
            struct stream p = {b, 0};
            put(&p, GLB_TARGET_STATE, 1);
            put(&p, (uint64_t)t, 1);
            put(&p, (uint64_t)i, 2);
            for (int n = 0; n < most && i < items; n++, i++)
                put(&p, glb_rng_u64(&rng), bytes);
            frame(s, GLB_CMD_WRITE, b, p.n, 0);
        }
    for (int i = 0; i < GLB_SEGMENTS + GLB_BETA_STEPS + GLB_RUNS; i++) {
        struct stream p = {b, 0};
        const int target = i < GLB_SEGMENTS                    ? GLB_TARGET_SEG
                           : i < GLB_SEGMENTS + GLB_BETA_STEPS ? GLB_TARGET_BETA
                                                               : GLB_TARGET_RUNS;
        const int base[] = {0, GLB_SEGMENTS, GLB_SEGMENTS + GLB_BETA_STEPS};
        put(&p, (uint64_t)target, 2);
        put(&p, (uint64_t)(i - base[target - GLB_TARGET_SEG]), 2);
        item(&p, target, 0);
        frame(s, GLB_CMD_WRITE, b, p.n, 0);
    }
}
