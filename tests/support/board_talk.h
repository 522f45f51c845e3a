/* Questions and answers with a board behind the byte protocol, frame by frame; for cmocka tests.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SUPPORT_BOARD_TALK_H
#define TESTS_SUPPORT_BOARD_TALK_H

#include <stddef.h>
#include <stdint.h>
#include "wire/transport.h"

struct frame {
    int type, seq, status, len;
    uint8_t payload[65536];
};

struct run_payload { /* RUN's; all fields lie on their natural boundaries but the seed */
    uint32_t job;
    uint8_t seed[8];
    uint16_t beta_start, beta_count;
    uint32_t burn_in, interval;
    uint16_t runs_start, runs_count;
    uint8_t page, flags, nseg, nsampled, seg[16];
};

extern struct glb_transport port; /* the board */
extern struct frame got;          /* the last one from it */

/* cmocka's setup and teardown: the emulated board of array tiny. */
int talk_open(void **state);
int talk_close(void **state);

/* Sends bytes and takes what comes. */
void talk_send(const uint8_t *bytes, size_t n);

/* Takes the next frame from the board into `got`; 0 if it has none. Fails the test if bytes are not
 * a frame. */
int talk_next(void);

/* Sends a frame; the reply is in `got`, its status is returned. */
int talk_ask(int cmd, const void *payload, size_t len);
int talk_write(int target, int tile, int addr, const void *items, size_t bytes);

#endif
