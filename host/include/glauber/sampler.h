/* glauber/sampler.h: sampling and annealing; part of glauber.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLAUBER_SAMPLER_H
#define GLAUBER_SAMPLER_H

#include <glauber/device.h>
#include <glauber/graph.h>
#include <glauber/program.h>

#ifdef __cplusplus
extern "C" {
#endif

struct glb_sampler;

struct glb_step {
    double beta;     /* >= 0 */
    uint32_t sweeps; /* >= 1 */
};

/* One sample of one chain. bits: p-bit i is bit i % 8 of bits[i / 8], 1 is +1. energy: input's
 * convention, before quantisation. */
typedef int (*glb_chain_fn)(void *user, long sample, int chain, const uint8_t *bits, double energy);

/* Fraction of the work done, 0 .. 1, and the best energy so far. */
typedef int (*glb_progress_fn)(void *user, double fraction, double best_energy);

struct glb_settings {
    double beta; /* inverse temperature, >= 0, units of 1/energy; used when there is no schedule */
    const struct glb_step *schedule; /* [steps], or NULL; the caller's */
    int steps;
    uint32_t burn_in;  /* sweeps before the first sampling interval */
    uint32_t interval; /* sweeps from one sample to the next, >= 1 */
    long samples;      /* a chain, >= 0; with a schedule 0 means as many as it has room for */
    int chains;        /* >= 1, rounded up to whole boards; 0: one board */
    uint64_t seed;
    const int8_t *clamp; /* [n][clamp_columns]: -1, +1 or 0 (free); free in one column is free in
                            all. NULL: none. The caller's */
    int clamp_columns;   /* 1, or one a chain (chain c uses column c mod clamp_columns) */
    const int8_t *init;  /* [n][init_columns]: -1 or +1, 0 random. NULL: all random. The caller's */
    int init_columns;
    double stop_energy;     /* stop after the first sample with an energy <= this; NaN: never */
    glb_chain_fn on_sample; /* or NULL; a non-zero return stops the run */
    glb_progress_fn on_progress; /* or NULL; a non-zero return stops the run */
    void *user;                  /* passed to both */
};

/* beta 1, burn-in 100, interval 1, 100 samples, one board, seed 1, nothing clamped, random start,
 * no stop energy. */
GLB_API void glb_settings_init(struct glb_settings *s);

struct glb_result {
    int pbits, couplings, colours;
    int chains;
    long samples;    /* a chain */
    uint64_t sweeps; /* a chain */
    uint64_t flips;  /* p-bit updates, all chains */
    uint64_t cycles; /* clocks, added up over boards */
    uint64_t stalls; /* clocks lost because the output was full */
    double flips_per_cycle, coupling_updates_per_cycle;
    double seconds;                         /* wall clock of the run, without compiling */
    double job_seconds;                     /* of that, without loading program and states */
    double job_cpu_seconds;                 /* processor time of job_seconds, all threads */
    double mean_energy, mean_energy_stderr; /* the error from the spread of the chains' means; NaN
                                               without samples */
    double best_energy;
    const int8_t *best_spins;    /* [pbits] -1/+1 of the best sample */
    const double *magnetization; /* [pbits] mean spin, input order */
    int saturated;               /* couplings and biases outside the array's number range */
    int stopped; /* 1: ended before all samples: glb_sampler_cancel(), a callback or stop_energy */
    int reached; /* 1: stop_energy was reached */
};

/* Compiles g for the array and opens the device. g must live as long as the sampler. Close with
 * glb_sampler_close(). */
GLB_API enum glb_status glb_sampler_open(const struct glb_graph *g, const char *device,
                                         const char *array, struct glb_sampler **out);

/* The same from a program and a device that the caller made and keeps alive; several samplers may
 * share them in turn. */
GLB_API enum glb_status glb_sampler_new(const struct glb_graph *g, struct glb_program *p,
                                        struct glb_device *d, struct glb_sampler **out);
GLB_API void glb_sampler_close(struct glb_sampler *s);

/* Runs. GLB_OK also when a callback, glb_sampler_cancel() or stop_energy ended it early (see
 * result.stopped); the result then covers the samples that came. Deterministic given graph, array,
 * program options and settings. */
GLB_API enum glb_status glb_sampler_run(struct glb_sampler *s, const struct glb_settings *settings);

/* Ends the run in progress; without one, the next glb_sampler_run() ends before its first sweep.
 * For any thread and for signal handlers: it stores to a lock-free atomic and does nothing else.
 * The emulator looks at it before every sweep of 512 chains (some milliseconds on the largest
 * array); a device behind a line is asked to abort at its next sample, at the latest after a second
 * without one. */
GLB_API void glb_sampler_cancel(struct glb_sampler *s);

/* Chains that `settings` will get (rounded up to whole boards). */
GLB_API int glb_sampler_chains(const struct glb_sampler *s, const struct glb_settings *settings);

/* Of the last run; never NULL. */
GLB_API const struct glb_result *glb_sampler_result(const struct glb_sampler *s);

/* The seed of one job on one board, from the user's seed (splitmix64). */
GLB_API uint64_t glb_job_seed(uint64_t user_seed, uint32_t board, uint32_t job);

#ifdef __cplusplus
}
#endif

#endif
