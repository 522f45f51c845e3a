/* Bytes on the line to an emulated board, for tests that mk/tests.mk links with
 * --wrap=glb_emu_port_open. SPDX-License-Identifier: Apache-2.0 */
#ifndef COUNTED_BYTES_H
#define COUNTED_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include "transports/transports.h"

static struct {
    struct glb_transport board;
    size_t sent, received;
} counted_bytes;

enum glb_status __real_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

static enum glb_status counted_bytes_exchange(void *self, const uint8_t *out, size_t n_out,
                                              size_t *done_out, uint8_t *in, size_t n_in,
                                              size_t *done_in) {
    const enum glb_status s =
        counted_bytes.board.exchange(self, out, n_out, done_out, in, n_in, done_in);
    counted_bytes.sent += *done_out;
    counted_bytes.received += *done_in;
    return s;
}

enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    const enum glb_status s = __real_glb_emu_port_open(array, argument, &counted_bytes.board);
    *out = counted_bytes.board;
    out->exchange = counted_bytes_exchange;
    return s;
}

#endif
