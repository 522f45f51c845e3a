/* glauber/tempering.h: replica exchange (parallel tempering); part of glauber.h.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A ladder has a replica of the graph at each of T inverse temperatures. A round is a number of
 * sweeps of all replicas and then an attempt to exchange the states of neighbours at betas b < b'
 * with energies E and E', accepted with probability min(1, exp((b' - b) (E' - E))). Pairs whose
 * lower one is even and those where it is odd take turns (deterministic even-odd exchange: Syed,
 * Bouchard-Cote, Deligiannidis and Doucet, J. Royal Stat. Soc. B 84, 2022, p. 321), so that states
 * travel from one end of the ladder to the other and back.
 *
 * Each chain of a board is one replica, the boards of a temperature share it: a run has `chains`
 * ladders, independent of each other without cluster moves. The decision is made in whole numbers
 * from the couplings as the array has them, so a run has the same bits on every device. */
#ifndef GLAUBER_TEMPERING_H
#define GLAUBER_TEMPERING_H

#include <glauber/sampler.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GLB_MOST_TEMPERATURES 256

struct glb_tempering {
    size_t size;
    const double *betas;   /* [temperatures] >= 0, ascending, the ladder; or NULL: it reaches from
                              beta_hot to the settings' beta and is tuned. The caller's */
    int temperatures;      /* 2 .. GLB_MOST_TEMPERATURES; 0 (only without betas): chosen in the
                              warm-up, about 2 x barrier + 1, at most most_temperatures */
    int most_temperatures; /* 4 .. GLB_MOST_TEMPERATURES */
    double beta_hot;       /* > 0, below the settings' beta; 0: from the couplings, see
                              glb_beta_range() */
    int cluster_moves; /* 1: once a round, between two random ladders of a board at one temperature,
                          a cluster of p-bits in which the two differ changes sides (Houdayer, Eur.
                          Phys. J. B 22, 2001, p. 479); after the warm-up at those cold temperatures
                          at which one cluster of twenty does not percolate (Zhu, Ochoa and
                          Katzgraber, Phys. Rev. Lett. 115, 2015, 077201). The sum of both
                          energies stays. The chains of a board are then not independent of each
                          other, those of different boards are */
    double seconds;    /* > 0: the run ends after the round in which so much time has passed, and
                          the warm-up after a third of it at the latest; 0: no limit. Rounds then
                          depend on the machine, the bits of each do not */
    glb_block_fn on_look; /* or NULL: the states of all replicas at the end of every round, warm-up
                             too, before the exchange. `sample` is the round, first_chain counts
                             replicas: temperature x chains + chain; rows is NULL */
};

/* size (sizeof *t) and defaults: a tuned ladder of at most 64 temperatures, the hot end from the
 * couplings, no cluster moves, no limit of time. */
GLB_API void glb_tempering_init(struct glb_tempering *t, size_t size);

struct glb_ladder {
    size_t size;
    int temperatures, chains;    /* replicas of a ladder; ladders */
    int64_t warm_up, rounds;     /* done; rounds without those of the warm-up */
    const double *beta;          /* [temperatures] ascending, as the array has them */
    const double *mean_energy;   /* [temperatures] of the rounds; input's units and sign; NaN
                                    without one */
    const double *energy_stderr; /* [temperatures] from the spread of the ladders' means; with
                                    cluster moves from that of the boards' means, if there are
                                    several, at least that of 16 to 32 parts of the run */
    const double *acceptance;    /* [temperatures - 1] share of accepted exchanges of t and t + 1,
                                    of the rounds; NaN without an attempt */
    double barrier;              /* sum of 1 - acceptance: the communication barrier (Syed et al.,
                                    section 4), at most temperatures - 1 */
    int64_t arrivals;    /* of states at the coldest temperature from the hottest; all ladders */
    int64_t round_trips; /* of states from the hottest to the coldest and back */
    int tuned;           /* how often the warm-up has set the ladder anew */
    int cluster_first;   /* cluster moves at the temperatures from here on; `temperatures`: none */
    double cluster_size; /* mean p-bits of a cluster at these; NaN without a move */
};

/* Runs ladders. Of the settings, beta is the cold end (not used with tempering->betas), interval
 * the sweeps of a round, burn_in the sweeps of the warm-up, rounded up to rounds, samples the
 * rounds after it, each of which gives a sample of each ladder's coldest replica, and chains the
 * ladders. Best energy and stop_energy are those of all replicas at the end of every round, warm-up
 * included; where couplings were rounded, true energies are taken of states whose rounded energy is
 * within four rms errors of the lowest one. GLB_ERR_ARGUMENT for a schedule, statistics and a
 * first_board, and for a program that does not update all p-bits or is
 * precise (docs/precision.md).
 *
 * The warm-up tunes the ladder after 16, 48, 112, ... rounds so that acceptances become equal (Syed
 * et al., section 5); from its end on the ladder stays. glb_sampler_result() and
 * glb_sampler_certificate() are of the coldest replicas' samples, but updates, clocks and times of
 * all replicas and the whole run, sweeps those of one in the whole run. glb_sampler_cancel() and a
 * callback's non-zero return end the run, which keeps the rounds that are whole. */
GLB_API enum glb_status glb_sampler_temper(struct glb_sampler *s,
                                           const struct glb_settings *settings,
                                           const struct glb_tempering *tempering);

/* The same in a thread of its own, as glb_sampler_start() runs: glb_sampler_poll(),
 * glb_sampler_cancel() and glb_sampler_wait() are of this run, and betas must live until the
 * latter, too. */
GLB_API enum glb_status glb_sampler_temper_start(struct glb_sampler *s,
                                                 const struct glb_settings *settings,
                                                 const struct glb_tempering *tempering);

/* Of the last glb_sampler_temper(), or glb_sampler_temper_start() once it was waited for; valid
 * until the next run or until the sampler is closed; NULL if the last run was none or failed. */
GLB_API const struct glb_ladder *glb_sampler_ladder(const struct glb_sampler *s);

#ifdef __cplusplus
}
#endif

#endif
