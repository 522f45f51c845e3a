/* A line to a board that counts the commands on their way. SPDX-License-Identifier: Apache-2.0 */
#ifndef COUNTED_LINE_H
#define COUNTED_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "array/protocol.h"
#include "support/frames.h"
#include "wire/transport.h"

struct counted_line {
    struct glb_transport to;
    uint8_t frame[FRAME_EXTRA + GLB_MAX_PAYLOAD];
    size_t have;
    int commands[8], writes[GLB_TARGETS];                 /* frames */
    size_t bytes;                                         /* of all frames */
    void (*on_write)(const uint8_t *payload, size_t len); /* sees every WRITE; or NULL */
};

static inline void counted_byte(struct counted_line *l, uint8_t byte) {
    l->frame[l->have++] = byte;
    if (l->have < FRAME_HEADER || l->have < frame_bytes(l->frame))
        return;
    const uint8_t *payload = l->frame + FRAME_HEADER;
    l->bytes += l->have;
    l->commands[l->frame[1] & 7]++;
    if (l->frame[1] == GLB_CMD_WRITE) {
        l->writes[payload[0]]++;
        if (l->on_write)
            l->on_write(payload, l->have - FRAME_EXTRA);
    }
    l->have = 0;
}

static inline enum glb_status counted_exchange(void *self, const uint8_t *out, size_t n_out,
                                               size_t *done_out, uint8_t *in, size_t n_in,
                                               size_t *done_in) {
    struct counted_line *l = self;
    const enum glb_status s = l->to.exchange(l->to.self, out, n_out, done_out, in, n_in, done_in);
    for (size_t i = 0; i < *done_out; i++)
        counted_byte(l, out[i]);
    return s;
}

static inline void counted_close(void *self) {
    struct counted_line *l = self;
    l->to.close(l->to.self);
}

static inline const char *counted_describe(void *self) {
    struct counted_line *l = self;
    return l->to.describe(l->to.self);
}

static inline void counted_forget(struct counted_line *l) {
    memset(l->commands, 0, sizeof l->commands);
    memset(l->writes, 0, sizeof l->writes);
    l->bytes = 0;
}

/* Takes `to` over. */
static inline struct glb_transport counted_open(struct counted_line *l,
                                                const struct glb_transport *to) {
    *l = (struct counted_line){.to = *to};
    return (struct glb_transport){.exchange = counted_exchange,
                                  .close = counted_close,
                                  .describe = counted_describe,
                                  .self = l};
}

#endif
