/* Everything about a run in its sample file but the samples. SPDX-License-Identifier: Apache-2.0 */
#include "files/sample_info.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void put_schedule(struct glb_hdf5_store *s, const struct glb_settings *set) {
    double *beta = malloc((size_t)set->steps * sizeof *beta);
    uint32_t *sweeps = malloc((size_t)set->steps * sizeof *sweeps);
    if (beta && sweeps) {
        for (int i = 0; i < set->steps; i++) {
            beta[i] = set->schedule[i].beta;
            sweeps[i] = set->schedule[i].sweeps;
        }
        glb_hdf5_put_array(s, "schedule_beta", GLB_ELEMENT_DOUBLE, (size_t)set->steps, beta);
        glb_hdf5_put_array(s, "schedule_sweeps", GLB_ELEMENT_UINT32, (size_t)set->steps, sweeps);
    } else {
        glb_hdf5_fail(s, GLB_ERR_MEMORY, "schedule_beta", "no memory");
    }
    free(beta);
    free(sweeps);
}

static void put_precision(struct glb_hdf5_store *s, const struct glb_sample_file_info *info,
                          const struct glb_result *r) {
    const struct glb_precision *p = info->precision;
    const size_t m = (size_t)r->couplings;
    glb_hdf5_put_real(s, "u", p->u);
    glb_hdf5_put_real(s, "j_rms_error", p->j_rms_error);
    glb_hdf5_put_real(s, "j_max_error", p->j_max_error);
    glb_hdf5_put_real(s, "h_max_error", p->h_max_error);
    glb_hdf5_put_real(s, "field_error", p->field_error);
    glb_hdf5_put_int(s, "couplings_nonzero", p->couplings_nonzero);
    glb_hdf5_put_int(s, "couplings_zeroed", p->couplings_zeroed);
    glb_hdf5_put_real(s, "precise_beta", p->beta);
    glb_hdf5_put_int(s, "couplings_cut", p->couplings_cut);
    glb_hdf5_put_int(s, "entries_added", p->entries_added);
    glb_hdf5_put_int(s, "helpers", p->helpers);
    glb_hdf5_put_array(s, "edge_i", GLB_ELEMENT_INT32, m, info->edge_i);
    glb_hdf5_put_array(s, "edge_j", GLB_ELEMENT_INT32, m, info->edge_j);
    glb_hdf5_put_array(s, "effective_coupling", GLB_ELEMENT_DOUBLE, m, info->effective_coupling);
    glb_hdf5_put_array(s, "effective_bias", GLB_ELEMENT_DOUBLE, (size_t)r->pbits,
                       info->effective_bias);
}

static void put_certificate(struct glb_hdf5_store *s, const struct glb_sample_file_info *info) {
    const struct glb_certificate *c = info->certificate;
    glb_hdf5_put_int(s, "certificate_chains", c->chains);
    glb_hdf5_put_int(s, "beta_decisions", c->decisions);
    glb_hdf5_put_int(s, "frozen_chains", c->frozen_chains);
    glb_hdf5_put_int(s, "frozen_pbits", c->frozen_pbits);
    glb_hdf5_put_real(s, "beta_effective", c->beta_effective);
    glb_hdf5_put_real(s, "beta_low", c->beta_low);
    glb_hdf5_put_real(s, "beta_high", c->beta_high);
    glb_hdf5_put_real(s, "energy_half_width", c->energy.half_width);
    glb_hdf5_put_real(s, "energy_tau", c->energy.tau);
    glb_hdf5_put_real(s, "energy_tau_error", c->energy.tau_error);
    glb_hdf5_put_real(s, "energy_ess", c->energy.ess);
    glb_hdf5_put_real(s, "energy_r_hat", c->energy.r_hat);
    glb_hdf5_put_real(s, "magnetization_mean", c->magnetization.mean);
    glb_hdf5_put_real(s, "magnetization_half_width", c->magnetization.half_width);
    glb_hdf5_put_real(s, "magnetization_tau", c->magnetization.tau);
    glb_hdf5_put_real(s, "magnetization_tau_error", c->magnetization.tau_error);
    glb_hdf5_put_real(s, "magnetization_ess", c->magnetization.ess);
    glb_hdf5_put_real(s, "magnetization_r_hat", c->magnetization.r_hat);
    glb_hdf5_put_real(s, "chain_correlation", c->chain_correlation);
    glb_hdf5_put_real(s, "total_variation", c->total_variation);
    glb_hdf5_put_real(s, "total_variation_noise", c->total_variation_noise);
    glb_hdf5_put_real(s, "exact_energy", c->exact_energy);
    glb_hdf5_put_text(s, "doubts", info->doubts);
}

void glb_sample_info_put(struct glb_hdf5_store *s, const struct glb_sample_file_info *info,
                         const struct glb_settings *set, const struct glb_result *r) {
    const bool looked_at = !r->up_counts; /* the samples, one by one */
    char hash[24], seed[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)info->graph_hash);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)set->seed);
    glb_hdf5_put_text(s, "version", glb_version());
    glb_hdf5_put_text(s, "command", info->command);
    glb_hdf5_put_text(s, "graph", info->graph);
    glb_hdf5_put_text(s, "graph_hash", hash);
    glb_hdf5_put_text(s, "convention", info->convention);
    glb_hdf5_put_text(s, "array", info->array);
    glb_hdf5_put_text(s, "device", info->device);
    glb_hdf5_put_text(s, "seed", seed);
    glb_hdf5_put_int(s, "pbits", r->pbits);
    glb_hdf5_put_int(s, "couplings", r->couplings);
    glb_hdf5_put_int(s, "colours", r->colours);
    glb_hdf5_put_int(s, "chains", r->chains);
    glb_hdf5_put_int(s, "samples", r->samples);
    glb_hdf5_put_int(s, "burn_in", set->burn_in);
    glb_hdf5_put_int(s, "interval", set->interval);
    glb_hdf5_put_int(s, "sweeps", (int64_t)r->sweeps);
    glb_hdf5_put_int(s, "flips", (int64_t)r->updates);
    glb_hdf5_put_int(s, "cycles", (int64_t)r->clocks);
    glb_hdf5_put_int(s, "complete", !r->stopped);
    glb_hdf5_put_real(s, "mean_energy", r->mean_energy);
    if (looked_at) {
        glb_hdf5_put_real(s, "mean_energy_stderr", r->mean_energy_stderr);
        glb_hdf5_put_real(s, "best_energy", r->best_energy);
        glb_hdf5_put_array(s, "best_spins", GLB_ELEMENT_INT8, (size_t)r->pbits, r->best_spins);
    }
    if (set->schedule)
        put_schedule(s, set);
    else
        glb_hdf5_put_real(s, "beta", set->beta);
    glb_hdf5_put_array(s, "magnetization", GLB_ELEMENT_DOUBLE, (size_t)r->pbits, r->magnetization);
    if (info->precision)
        put_precision(s, info, r);
    if (info->certificate)
        put_certificate(s, info);
    if (set->clamp)
        glb_hdf5_put_array(s, "clamp", GLB_ELEMENT_INT8, (size_t)r->pbits * set->clamp_columns,
                           set->clamp);
    if (set->init)
        glb_hdf5_put_array(s, "init", GLB_ELEMENT_INT8, (size_t)r->pbits * set->init_columns,
                           set->init);
}
