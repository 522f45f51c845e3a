/* Sending states. SPDX-License-Identifier: Apache-2.0 */
#include "wire/states.h"

#include "array/target.h"
#include "base/little_endian.h"
#include "wire/frame.h"

enum {
    STATES_A_WRITE = 256,
    TOKEN_BYTES = GLB_MAX_PAYLOAD - GLB_WRITE_HEAD_BYTES,
    FRAME_COST = GLB_FRAME_EXTRA + GLB_WRITE_HEAD_BYTES + GLB_FRAME_EXTRA /* with its reply */
};

struct states {
    struct link *l;
    const struct glb_array *a;
    int page, bytes; /* of a word */
    const struct glb_run *runs;
    int nruns;
    const uint64_t *words; /* of the next run */
    size_t stride;
};

/* As many runs from `first` on as fit into a frame, as tokens. */
static int pack(const struct states *s, int first, uint8_t *to, size_t *len) {
    struct state_tokens k = {.full = true};
    int fit = s->nruns - first;
    for (int n = -1; n != fit;) { /* again without the run that was too much */
        const uint64_t *word = s->words;
        n = fit;
        tokens_begin(&k, to, TOKEN_BYTES, s->bytes);
        for (int r = 0; r < n && !k.full; r++) {
            for (int i = 0; i < s->runs[first + r].count; i++, word += s->stride)
                tokens_add(&k, *word);
            fit = k.full ? r : fit;
        }
    }
    *len = k.len;
    return fit;
}

static size_t words_of(const struct glb_run *runs, int n) {
    size_t words = 0;
    for (int r = 0; r < n; r++)
        words += runs[r].count;
    return words;
}

static size_t cost_of_writes(const struct states *s, int first, int n) {
    size_t frames = 0;
    for (int r = first; r < first + n; r++)
        frames += (size_t)(s->runs[r].count + STATES_A_WRITE - 1) / STATES_A_WRITE;
    return frames * FRAME_COST + words_of(s->runs + first, n) * (size_t)s->bytes;
}

static enum glb_status write_run(const struct states *s, int r, const uint64_t *words) {
    const struct glb_run *run = &s->runs[r];
    uint8_t buf[GLB_MAX_PAYLOAD];
    for (int done = 0; done < run->count;) {
        const int left = run->count - done, n = left < STATES_A_WRITE ? left : STATES_A_WRITE;
        for (int k = 0; k < n; k++, words += s->stride)
            glb_put_le(buf + (size_t)k * (size_t)s->bytes, *words, s->bytes);
        const enum glb_status e =
            link_write(s->l, GLB_TARGET_STATE, run->tile, s->page << s->a->aw | (run->addr + done),
                       buf, s->bytes, n);
        if (e)
            return e;
        done += n;
    }
    return GLB_OK;
}

static enum glb_status write_runs(const struct states *s, int first, int n) {
    const uint64_t *words = s->words;
    for (int r = first; r < first + n; r++) {
        const enum glb_status e = write_run(s, r, words);
        if (e)
            return e;
        words += s->runs[r].count * s->stride;
    }
    return GLB_OK;
}

enum glb_status states_send(struct link *l, const struct glb_array *a, int page,
                            const struct glb_run *runs, int nruns, int first_run,
                            const uint64_t *words, size_t stride) {
    struct states s = {l, a, page, (a->chains + 7) / 8, runs, nruns, words, stride};
    uint8_t payload[GLB_MAX_PAYLOAD] = {GLB_TARGET_STATES, (uint8_t)page};
    for (int r = 0, n; r < nruns; r += n) {
        size_t len = 0;
        n = first_run < 0 ? 0 : pack(&s, r, payload + GLB_WRITE_HEAD_BYTES, &len);
        const bool by_list = n > 0 && FRAME_COST + len < cost_of_writes(&s, r, n);
        n = n > 0 ? n : 1;
        glb_put_le(payload + 2, (uint64_t)(first_run + r), 2);
        const enum glb_status e =
            by_list ? link_send(l, GLB_CMD_WRITE, payload, GLB_WRITE_HEAD_BYTES + len,
                                glb_target_command(GLB_TARGET_STATES), page, first_run + r)
                    : write_runs(&s, r, n);
        if (e)
            return e;
        s.words += words_of(runs + r, n) * stride;
    }
    return GLB_OK;
}
