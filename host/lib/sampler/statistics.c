/* Samples of a job: energies, means, the best state, rows for the caller. SPDX-License-Identifier:
 * Apache-2.0 */
#include "sampler/sampler_state.h"

#include <math.h>
#include <string.h>

static void transpose64(uint64_t a[64]) {
    uint64_t mask = 0x00000000ffffffff;
    for (int j = 32; j; j >>= 1, mask ^= mask << j)
        for (int k = 0; k < 64; k = ((k | j) + 1) & ~j) {
            const uint64_t t = ((a[k] >> j) ^ a[k | j]) & mask;
            a[k] ^= t << j;
            a[k | j] ^= t;
        }
}

/* plane[i], bit c -> rows[c], bit i. */
static void to_rows(struct sampler_run *r) {
    const int n = r->s->g->n;
    uint64_t block[64];
    for (int i0 = 0; i0 < n; i0 += 64) {
        const int rows = n - i0 < 64 ? n - i0 : 64;
        memset(block, 0, sizeof block);
        memcpy(block, r->plane + i0, (size_t)rows * sizeof *block);
        transpose64(block);
        for (int c = 0; c < 64; c++)
            for (int k = 0; k < 8 && (size_t)(i0 / 8 + k) < r->row_bytes; k++)
                r->rows[(size_t)c * r->row_bytes + i0 / 8 + k] = (uint8_t)(block[c] >> 8 * k);
    }
}

/* The last sample's chains, if they come in order: copies of the graph on several passes do not. */
static void hash_states(struct sampler_run *r, int first_chain, int chains) {
    if (first_chain != r->hashed)
        return;
    if (r->hashed == 0)
        glb_sha256_begin(&r->states);
    glb_sha256_add(&r->states, r->rows, (size_t)chains * r->row_bytes);
    r->hashed += chains;
}

/* Tells the caller, the sampler's poll and the caller's arrays. */
static void give(struct sampler_run *r, int64_t sample, int first_chain, int chains,
                 const double *energy) {
    const struct glb_settings *set = r->set;
    const size_t at = (size_t)sample * (size_t)r->s->result.chains + (size_t)first_chain;
    const struct glb_sample_block block = {.size = sizeof block,
                                           .sample = sample,
                                           .first_chain = first_chain,
                                           .chains = chains,
                                           .planes = r->plane,
                                           .rows = r->rows,
                                           .row_bytes = r->row_bytes,
                                           .energies = energy};
    const bool last = sample == r->samples - 1;
    if (set->bits || set->on_sample || set->on_block || last)
        to_rows(r);
    if (last)
        hash_states(r, first_chain, chains);
    if (set->bits)
        memcpy(set->bits + at * r->row_bytes, r->rows, (size_t)chains * r->row_bytes);
    if (set->energies)
        memcpy(set->energies + at, energy, (size_t)chains * sizeof *energy);
    if (set->on_block && !r->stop)
        r->stop = set->on_block(set->user, &block) != 0;
    for (int c = 0; c < chains && set->on_sample && !r->stop; c++)
        r->stop = set->on_sample(set->user, sample, first_chain + c,
                                 r->rows + (size_t)c * r->row_bytes, energy[c]) != 0;
}

void sampler_take(struct sampler_run *r, int64_t sample, int first_chain, int nbits,
                  const double *known) {
    const int n = r->s->g->n;
    struct glb_result *res = &r->s->result;
    double energy[64];
    for (int i = 0; i < n; i++)
        r->ones[i] += (uint64_t)__builtin_popcountll(r->plane[i]);
    if (r->set->statistics)
        statistics_add(r, nbits);
    if (r->unseen) {
        for (int b = 0; b < nbits; b++)
            r->count[first_chain + b]++;
        return;
    }
    if (known)
        memcpy(energy, known, (size_t)nbits * sizeof *energy);
    else
        glb_energy_64(r->s->energy, r->plane, energy);
    for (int b = 0; b < nbits; b++) {
        r->sum[first_chain + b] += energy[b];
        r->count[first_chain + b]++;
        if (energy[b] < res->best_energy) {
            res->best_energy = energy[b];
            for (int i = 0; i < n; i++)
                r->s->best[i] = r->plane[i] >> b & 1 ? 1 : -1;
        }
    }
    if (r->certifier)
        certifier_add(r->certifier, sample, first_chain, nbits, r->plane, energy);
    give(r, sample, first_chain, nbits, energy);
}

int sampler_on_sample(void *user, uint32_t number, uint32_t sweep, const uint64_t *words,
                      size_t stride) {
    struct sampler_run *r = user;
    struct glb_sampler *s = r->s;
    const int n = s->g->n, bits = r->pass_boards * s->p->array.chains;
    const int64_t sample = r->piece_first_sample + number;
    if (sample >= r->samples)
        return sampler_on_sweep(r, sweep); /* the rest of a schedule, not sampled */
    for (int copy = 0; copy < s->p->copies; copy++)
        for (int w = 0; w * 64 < bits; w++) {
            const int32_t *at = s->word + (size_t)copy * n;
            const int nbits = bits - 64 * w < 64 ? bits - 64 * w : 64;
            const uint64_t valid = nbits == 64 ? ~UINT64_C(0) : (UINT64_C(1) << nbits) - 1;
            for (int i = 0; i < n; i++)
                r->plane[i] = words[(size_t)at[i] * stride + w] & valid;
            sampler_take(r, sample, sampler_chain(r, copy, 64 * w), nbits, NULL);
        }
    if (s->result.best_energy <= r->set->stop_energy) {
        s->result.reached = 1;
        r->stop = 1;
    }
    return sampler_on_sweep(r, sweep);
}

enum glb_status sampler_finish(struct sampler_run *r) {
    struct glb_result *res = &r->s->result;
    const int n = r->s->g->n, chains = res->chains;
    double mean = 0, square = 0;
    int64_t total = 0, fewest = r->samples, used = 0;
    for (int c = 0; c < chains; c++) {
        total += r->count[c];
        mean += r->sum[c];
        used += r->count[c] > 0;
        if (r->count[c] < fewest)
            fewest = r->count[c];
    }
    mean /= (double)total;
    for (int c = 0; c < chains; c++)
        if (r->count[c]) {
            const double d = r->sum[c] / (double)r->count[c] - mean;
            square += d * d;
        }
    for (int i = 0; i < n; i++)
        r->s->magnetization[i] = total ? 2.0 * (double)r->ones[i] / (double)total - 1 : NAN;
    res->samples = fewest;
    res->mean_energy = total ? mean : NAN;
    res->mean_energy_stderr = used > 1 ? sqrt(square / (double)(used - 1) / (double)used) : NAN;
    if (!total)
        res->best_energy = NAN;
    if (r->set->statistics)
        statistics_finish(r, total);
    if (r->hashed == chains) {
        glb_sha256_end(&r->states, r->s->states_sha256);
        res->states_sha256 = r->s->states_sha256;
    }
    res->best_spins = r->s->best;
    res->magnetization = r->s->magnetization;
    res->stopped = r->stop || r->s->cancel;
    res->updates_per_clock = res->clocks ? (double)res->updates / (double)res->clocks : 0;
    res->coupling_updates_per_clock = res->clocks ? 2.0 * res->couplings * r->s->p->copies *
                                                        r->s->p->array.chains *
                                                        (double)res->sweeps / (double)res->clocks
                                                  : 0;
    res->sweeps /= (uint64_t)r->boards;
    return r->certifier && total ? certifier_finish(r->certifier, res->mean_energy,
                                                    res->mean_energy_stderr, &r->s->certificate)
                                 : GLB_OK;
}
