/* glauber/certificate.h: what a run's samples say of themselves; part of glauber.h.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Formulas, their sources and what the figures can miss: docs/sampling.md. Nothing here changes a
 * sample. */
#ifndef GLAUBER_CERTIFICATE_H
#define GLAUBER_CERTIFICATE_H

#include <glauber/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An observable over the chains of the certificate; NaN where the samples do not tell. */
struct glb_observable {
    double mean, half_width; /* of the 95 % interval, from the spread of the chains' means */
    double tau, tau_error;   /* integrated autocorrelation time in samples, 1/2 if they are
                                independent, and its standard error */
    double ess;              /* effective sample size, all chains: samples / (2 tau) */
    double r_hat;            /* split R-hat; 1 if all halves of chains agree, infinite if they are
                                constant and differ */
};

/* What is doubtful, as bits of glb_certificate.doubts. */
enum glb_doubt {
    GLB_DOUBT_BETA = 1,         /* effective and asked beta differ: the 99.99 % interval does not
                                   hold it, and by more than 1 % */
    GLB_DOUBT_FROZEN = 2,       /* chains whose state never changed, or p-bits */
    GLB_DOUBT_SHORT = 4,        /* a chain has less than 20 autocorrelation times, or its
                                   autocorrelation does not fall off within the run */
    GLB_DOUBT_CHAINS = 8,       /* R-hat above 1.1: chains, or their halves, disagree */
    GLB_DOUBT_CORRELATED = 16,  /* two chains move together, as independent ones do in one run of
                                   10,000 */
    GLB_DOUBT_DISTRIBUTION = 32 /* total variation or mean energy are not the exact ones */
};

struct glb_certificate {
    size_t size;
    int chains;      /* that it rests on: the first 512 or fewer, but for beta all */
    int64_t samples; /* a chain */
    double beta;     /* asked */
    /* The beta at which the p-bits' states, given their neighbours', are most likely under the
     * couplings and biases as given (pseudolikelihood), with its 95 % interval; of `decisions`
     * states of p-bits. */
    double beta_effective, beta_low, beta_high;
    int64_t decisions;
    struct glb_observable energy;        /* input's units and sign */
    struct glb_observable magnetization; /* mean spin of all p-bits */
    int frozen_chains;                   /* whose state never changed */
    int frozen_pbits;         /* that half of the chains or more never changed, at values that
                                 differ between these chains */
    double chain_correlation; /* of two chains' energies or magnetisations at equal times: the
                                 largest by magnitude of the first 64 chains */
    /* Of at most 20 free p-bits: total variation distance of the sampled states to P(m) ~ exp(-beta
     * E), what as many independent samples would have, and the exact mean energy; else NaN. */
    double total_variation, total_variation_noise, exact_energy;
    unsigned doubts; /* enum glb_doubt */
};

#ifdef __cplusplus
}
#endif

#endif
