/* Exchanges of neighbouring replicas, decided in whole numbers: the same on every machine.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A state of whole energy e weighs exp(-2^14 e / k) at K = k / 2^16, so an exchange that costs,
 * d = e(hot) - e(cold) > 0, has probability exp(-2^14 d (1 / k(cold) - 1 / k(hot))). */
#include <string.h>
#include "base/counter_rng.h"
#include "sampler/tempering/tempering.h"

enum { STREAM = 0x73776170 /* "swap" */, LOG_BITS = 40 };

enum { PHASE_NEW, PHASE_FROM_HOT, PHASE_FROM_COLD }; /* never at the hot end; was last at ... */

uint64_t exchange_log2(uint64_t random) {
    const uint64_t v = random + 1;
    if (v == 0) /* U = 1 */
        return 0;
    const int zeros = __builtin_clzll(v);
    uint64_t m = v << zeros, log = 0; /* 1 <= m / 2^63 < 2; a squaring a bit */
    for (int bit = 0; bit < LOG_BITS; bit++) {
        const unsigned __int128 square = ((unsigned __int128)m * m) >> 63;
        const bool one = square >> 64;
        log = 2 * log + one;
        m = (uint64_t)(square >> one);
    }
    return ((uint64_t)(zeros + 1) << LOG_BITS) - log;
}

unsigned __int128 exchange_rate(uint32_t hot, uint32_t cold) {
    static const uint64_t log2_e = UINT64_C(0x171547652b82f); /* 2^48 / ln 2 */
    const unsigned __int128 apart = hot - cold;
    const unsigned __int128 rate = (apart << 78) / ((unsigned __int128)hot * cold);
    return (rate >> 48) * log2_e + (((rate & 0xffffffffffff) * log2_e) >> 48);
}

bool exchange_accepted(unsigned __int128 rate, uint64_t difference, uint64_t random) {
    const unsigned __int128 limit = (unsigned __int128)64 << 64; /* beyond every logarithm */
    if (rate > 0 && difference > limit / rate)
        return false;
    return (unsigned __int128)exchange_log2(random) << (64 - LOG_BITS) >= rate * difference;
}

/* The states of the chains in mask[stride] change places with those `apart` bits above. */
static void swap_states(uint64_t *word, size_t count, const uint64_t *mask, int stride, int apart) {
    const int words = apart / 64, bits = apart % 64;
    for (size_t i = 0; i < count; i++, word += stride)
        for (int w = 0; w < stride; w++) {
            if (!mask[w])
                continue;
            uint64_t *low = &word[w], *next = low + words, *above = next + 1;
            const bool split = bits && w + words + 1 < stride;
            const uint64_t other = *next >> bits | (split ? *above << (64 - bits) : 0);
            const uint64_t d = (*low ^ other) & mask[w];
            *low ^= d;
            *next ^= d << bits;
            if (split)
                *above ^= d >> (64 - bits);
        }
}

static void swap_figures(struct tempered_run *t, int a, int b) {
    const int64_t e = t->e[a];
    const double energy = t->energy[a];
    const uint8_t phase = t->phase[a];
    t->e[a] = t->e[b];
    t->e[b] = e;
    t->energy[a] = t->energy[b];
    t->energy[b] = energy;
    t->phase[a] = t->phase[b];
    t->phase[b] = phase;
}

/* Chains of a copy of a board at `hot` that exchange with those at the next temperature. */
static uint64_t decide(struct tempered_run *t, int copy, int group, int hot) {
    const int chains = t->s->p->array.chains;
    const int first = (copy * t->groups + group) * chains;
    const unsigned __int128 rate = exchange_rate(t->k[hot], t->k[hot + 1]);
    uint64_t mask = 0;
    for (int c = 0; c < chains; c++) {
        const int a = hot * t->ladders + first + c, b = a + t->ladders;
        const int64_t cost = whole_factor(t->whole) * (t->e[a] - t->e[b]);
        const uint64_t random = glb_random_at(t->set->seed, STREAM, t->round, (uint64_t)a);
        if (cost > 0 && !exchange_accepted(rate, (uint64_t)cost, random))
            continue;
        mask |= UINT64_C(1) << c;
        swap_figures(t, a, b);
        t->accepted[hot]++;
    }
    t->attempts[hot] += chains;
    return mask;
}

/* States at the ends of the ladder turn. */
static void turn(struct tempered_run *t) {
    struct ladder_store *out = t->s->ladder;
    for (int l = 0; l < t->ladders; l++) {
        uint8_t *hot = &t->phase[l], *cold = hot + (size_t)(t->temperatures - 1) * t->ladders;
        out->ladder.round_trips += *hot == PHASE_FROM_COLD;
        out->ladder.arrivals += *cold == PHASE_FROM_HOT;
        *hot = PHASE_FROM_HOT;
        *cold = *cold == PHASE_NEW ? PHASE_NEW : PHASE_FROM_COLD;
    }
}

void tempered_exchange(struct tempered_run *t) {
    const int copies = t->s->p->copies, apart = t->groups * t->s->p->array.chains;
    uint64_t *mask = t->mask;
    for (int copy = 0; copy < copies; copy++) {
        memset(mask, 0, (size_t)t->stride * sizeof *mask);
        for (int hot = (int)(t->round % 2); hot + 1 < t->temperatures; hot += 2)
            for (int g = 0; g < t->groups; g++) {
                const struct board_bits at = board_bits(t, hot * t->groups + g);
                mask[at.word] |= decide(t, copy, g, hot) << at.shift;
            }
        if (copies == 1)
            swap_states(t->words, t->s->nwords, mask, t->stride, apart);
        for (int i = 0; copies > 1 && i < t->n; i++)
            swap_states(pbit_words(t, copy, i), 1, mask, t->stride, apart);
    }
    turn(t);
}
