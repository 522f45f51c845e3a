/* glauber.h: sample and anneal sparse Boltzmann machines on a glauber array, emulated, simulated or
 * real. SPDX-License-Identifier: Apache-2.0
 *
 * A graph has n p-bits m_i in {-1,+1}, couplings J_ij and biases h_i, and the energy
 *
 *     E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i          P(m) ~ exp(-beta E).
 *
 * Files may follow another convention (enum glb_convention); reported energies are in the file's
 * units and sign.
 *
 * Use: make a graph, open a sampler on a device, run it, read the result (docs/example.c is a whole
 * program):
 *
 *     struct glb_graph *g = glb_graph_read("graph.mtx", NULL, GLB_BOLTZMANN);
 *     glb_sampler_open(g, "emu", "ulx3s-85", &s);
 *     glb_settings_init(&settings);
 *     glb_sampler_run(s, &settings);
 *     glb_sampler_result(s)->mean_energy ...
 *
 * Errors: functions return enum glb_status (0 is good) or NULL; glb_error() then says in words what
 * is wrong. Handles are opaque. Whoever gets a handle from a function frees it with the function
 * named there; pointers got from a handle live as long as it. A handle must not be used by two
 * threads at once; different handles may. The same graph, array, settings and seed give the same
 * bits on every device. */
#ifndef GLAUBER_H
#define GLAUBER_H

#include <stddef.h>
#include <stdint.h>

/* Of this header; glb_version_number() is the library's. */
#define GLB_VERSION_MAJOR 0
#define GLB_VERSION_MINOR 2
#define GLB_VERSION_PATCH 0
#define GLB_VERSION_NUMBER (GLB_VERSION_MAJOR * 10000 + GLB_VERSION_MINOR * 100 + GLB_VERSION_PATCH)

/* Before every function of the library. */
#if defined _WIN32 && defined GLB_BUILDING
#define GLB_API __declspec(dllexport)
#elif defined _WIN32
#define GLB_API
#else
#define GLB_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum glb_status {
    GLB_OK = 0,
    GLB_ERR_ARGUMENT, /* a value out of its range; the message names it */
    GLB_ERR_FILE,     /* a file cannot be read or written */
    GLB_ERR_FORMAT,   /* a file's content is not what it should be */
    GLB_ERR_MEMORY,   /* out of memory */
    GLB_ERR_FIT,    /* the graph does not fit the array; the message says which resource and by how
                       much */
    GLB_ERR_DEVICE, /* the device answered with an error or not at all */
    GLB_ERR_PROTOCOL, /* bytes from the device that the protocol does not allow, or another version
                       */
    GLB_ERR_INTERRUPTED, /* stopped by the caller */
    GLB_ERR_UNSUPPORTED  /* not possible with this device or build */
};

/* Short name of a status. */
GLB_API const char *glb_status_name(enum glb_status s);

/* Message of the last failed call in this thread; never NULL. */
GLB_API const char *glb_error(void);

/* Version of the library, "major.minor.patch", and as one number, 10000 major + 100 minor + patch.
 */
GLB_API const char *glb_version(void);
GLB_API int glb_version_number(void);
/* The commit it was built from, "-dirty" behind it if the tree was changed; the version if unknown.
 */
GLB_API const char *glb_revision(void);

/* ---- graphs ---- */

struct glb_graph;

enum glb_convention {                /* how a file's numbers become J and h (docs/conventions.md) */
                      GLB_BOLTZMANN, /* E = -sum J m m - sum h m (default) */
                      GLB_ZTE_2,     /* E = -sum J m m + sum h m: h is negated */
                      GLB_ZTE_34,    /* m = sgn(tanh(-beta I) - rand), I = sum J m + h: both are
                                        negated */
                      GLB_QUBO,      /* E = sum_{i<j} Q_ij x_i x_j + sum_i Q_ii x_i, x in {0,1}; a
                                        symmetric file has each i<j once */
                      GLB_MAXCUT     /* cut = sum_{i<j} w_ij (1 - m_i m_j)/2 is maximised: J = -w */
};

/* By name: boltzmann, zte-2, zte-34, qubo, maxcut. Returns 0, or -1 for an unknown name. */
GLB_API int glb_convention_parse(const char *name, enum glb_convention *c);
GLB_API const char *glb_convention_name(enum glb_convention c);

/* Reads MatrixMarket or G-set/rudy text (told apart by content); bias_path: MatrixMarket array n x
 * 1, or NULL for no biases. NULL on error. Free with glb_graph_free(). */
GLB_API struct glb_graph *glb_graph_read(const char *path, const char *bias_path,
                                         enum glb_convention c);

/* A generated graph: family pegasus, chimera, zephyr, torus2d, torus3d, regular, complete, ...;
 * args "key=value,..." as in `glauber graph --help`; NULL on error. Free with glb_graph_free(). */
GLB_API struct glb_graph *glb_graph_generate(const char *family, const char *args, uint64_t seed);

/* A graph from arrays: n >= 1 p-bits, m couplings J[k] between i[k] and j[k] (0 .. n-1, i != j;
 * duplicates add up), biases h[n] or NULL. The arrays are copied. NULL on error. Free with
 * glb_graph_free(). */
GLB_API struct glb_graph *glb_graph_from_arrays(int n, int m, const int32_t *i, const int32_t *j,
                                                const double *J, const double *h);

GLB_API void glb_graph_free(struct glb_graph *g);

/* Writes the couplings as MatrixMarket (or as rudy text if path ends in .rud) and, if bias_path is
 * not NULL, the biases as MatrixMarket. Numbers are J and h of the boltzmann convention; those of a
 * max-cut graph are its weights. */
GLB_API enum glb_status glb_graph_write(const struct glb_graph *g, const char *path,
                                        const char *bias_path);

GLB_API int glb_graph_pbits(const struct glb_graph *g);     /* n */
GLB_API int glb_graph_couplings(const struct glb_graph *g); /* m */
GLB_API uint64_t glb_graph_hash(const struct glb_graph *g); /* of n, edges, J and h */

/* Energy of spins[n] (-1 or +1) in the units and sign of the input's convention (maxcut: minus the
 * cut). */
GLB_API double glb_graph_input_energy(const struct glb_graph *g, const int8_t *spins);

/* ---- devices ---- */

struct glb_device;

/* Opens a device: "emu", the bit-exact emulator, or "sim", the Verilated RTL (built by `make sim`).
 * array: a name of `glauber info --arrays`, for example "ulx3s-85". Close with glb_device_close().
 */
GLB_API enum glb_status glb_device_open(const char *device, const char *array,
                                        struct glb_device **out);
GLB_API void glb_device_close(struct glb_device *d);

/* What it is, in words. */
GLB_API const char *glb_device_describe(struct glb_device *d);

/* From now on writes a waveform (FST) of a simulated device; GLB_ERR_UNSUPPORTED for others. NULL
 * ends it. */
GLB_API enum glb_status glb_device_trace(struct glb_device *d, const char *path);

/* ---- programs: a graph compiled for an array ---- */

struct glb_program;

/* Compiles with default options (effort 0 quick .. 2 thorough). Free with glb_program_free(). */
GLB_API enum glb_status glb_program_compile(const struct glb_graph *g, const char *array,
                                            int effort, struct glb_program **out);
GLB_API void glb_program_free(struct glb_program *p);

/* Program files (.glbp, HDF5). */
GLB_API enum glb_status glb_program_save(const struct glb_program *p, const char *path);
GLB_API enum glb_status glb_program_load(const char *path, struct glb_program **out);

GLB_API int glb_program_colours(const struct glb_program *p);

/* ---- samplers ---- */

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

/* Default range of beta for annealing this graph: hot enough to move everything, cold enough to
 * freeze. */
GLB_API void glb_beta_range(const struct glb_graph *g, double *beta_hot, double *beta_cold);

#ifdef __cplusplus
}
#endif

#endif
