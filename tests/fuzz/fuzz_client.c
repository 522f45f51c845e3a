/* libFuzzer harness of the host's frame parser: a board that sends anything. The input is a list of
 * pieces: a piece that starts with a byte below 64 is that many raw bytes, one with a byte below 72
 * a sample as expected, any other one a frame with a right CRC, so that the fuzzer gets past it;
 * the board's identity comes first unless the first byte is odd. tests/fuzz/seeds/client/one_job is
 * a whole session. SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "array/protocol.h"
#include "support/frames.h"
#include "wire/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JOB = 1, WORDS = 7 /* of a sample, one byte each */ };

struct board {
    const uint8_t *data;
    size_t size;
    int greet, silent;
    uint8_t seq;             /* that the client counts with: its replies come in this order */
    uint8_t events, samples; /* DATA frames that are as they should be so far */
};

static size_t put_frame(uint8_t *f, int type, int seq, int status, const uint8_t *p, size_t n) {
    return frame_make(f, GLB_SYNC_DEVICE, type, seq, status, p, n);
}

static size_t identity(struct board *b, uint8_t *f) {
    static const uint8_t tiny[GLB_IDENT_BYTES] = {0x47, 0x4c, 0x42, 0x52, 2, 0,    4, 0,  2, 4, 8,
                                                  12,   4,    4,    0,    1, 0x80, 0, 16, 6, 0, 1,
                                                  0,    2,    10,   0,    0, 0,    0, 0,  0, 0};
    b->greet = 0;
    return put_frame(f, GLB_TYPE_REPLY | GLB_CMD_IDENT, b->seq++, 0, tiny, sizeof tiny);
}

/* A frame: type, sequence number (0: the one that is expected), status and length from the input.
 */
static size_t some_frame(struct board *b, uint8_t *f, int first) {
    static const uint8_t types[] = {0x81, 0x82, 0x83, 0x84, 0x85, 0x40, 0x41, 0x00};
    if (b->size < 3)
        return 0;
    const int type = types[first & 7];
    const int seq = b->data[0] ? b->data[0] : (type & 0x80 ? b->seq++ : 0);
    const int status = b->data[1] < 250 ? 0 : b->data[1];
    size_t n = b->data[2];
    b->data += 3;
    b->size -= 3;
    n = n < b->size ? n : b->size;
    const size_t length = put_frame(f, type, seq, status, b->data, n);
    b->data += n;
    b->size -= n;
    return length;
}

/* A DATA frame as the job expects it next: there may be more of them than it takes. */
static size_t good_sample(struct board *b, uint8_t *f) {
    const uint8_t payload[8 + WORDS] = {JOB, 0, 0, 0, b->samples++};
    return put_frame(f, GLB_TYPE_DATA, b->events++, 0, payload, sizeof payload);
}

static enum glb_status exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in) {
    struct board *b = self;
    uint8_t f[512];
    size_t n = 0;
    (void)out;
    *done_out = n_out;
    *done_in = 0;
    if (b->greet) {
        n = identity(b, f);
    } else if (b->size > 0) {
        const int first = *b->data++;
        b->size--;
        if (first < 64) {
            n = (size_t)first < b->size ? (size_t)first : b->size;
            memcpy(f, b->data, n);
            b->data += n;
            b->size -= n;
        } else if (first < 72) {
            n = good_sample(b, f);
        } else {
            n = some_frame(b, f, first);
        }
    }
    if (n > n_in)
        n = n_in;
    if (n)
        memcpy(in, f, n);
    *done_in = n;
    b->silent = n || n_out ? 0 : b->silent + 1;
    if (b->silent > 100)
        abort(); /* the client waits for ever */
    return GLB_OK;
}

static void nothing(void *self) {
    (void)self;
}

static const char *name(void *self) {
    (void)self;
    return "fuzz";
}

/* Where a program keeps its samples: just as large as the job's, so that the address sanitizer
 * finds a word that is written behind them or read from a sample that is shorter than the job's. */
struct samples {
    const struct glb_job *job;
    uint64_t *words; /* [samples][WORDS] */
};

static int keep(void *user, uint32_t number, uint32_t sweep, const uint64_t *words, size_t stride) {
    const struct samples *to = user;
    for (size_t i = 0; i < WORDS; i++)
        to->words[number * (size_t)WORDS + i] = words[i * stride];
    if (sweep != glb_job_sample_sweep(to->job, number))
        abort();
    return words[0] == 0x0505050505050505;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct board b = {.data = data, .size = size, .greet = size == 0 || !(data[0] & 1)};
    const struct glb_transport t = {
        .exchange = exchange, .close = nothing, .describe = name, .self = &b};
    const struct glb_beta_step step = {1 << 16, 3};
    const struct glb_run runs[] = {{0, 0, 4}, {1, 0, WORDS - 4}};
    const struct glb_job j = {
        .id = JOB, .steps = &step, .nsteps = 1, .interval = 1, .runs = runs, .nruns = 2, .nseg = 1};
    const struct samples kept = {&j, calloc(glb_job_samples(&j), WORDS * sizeof(uint64_t))};
    struct glb_client *c;
    struct glb_wire_counters w;
    const uint64_t states[WORDS] = {0, 0, 3, 5};
    struct glb_job_counters n, behind;
    if (!kept.words)
        abort();
    enum glb_status s = glb_client_open(&t, &c);
    if (s) {
        free(kept.words);
        return strlen(glb_error()) > 0 ? 0 : (abort(), 0); /* every refusal has a message */
    }
    const struct glb_array *a = glb_array_find("tiny");
    s = glb_client_check(c, a);
    if (!s)
        s = glb_client_status(c, &w);
    if (!s) /* with a list of runs, which is that of the readout too */
        s = glb_client_set_state(c, a, 0, runs, 2, states, 1);
    if (!s)
        s = glb_client_begin(c, a, &j, keep, (void *)&kept, &n);
    if (!s && size % 2)
        s = glb_client_begin(c, a, &j, keep, (void *)&kept, &behind);
    for (int i = 0; i < 2 && !s; i++)
        s = glb_client_finish(c);
    if (s && strlen(glb_error()) == 0)
        abort();
    glb_client_close(c);
    free(kept.words);
    return 0;
}
