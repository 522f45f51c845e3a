/* glauber/sampler.h: sampling and annealing; part of glauber.h. SPDX-License-Identifier: Apache-2.0
 *
 * A run has `chains` independent Markov chains at one inverse temperature or along a schedule. A
 * sweep updates every p-bit that is not clamped once; a sample is the state of one chain at one
 * sampling point, which all chains share. Boards of an array run side by side or, if the device has
 * fewer, one after the other: `chains` is a multiple of a board's. */
#ifndef GLAUBER_SAMPLER_H
#define GLAUBER_SAMPLER_H

#include <glauber/certificate.h>
#include <glauber/device.h>
#include <glauber/graph.h>
#include <glauber/program.h>

#ifdef __cplusplus
extern "C" {
#endif

struct glb_sampler;

/* ---- settings of a run ---- */

struct glb_step {
    double beta;     /* >= 0, finite */
    uint32_t sweeps; /* >= 1 */
};

/* One sample of one chain. bits[(n + 7) / 8]: p-bit i is bit i % 8 of bits[i / 8], 1 is +1, bits
 * beyond n are 0. energy: input's units and sign, before quantisation. */
typedef int (*glb_chain_fn)(void *user, int64_t sample, int chain, const uint8_t *bits,
                            double energy);

/* One sample of up to 64 chains, first_chain .. first_chain + chains - 1. Valid during the call. */
struct glb_sample_block {
    size_t size;
    int64_t sample; /* 0 .. */
    int first_chain, chains;
    const uint64_t *planes; /* [n]: bit c of planes[i] is p-bit i of chain first_chain + c */
    const uint8_t *rows;    /* [chains][row_bytes], each as a glb_chain_fn's bits */
    size_t row_bytes;       /* (n + 7) / 8 */
    const double *energies; /* [chains] */
};
typedef int (*glb_block_fn)(void *user, const struct glb_sample_block *block);

/* Part of the run's sweeps that is done, 0 .. 1, and the best energy of a sample so far (+infinity
 * without one). */
typedef int (*glb_progress_fn)(void *user, double fraction, double best_energy);

/* Callbacks come from the thread that runs: the caller of glb_sampler_run(), or the one that
 * glb_sampler_start() started. A non-zero return ends the run, which is then `stopped`. They must
 * not call functions of the running sampler other than glb_sampler_cancel() and
 * glb_sampler_poll(). */
struct glb_settings {
    size_t size;
    double beta; /* inverse temperature, >= 0, P(m) ~ exp(-beta E) with E in the form of J and h:
                    of a GLB_MAXCUT graph E changes by twice what the cut does; not used with a
                    schedule */
    const struct glb_step *schedule; /* [steps], or NULL; the caller's */
    int steps;
    uint32_t burn_in;  /* sweeps before the first sampling interval */
    uint32_t interval; /* sweeps from one sample to the next, >= 1 */
    int64_t samples;   /* a chain, 0 .. 2^32 - 1; with a schedule 0: as many as it has room for */
    int chains;        /* 1 .. 2^20, rounded up to whole boards; 0: one board */
    int first_board; /* >= 0: boards of other processes before this run's. Board b of this run gets
                        the seed and the random start of board first_board + b of one large run */
    uint64_t seed;
    const int8_t *clamp; /* [n][clamp_columns]: -1, +1 or 0 (free); free in one column is free in
                            all. NULL: none. The caller's */
    int clamp_columns;   /* 1, or one a chain (chain c uses column c mod clamp_columns) */
    const int8_t *init;  /* [n][init_columns]: -1 or +1, 0 random. NULL: all random. The caller's */
    int init_columns;
    double stop_energy; /* stop after the first sampling point with an energy <= this; NaN: never */

    glb_chain_fn on_sample;      /* or NULL: every chain of every sample */
    glb_block_fn on_block;       /* or NULL: the same in blocks of up to 64 chains */
    glb_progress_fn on_progress; /* or NULL: once before the first sweep, at most 50 times a second
                                    during the run (burn-in too), once at its end */
    void *user;                  /* passed to all */

    /* Where every sample is stored, or NULL: bits [samples][chains][(n + 7) / 8] laid out as a
     * glb_chain_fn's, energies [samples][chains]; samples and chains as glb_sampler_samples() and
     * glb_sampler_chains() tell. The sizes, in bytes and in values, may be larger. What a run that
     * ends early does not reach is 0 and NaN. The caller's. */
    uint8_t *bits;
    size_t bits_bytes;
    double *energies;
    size_t energies_count;

    /* 1: the result has counts, and means and correlations from them. If the program counts
     * (glb_compile_options.count) and nothing else asks for samples (no callback on them, no
     * arrays, no stop_energy), the array counts and no sample leaves the device; otherwise the host
     * counts them: the same numbers. A job has at most 65535 / (the array's chains) samples then,
     * each with seeds of its own (glb_job_seed()), so longer runs have other samples than without
     * statistics. */
    int statistics;
    /* 1: the run makes a certificate, see glb_sampler_certificate(), unless only counts are asked
     * for; 0: none */
    int certificate;
};

/* size (sizeof *s) and defaults: beta 1, burn-in 100, interval 1, 100 samples, one board, seed 1,
 * nothing clamped, random start, no stop energy, nothing called, nothing stored, a certificate. */
GLB_API void glb_settings_init(struct glb_settings *s, size_t size);

/* ---- results ---- */

struct glb_result {
    size_t size;
    int pbits, couplings, colours;
    int chains;
    int64_t samples;  /* a chain */
    uint64_t sweeps;  /* a chain */
    uint64_t updates; /* of p-bits, all chains; clamped ones count */
    uint64_t clocks;  /* of the array, added up over boards */
    uint64_t stalls;  /* clocks lost because the output was full */
    double updates_per_clock, coupling_updates_per_clock;
    double seconds;                         /* wall clock of the run */
    double job_seconds;                     /* of that, without loading program and states */
    double job_cpu_seconds;                 /* processor time of job_seconds, all threads */
    double mean_energy, mean_energy_stderr; /* the error from the spread of the chains' means; NaN
                                               without samples */
    double best_energy;
    const int8_t *best_spins;    /* [pbits] -1/+1 of the best sample */
    const double *magnetization; /* [pbits] mean spin; NaN without samples */
    int saturated;               /* couplings and biases outside the array's number range */
    int stopped; /* 1: ended before all samples: glb_sampler_cancel(), a callback or stop_energy */
    int reached; /* 1: stop_energy was reached */
    /* With settings.statistics, else 0 and NULL. mean_energy and magnetization then follow from the
     * counts; best_energy and mean_energy_stderr are NaN and best_spins 0 unless something else
     * asked for samples. All of it covers the samples that a run which ended early counted. */
    int64_t counted;             /* samples of all chains together */
    const int64_t *up_counts;    /* [pbits] of these, those with the p-bit at +1 */
    const int64_t *agree_counts; /* [couplings] those in which its two p-bits are equal; in the
                                    order of glb_graph_coupling_i() */
    const double *correlations;  /* [couplings] mean of m_i m_j: 2 agree_counts / counted - 1; NaN
                                    without samples */
    const char *host_counts;     /* why the host counted, static; NULL: the array did */
    /* SHA-256 of the last sample: 64 hexadecimal digits over the states of chain 0, 1, .., each as
     * a glb_chain_fn's bits. NULL: that sample did not come, or only counts were asked for */
    const char *states_sha256;
};

/* ---- samplers ---- */

/* Opens the device and compiles g for its array with default options. array NULL: the one that a
 * board has; of emulators ulx3s-85, or big if g does not fit that. g must live as long as the
 * sampler. Close with glb_sampler_close(). */
GLB_API enum glb_status glb_sampler_open(const struct glb_graph *g, const char *device,
                                         const char *array, struct glb_sampler **out);

/* The same from a program of g and a device that the caller made and keeps alive; several samplers
 * may share them in turn. GLB_ERR_ARGUMENT if the program is of another graph. */
GLB_API enum glb_status glb_sampler_new(const struct glb_graph *g, struct glb_program *p,
                                        struct glb_device *d, struct glb_sampler **out);

/* The program it runs, for glb_program_precision() and glb_program_effective(); the sampler's. */
GLB_API const struct glb_program *glb_sampler_program(const struct glb_sampler *s);

/* Ends a started run first. */
GLB_API void glb_sampler_close(struct glb_sampler *s);

/* Chains of a board, and chains and samples a chain that a run with `settings` will have (0 if it
 * would be refused). */
GLB_API int glb_sampler_board_chains(const struct glb_sampler *s);
GLB_API int glb_sampler_chains(const struct glb_sampler *s, const struct glb_settings *settings);
GLB_API int64_t glb_sampler_samples(const struct glb_sampler *s,
                                    const struct glb_settings *settings);

/* The next runs use the weights of g: the sampler's own graph after glb_graph_set_weights(), or
 * another with the same couplings, which must live as long as the sampler. They are quantised with
 * the program's unit, so no compiling; *saturated (may be NULL) counts the values outside the
 * range.
 */
GLB_API enum glb_status glb_sampler_set_weights(struct glb_sampler *s, const struct glb_graph *g,
                                                int *saturated);

/* Runs. GLB_OK also when a callback, glb_sampler_cancel() or stop_energy ended it early (see
 * result.stopped); the result then covers the samples that came. Deterministic given graph, array,
 * program options and settings. */
GLB_API enum glb_status glb_sampler_run(struct glb_sampler *s, const struct glb_settings *settings);

/* Runs with settings->bits and energies replaced by these: see there for sizes. Either may be NULL.
 */
GLB_API enum glb_status glb_sampler_collect(struct glb_sampler *s,
                                            const struct glb_settings *settings, uint8_t *bits,
                                            size_t bits_bytes, double *energies,
                                            size_t energies_count);

/* Of the last run, valid until the next one begins or the sampler is closed; never NULL. While a
 * started run goes on: only after glb_sampler_wait(). */
GLB_API const struct glb_result *glb_sampler_result(const struct glb_sampler *s);

/* What the last run's samples say of temperature, mixing and distribution; as long valid as its
 * result. NULL: none was asked for, there were no samples, they have several temperatures, or no
 * p-bit is free. */
GLB_API const struct glb_certificate *glb_sampler_certificate(const struct glb_sampler *s);

/* ---- runs in the background ---- */

/* Checks the settings and runs in a thread of its own; the settings are copied, but what they point
 * to must live until glb_sampler_wait(). Only glb_sampler_poll(), glb_sampler_cancel() and
 * glb_sampler_wait() may be called meanwhile, the others answer GLB_ERR_ARGUMENT. */
GLB_API enum glb_status glb_sampler_start(struct glb_sampler *s,
                                          const struct glb_settings *settings);

/* 1 while a started run goes on, 0 otherwise; *fraction and *best_energy (may be NULL) as a
 * glb_progress_fn gets them. For any thread. */
GLB_API int glb_sampler_poll(const struct glb_sampler *s, double *fraction, double *best_energy);

/* Waits for the started run and returns what glb_sampler_run() would have. GLB_ERR_ARGUMENT without
 * one, and from inside its callbacks. */
GLB_API enum glb_status glb_sampler_wait(struct glb_sampler *s);

/* Ends the run in progress. Without one, the next glb_sampler_run() ends before its first sweep;
 * glb_sampler_start() drops such earlier calls. For any thread and for signal handlers: it stores
 * to a lock-free atomic and does nothing else. The emulator looks at it before every sweep of 512
 * chains (some milliseconds on the largest array), of all chains while the array counts; a device
 * behind a line is asked to abort at its next sample, at the latest after a second without one. */
GLB_API void glb_sampler_cancel(struct glb_sampler *s);

/* The seed of one job on one board, from the user's seed (splitmix64). */
GLB_API uint64_t glb_job_seed(uint64_t user_seed, uint32_t board, uint32_t job);

#ifdef __cplusplus
}
#endif

#endif
