/* A device that computes nothing: correct replies to every command, and for a job the samples and
 * counters that a test has written down. One field, frame or byte of what it sends can be wrong.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SUPPORT_SCRIPTED_DEVICE_H
#define TESTS_SUPPORT_SCRIPTED_DEVICE_H

#include <stddef.h>
#include <stdint.h>
#include "array/array.h"
#include "wire/transport.h"

enum wrong {
    WRONG_NOTHING,
    WRONG_FIELD,   /* `by` is added to the `bytes` bytes at `at`; the CRC is that of the result */
    WRONG_BYTE,    /* the same under the old CRC */
    WRONG_LENGTH,  /* the payload has `by` bytes more or less */
    WRONG_LOST,    /* the frame is numbered, but does not come */
    WRONG_SKIPPED, /* the frame neither comes nor is numbered */
    WRONG_TWICE,   /* the frame comes twice */
    WRONG_AGAIN,   /* the same, an event numbered further */
    WRONG_NOISE,   /* `by` bytes come before the frame */
    WRONG_SILENCE  /* nothing comes from this frame on */
};

enum { /* where fields of a frame are */
       AT_TYPE = 1,
       AT_SEQ = 2,
       AT_STATUS = 3,
       AT_LENGTH = 4,
       AT_PAYLOAD = 6
};

struct fault {
    enum wrong what;
    int type, nth; /* the nth (from 1) frame of this type */
    int at, bytes, by;
};

struct scripted_device {
    const struct glb_array *array;
    size_t step; /* bytes of one exchange and way, at most */
    struct fault fault;
    /* of every job */
    int samples, words; /* bytes of states in each sample: sample + index, modulo 16 */
    uint32_t sweeps;
    uint64_t flips, run_cycles, stall_cycles;
    /* called with every command whose CRC is right, or NULL; its status is the reply's */
    int (*on_command)(void *user, int cmd, const uint8_t *payload, size_t len);
    void *user;

    int commands;  /* that came */
    int seen[256]; /* frames of each type, made for the host */
    int events, muted;
    uint8_t in[2048], out[1 << 18];
    size_t nin, nout;
};

/* Array and the other fields above are the caller's to set; the device must live as long as the
 * transport. */
struct glb_transport scripted_transport(struct scripted_device *d);

#endif
