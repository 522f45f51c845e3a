/* The verifier's accumulators as sums of what was read, the network's paths, and the message.
 * SPDX-License-Identifier: Apache-2.0 */
#include "check/verifier.h"

#include <stdlib.h>

enum glb_status verifier_bad(const struct walk *w, int tile, const char *what, int x) {
    return glb_fail(GLB_ERR_FORMAT, "verify: segment %d clock %d tile %d: %s (%d)", w->seg,
                    w->clock, tile, what, x);
}

int verifier_source(const struct glb_array *a, const uint16_t *net, int t) {
    int wire = t;
    for (int s = a->ns - 1; s >= 0; s--) {
        const int k = (wire >> (s + 1) << s) | (wire & ((1 << s) - 1));
        const int bit = s * a->tiles / 2 + k;
        if (net[bit / 16] >> bit % 16 & 1)
            wire ^= 1 << s;
    }
    return wire;
}

int32_t form_wrap(const struct glb_array *a, int64_t x) {
    const int64_t m = 1ll << a->acc;
    x = ((x % m) + m) % m;
    return (int32_t)(x >= m / 2 ? x - m : x);
}

bool form_add_term(struct form *f, struct value v, int32_t coef) {
    if (f->n == f->cap) {
        const int cap = f->cap ? 2 * f->cap : 32;
        struct term *t = realloc(f->term, sizeof *t * (size_t)cap);
        if (!t)
            return false;
        f->term = t;
        f->cap = cap;
    }
    f->term[f->n++] = (struct term){v, coef};
    f->sum = 0;
    return true;
}

void form_add_bias(const struct glb_array *a, struct form *f, int32_t bias) {
    f->constant = form_wrap(a, (int64_t)f->constant + bias);
    f->sum = 0;
}

void form_add_noise(struct form *f) {
    f->noise++;
    f->sum = 0;
}

void form_double(const struct glb_array *a, struct form *f) {
    for (int i = 0; i < f->n; i++)
        f->term[i].coef = form_wrap(a, 2 * (int64_t)f->term[i].coef);
    f->constant = form_wrap(a, 2 * (int64_t)f->constant);
    f->doublings++;
}

void form_clear(struct form *f) {
    f->n = f->constant = f->noise = f->doublings = f->sum = 0;
}
