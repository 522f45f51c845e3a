/* A run's certificate for people. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include "tool/sample/sample_run.h"

static const struct {
    unsigned doubt;
    const char *name, *meaning;
} doubts[] = {
    {GLB_DOUBT_BETA, "beta",
     "the samples are those of another temperature or of other couplings (see precision), or the "
     "run has not settled: a longer --burn-in"},
    {GLB_DOUBT_FROZEN, "frozen",
     "whole chains, or p-bits that chains hold at different values, never changed: beta is too "
     "high to move them"},
    {GLB_DOUBT_SHORT, "short",
     "a chain has fewer than 20 autocorrelation times: more --samples or a longer --interval"},
    {GLB_DOUBT_CHAINS, "chains", "chains disagree, R-hat is above 1.1: a longer run"},
    {GLB_DOUBT_CORRELATED, "correlated",
     "chains move together; unless all follow one slow trend, they are not independent"},
    {GLB_DOUBT_DISTRIBUTION, "distribution",
     "the sampled states are not distributed as P(m) ~ exp(-beta E)"},
};
enum { DOUBTS = sizeof doubts / sizeof doubts[0] };

void sample_doubts(unsigned bits, char *text, size_t size) {
    size_t used = 0;
    text[0] = 0;
    for (int k = 0; k < DOUBTS; k++)
        if (bits & doubts[k].doubt && used < size)
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s", used ? " " : "", doubts[k].name);
}

static void print_observable(FILE *f, const char *name, const struct glb_observable *o) {
    fprintf(f,
            "%s mean %.6g, 95 %% +- %.3g; autocorrelation time %.3g +- %.2g samples, %.4g "
            "independent ones, R-hat %.4g\n",
            name, o->mean, o->half_width, o->tau, o->tau_error, o->ess, o->r_hat);
}

void sample_print_certificate(const struct sample_run *run) {
    const struct glb_certificate *c = glb_sampler_certificate(run->s);
    FILE *f = run->report;
    if (!c)
        return;
    fprintf(f, "beta       effective %.5g, 95 %% %.5g to %.5g, of %.5g\n", c->beta_effective,
            c->beta_low, c->beta_high, c->beta);
    print_observable(f, "mixing     energy:", &c->energy);
    print_observable(f, "           magnetisation:", &c->magnetization);
    if (!isnan(c->total_variation))
        fprintf(f, "exact      total variation %.4g (noise alone %.4g), mean energy %.9g\n",
                c->total_variation, c->total_variation_noise, c->exact_energy);
    for (int k = 0; k < DOUBTS; k++)
        if (c->doubts & doubts[k].doubt)
            fprintf(f, "doubt      %s: %s\n", doubts[k].name, doubts[k].meaning);
    if (!c->doubts)
        fputs("doubt      none\n", f);
}
