/* What a round leaves: energies of all replicas, the best state, means, samples of the coldest
 * ones. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>
#include "base/parallel.h"
#include "sampler/tempering/tempering.h"

/* ---- energies ---- */

static void piece_energies(struct tempered_run *t, int piece) {
    const int copies = t->s->p->copies, per_copy = t->pieces / copies, copy = piece / per_copy;
    const struct glb_graph *g = t->s->g;
    const double exact = whole_unit(t->whole), unit = exact > 0 ? exact : whole_rounded(t->whole);
    int64_t e[CHUNK_CHAINS];
    whole_energies(t->whole, t->words + CHUNK * (size_t)(piece % per_copy),
                   t->s->word + (size_t)copy * (size_t)t->n, (size_t)t->stride, e);
    for (int c = 0; c < CHUNK_CHAINS; c++) {
        const int r = t->replica[CHUNK_CHAINS * piece + c];
        if (r < 0)
            continue;
        t->e[r] = e[c];
        t->energy[r] = g->scale * (unit * (double)e[c]) + g->offset;
    }
}

static void look_at(void *user, int first, int end) {
    struct tempered_run *t = user;
    for (int piece = first; piece < end; piece++) {
        if (t->opt.cluster_moves)
            clusters_move(t, piece);
        piece_energies(t, piece);
    }
}

/* ---- looks ---- */

/* A replica whose energy is near the lowest one, or below: its true energy. */
static void take_near(struct tempered_run *t, int at) {
    const int copy = at / (64 * t->stride), bit = at % (64 * t->stride);
    struct glb_result *res = &t->s->result;
    int8_t *spins = t->spins;
    for (int i = 0; i < t->n; i++)
        spins[i] = pbit_words(t, copy, i)[bit / 64] >> bit % 64 & 1 ? 1 : -1;
    const double energy = glb_graph_input_energy(t->s->g, spins);
    if (energy >= res->best_energy)
        return;
    res->best_energy = energy;
    memcpy(t->s->best, spins, (size_t)t->n);
}

/* Where couplings were rounded the energies of two states have an error. */
static void take_best(struct tempered_run *t) {
    const double margin = whole_unit(t->whole) > 0 ? 0 : 4 * t->s->g->scale * whole_error(t->whole);
    for (int at = 0; at < CHUNK_CHAINS * t->pieces; at++) {
        const int r = t->replica[at];
        if (r < 0 || t->energy[r] >= t->lowest + margin)
            continue;
        t->lowest = fmin(t->lowest, t->energy[r]);
        take_near(t, at);
    }
    if (t->s->result.best_energy <= t->set->stop_energy) {
        t->s->result.reached = 1;
        t->run.stop = 1;
    }
}

/* Ladders first .. first + count - 1 of a temperature for the caller. */
static bool show(struct tempered_run *t, int temperature, int first, int count) {
    const int r = temperature * t->ladders + first;
    double energy[64];
    tempered_gather(t, temperature, first, count, t->run.plane);
    glb_energy_64(t->s->energy, t->run.plane, energy);
    const struct glb_sample_block block = {.size = sizeof block,
                                           .sample = (int64_t)t->round,
                                           .first_chain = r,
                                           .chains = count,
                                           .planes = t->run.plane,
                                           .energies = energy};
    return t->opt.on_look(t->set->user, &block) != 0;
}

/* As many ladders at a time as fit 64 bits and are boards. */
static int next_count(const struct tempered_run *t, int first) {
    return t->ladders - first < 64 ? t->ladders - first : 64;
}

void tempered_look(struct tempered_run *t) {
    if (t->opt.cluster_moves)
        clusters_begin(t);
    glb_parallel(0, t->pieces, look_at, t);
    if (t->opt.cluster_moves)
        clusters_end(t);
    take_best(t);
    for (int k = 0; t->opt.on_look && k < t->temperatures; k++)
        for (int l = 0; l < t->ladders; l += next_count(t, l))
            if (show(t, k, l, next_count(t, l)))
                t->run.stop = 1;
}

/* ---- rounds that count ---- */

static void join_parts(struct tempered_run *t) {
    for (int k = 0; k < t->temperatures; k++)
        for (int i = 0; i < PARTS / 2; i++)
            t->part[k][i] = t->part[k][2 * i] + t->part[k][2 * i + 1];
    t->parts = PARTS / 2;
    t->part_rounds *= 2;
}

static void add_sums(struct tempered_run *t) {
    if (t->in_part == t->part_rounds) {
        t->in_part = 0;
        if (++t->parts == PARTS)
            join_parts(t);
    }
    for (int k = 0; k < t->temperatures; k++) {
        double all = 0;
        for (int l = 0; l < t->ladders; l++) {
            const int r = k * t->ladders + l;
            t->sum[r] += t->energy[r];
            all += t->energy[r];
        }
        t->part[k][t->parts] = (t->in_part ? t->part[k][t->parts] : 0) + all;
    }
    t->in_part++;
}

void tempered_count(struct tempered_run *t) {
    const int coldest = t->temperatures - 1;
    const double *energy = t->energy + (size_t)coldest * (size_t)t->ladders;
    const bool exact = whole_unit(t->whole) > 0;
    add_sums(t);
    for (int l = 0; l < t->ladders; l += next_count(t, l)) {
        tempered_gather(t, coldest, l, next_count(t, l), t->run.plane);
        sampler_take(&t->run, t->rounds, l, next_count(t, l), exact ? energy + l : NULL);
    }
    t->rounds++;
}

/* ---- report ---- */

/* Standard error of the mean of values[n] that are independent. */
static double error_of(const double *value, int n, double scale) {
    double mean = 0, square = 0;
    for (int i = 0; i < n; i++)
        mean += value[i] * scale / n;
    for (int i = 0; i < n; i++)
        square += (value[i] * scale - mean) * (value[i] * scale - mean);
    return n > 1 ? sqrt(square / (n - 1) / n) : NAN;
}

/* Of chains that cluster moves link, `spread` being theirs: boards are independent, parts of the
 * run if they are long. */
static double linked_error(const struct tempered_run *t, int k, double spread) {
    const int chains = t->s->p->array.chains, boards = t->ladders / chains;
    const double *sum = t->sum + (size_t)k * (size_t)t->ladders;
    double mean = 0, square = 0, error = spread;
    for (int l = 0; l < t->ladders; l++)
        mean += sum[l] / boards;
    for (int b = 0; b < boards; b++) {
        double one = -mean;
        for (int c = 0; c < chains; c++)
            one += sum[b * chains + c];
        square += one * one;
    }
    if (boards > 1)
        error = sqrt(square / (boards - 1) / boards) / (double)t->rounds / chains;
    if (t->parts >= PARTS / 2)
        error =
            fmax(error, error_of(t->part[k], t->parts, 1 / ((double)t->part_rounds * t->ladders)));
    return error;
}

static void report_energies(const struct tempered_run *t, struct ladder_store *out) {
    const double rounds = (double)t->rounds, ladders = t->ladders;
    const bool linked = t->moves.on[t->temperatures - 1];
    for (int k = 0; k < t->temperatures; k++) {
        const double *sum = t->sum + (size_t)k * (size_t)t->ladders;
        double all = 0;
        for (int l = 0; l < t->ladders; l++)
            all += sum[l];
        out->mean[k] = t->rounds ? all / rounds / ladders : NAN;
        out->error[k] = t->rounds ? error_of(sum, t->ladders, 1 / rounds) : NAN;
        if (linked)
            out->error[k] = linked_error(t, k, out->error[k]);
    }
}

void tempered_report(const struct tempered_run *t, struct ladder_store *out) {
    struct glb_ladder *l = &out->ladder;
    l->size = sizeof *l;
    l->temperatures = t->temperatures;
    l->chains = t->ladders;
    l->rounds = t->rounds;
    l->beta = out->beta;
    l->mean_energy = out->mean;
    l->energy_stderr = out->error;
    l->acceptance = out->acceptance;
    l->barrier = 0;
    report_energies(t, out);
    for (int k = 0; k < t->temperatures; k++) {
        out->beta[k] = t->k[k] ? 65536 / (2 * t->s->p->u * t->k[k]) : INFINITY;
        if (k + 1 == t->temperatures)
            break;
        out->acceptance[k] = t->attempts[k] ? (double)t->accepted[k] / (double)t->attempts[k] : NAN;
        l->barrier += 1 - out->acceptance[k];
    }
    l->cluster_first = t->temperatures;
    for (int k = 0; t->opt.cluster_moves && k < t->temperatures; k++)
        if (t->moves.on[k] && k < l->cluster_first)
            l->cluster_first = k;
    l->cluster_size =
        t->moves.all_clusters ? (double)t->moves.all_sizes / (double)t->moves.all_clusters : NAN;
}
