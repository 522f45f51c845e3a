/* The result of `glauber sample` and `glauber anneal`. SPDX-License-Identifier: Apache-2.0 */
#include "tool/sample/sample_run.h"

#include <math.h>
#include <stdlib.h>
#include "tool/output/json.h"
#include "tool/temper/temper_run.h"

void sample_print_report(const struct sample_run *run, const struct glb_result *r) {
    FILE *f = run->report;
    if (r->stopped)
        fprintf(f, "%s after %llu sweeps\n", r->reached ? "stop energy reached" : "stopped",
                (unsigned long long)r->sweeps);
    fprintf(f, "device     %s\n", glb_device_describe(run->d));
    fprintf(f, "run        %d chains, %llu sweeps, %ld samples a chain, seed %llu\n", r->chains,
            (unsigned long long)r->sweeps, r->samples, (unsigned long long)run->set.seed);
    if (!isnan(run->o.stop_energy) && !r->reached)
        fprintf(f, "stop energy %.9g not reached\n", run->o.stop_energy);
    if (run->set.statistics)
        sample_print_statistics(run, r);
    else if (!r->samples)
        fprintf(f, "%s best %.9g\n", sample_sign(run) < 0 ? "cut       " : "energy    ",
                sample_sign(run) * r->best_energy);
    else if (run->g->convention == GLB_MAXCUT)
        fprintf(f, "cut        best %.9g, mean %.9g +- %.3g\n", -r->best_energy, -r->mean_energy,
                r->mean_energy_stderr);
    else
        fprintf(f, "energy     best %.9g, mean %.9g +- %.3g\n", r->best_energy, r->mean_energy,
                r->mean_energy_stderr);
    if (run->temper)
        temper_print_ladder(run);
    if (run->o.top)
        best_states_print(&run->best, f, sample_sign(run));
    fprintf(f, "flips      %llu in %.3f s: %.3g a second\n", (unsigned long long)r->updates,
            r->seconds, r->seconds > 0 ? (double)r->updates / r->seconds : 0);
    fprintf(f, "array      %llu clocks: %.2f flips and %.1f coupling updates a clock\n",
            (unsigned long long)r->clocks, r->updates_per_clock, r->coupling_updates_per_clock);
    sample_print_certificate(run);
    if (r->states_sha256)
        fprintf(f, "states     sha256 %s\n", r->states_sha256);
    if (run->o.output)
        fprintf(f, "written    %s\n", run->o.output);
    if (run->o.states)
        fprintf(f, "written    %s: the %d best states\n", run->o.states, run->best.count);
}

static void print_certificate(struct json *out, const struct glb_certificate *certificate) {
    const struct glb_observable unknown = {NAN, NAN, NAN, NAN, NAN, NAN};
    const struct glb_certificate none = {.beta_effective = NAN,
                                         .beta_low = NAN,
                                         .beta_high = NAN,
                                         .energy = unknown,
                                         .magnetization = unknown,
                                         .chain_correlation = NAN,
                                         .total_variation = NAN,
                                         .total_variation_noise = NAN,
                                         .exact_energy = NAN};
    const struct glb_certificate *c = certificate ? certificate : &none;
    char doubts[128];
    json_bool(out, "certificate", certificate != NULL);
    json_int(out, "certificate_chains", c->chains);
    json_real(out, "beta_effective", c->beta_effective);
    json_real(out, "beta_low", c->beta_low);
    json_real(out, "beta_high", c->beta_high);
    json_int(out, "beta_decisions", c->decisions);
    json_real(out, "energy_half_width", c->energy.half_width);
    json_real(out, "energy_tau", c->energy.tau);
    json_real(out, "energy_tau_error", c->energy.tau_error);
    json_real(out, "energy_ess", c->energy.ess);
    json_real(out, "energy_r_hat", c->energy.r_hat);
    json_real(out, "magnetization_mean", c->magnetization.mean);
    json_real(out, "magnetization_half_width", c->magnetization.half_width);
    json_real(out, "magnetization_tau", c->magnetization.tau);
    json_real(out, "magnetization_tau_error", c->magnetization.tau_error);
    json_real(out, "magnetization_ess", c->magnetization.ess);
    json_real(out, "magnetization_r_hat", c->magnetization.r_hat);
    json_int(out, "frozen_chains", c->frozen_chains);
    json_int(out, "frozen_pbits", c->frozen_pbits);
    json_real(out, "chain_correlation", c->chain_correlation);
    json_real(out, "total_variation", c->total_variation);
    json_real(out, "total_variation_noise", c->total_variation_noise);
    json_real(out, "exact_energy", c->exact_energy);
    sample_doubts(c->doubts, doubts, sizeof doubts);
    json_text(out, "doubts", doubts);
}

/* The best states' energies in the convention's units and their counts. */
static void print_top(struct json *out, const struct best_states *b) {
    double *energy = malloc(2 * ((size_t)b->count + 1) * sizeof *energy);
    if (!energy)
        return;
    double *count = energy + b->count;
    for (int k = 0; k < b->count; k++) {
        energy[k] = b->state[k].energy;
        count[k] = (double)b->state[k].count;
    }
    json_reals(out, "top_energies", energy, b->count);
    json_reals(out, "top_counts", count, b->count);
    free(energy);
}

void sample_print_json(const struct sample_run *run, const struct glb_result *r) {
    struct json out;
    char hash[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)run->g->hash);
    json_begin(&out, stdout);
    json_text(&out, "command", run->command);
    json_int(&out, "pbits", r->pbits);
    json_int(&out, "couplings", r->couplings);
    json_int(&out, "colours", r->colours);
    json_int(&out, "chains", r->chains);
    json_int(&out, "samples", r->samples);
    if (!run->set.schedule)
        json_real(&out, "beta", run->set.beta);
    else { /* the last one: where the run ends */
        json_real(&out, "beta", run->set.schedule[run->set.steps - 1].beta);
        json_real(&out, "beta_first", run->set.schedule[0].beta);
    }
    json_uint(&out, "seed", run->set.seed);
    json_uint(&out, "sweeps", r->sweeps);
    json_uint(&out, "flips", r->updates);
    json_uint(&out, "cycles", r->clocks);
    json_real(&out, "flips_per_cycle", r->updates_per_clock);
    json_real(&out, "coupling_updates_per_cycle", r->coupling_updates_per_clock);
    json_real(&out, "seconds", r->seconds);
    json_real(&out, "mean_energy", r->mean_energy);
    json_real(&out, "mean_energy_stderr", r->mean_energy_stderr);
    json_real(&out, "best_energy", r->best_energy);
    if (run->g->convention == GLB_MAXCUT)
        json_real(&out, "best_cut", -r->best_energy);
    json_reals(&out, "magnetization", r->magnetization, r->pbits);
    if (run->temper)
        temper_json_ladder(&out, run);
    if (run->o.top)
        print_top(&out, &run->best);
    if (run->set.statistics)
        sample_json_statistics(&out, r);
    json_real(&out, "u", run->precision.u);
    json_real(&out, "j_rms_error", run->precision.j_rms_error);
    json_real(&out, "j_max_error", run->precision.j_max_error);
    json_real(&out, "h_max_error", run->precision.h_max_error);
    json_int(&out, "couplings_nonzero", run->precision.couplings_nonzero);
    json_int(&out, "couplings_zeroed", run->precision.couplings_zeroed);
    json_real(&out, "field_error", run->precision.field_error);
    json_real(&out, "field_error_beta", sample_field_error(run));
    json_real(&out, "precise_beta", run->precision.beta);
    json_int(&out, "couplings_cut", run->precision.couplings_cut);
    json_int(&out, "entries_added", run->precision.entries_added);
    json_int(&out, "helpers", run->precision.helpers);
    print_certificate(&out, glb_sampler_certificate(run->s));
    json_text(&out, "convention", glb_convention_name(run->g->convention));
    json_text(&out, "array", run->p->array.name);
    json_text(&out, "graph_hash", hash);
    json_text(&out, "states_sha256", r->states_sha256 ? r->states_sha256 : "");
    json_text(&out, "device", glb_device_describe(run->d));
    json_bool(&out, "stopped", r->stopped);
    json_bool(&out, "reached", r->reached);
    json_text(&out, "version", glb_version());
    json_end(&out);
}
