/* glauber/program.h: programs, which are graphs compiled for an array; part of glauber.h.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program holds the array's memory images and the weights, quantised. New weights for the same
 * couplings go into it without compiling. */
#ifndef GLAUBER_PROGRAM_H
#define GLAUBER_PROGRAM_H

#include <glauber/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

struct glb_program;

/* ---- compiling ---- */

#define GLB_MAX_SEGMENTS 16 /* of a program */
#define GLB_MAX_COPIES 64
#define GLB_MAX_EFFORT 3

/* The p-bits that one segment updates; their order inside it is the compiler's (by colour). */
struct glb_segment_spec {
    const int32_t *pbits; /* [count] 0 .. n-1; a p-bit may be in one segment only */
    int count;
};

struct glb_compile_options {
    size_t size;
    /* A sweep runs the segments one after the other; p-bits in none of them are never updated.
     * NULL: one segment with every p-bit. The caller's */
    const struct glb_segment_spec *segments;
    int nsegments;        /* 1 .. GLB_MAX_SEGMENTS, if there are specs */
    int copies;           /* of the graph side by side: more chains on one board; 0 or 1: one */
    double u;             /* accumulator's LSB in units of J and h, >= 0; 0: chosen from them */
    int worst_case_range; /* 1: refuse a u for which a field could wrap in any state; 0: for p-bits
                             of high degree six sigma of random states are enough */
    int hub_degree;       /* p-bits above this degree are split into partial sums; 0: chosen */
    uint64_t seed;        /* of placement's tie breaking */
    int effort; /* 0 quick .. GLB_MAX_EFFORT thorough; 2 needs 3 to 4 times the processor time of 1
                   for 1 % fewer clocks */
    int count;  /* 1: the array also counts in how many chains two coupled spins agree and each spin
                   is up, for every coupling and p-bit, if its memories have room for all of them
                   behind the sweep's; 0: it does not */
    /* The smallest and the largest inverse temperature that the program will run at; 0, 0: not
     * known, and nothing is cured. With them, where rounding changes the field of a p-bit by more
     * than `precision` / beta_most, the program becomes precise (docs/precision.md): couplings and
     * biases that decide at beta_least whatever the others are no longer set u, and couplings of
     * more than 127 steps take several entries. Fast programs stay as they are. */
    double beta_least, beta_most;
    /* Error of a p-bit's field (glb_precision.field_error) times beta_most that is accepted; 0:
     * 0.05; < 0: any, nothing is cured. With copies > 1 or u > 0 nothing is cured either. */
    double precision;
    int precision_strict; /* 1: GLB_ERR_FIT where the program's error is larger; 0: it is taken */
};

/* Effort 1, seed 1, everything else chosen by the compiler. */
GLB_API void glb_compile_options_init(struct glb_compile_options *o, size_t size);

/* Compiles g for an array; NULL: for ulx3s-85, or for big, which only the emulator has, if g does
 * not fit that; glb_program_info() tells which. o NULL: the defaults. The same graph, array and
 * options give the same program. GLB_ERR_FIT: the message names the resource, the need and the
 * limit, and what would fit. Free with glb_program_free(). */
GLB_API enum glb_status glb_program_compile(const struct glb_graph *g, const char *array,
                                            const struct glb_compile_options *o,
                                            struct glb_program **out);
GLB_API void glb_program_free(struct glb_program *p);

/* ---- what came of it ---- */

struct glb_program_info {
    size_t size;
    const char *array;
    int pbits, couplings; /* of the graph */
    int copies, chains;   /* chains of one board: the array's times copies */
    int segments, colours;
    int schedule_used;   /* clocks of a sweep without the gaps between segments */
    int coupling_used;   /* coupling words of the busiest tile */
    double u;            /* accumulator's LSB in units of J and h */
    uint64_t graph_hash; /* of the graph whose weights it has */
    int sums;            /* that it counts: of couplings and p-bits */
    int sum_entries;     /* coupling words of the busiest tile that hold sums */
    int count_clocks;    /* of a pass that counts */
};

/* Until the next call of this function in the same thread. */
GLB_API const struct glb_program_info *glb_program_info(const struct glb_program *p);

/* What the compiler reports. Work is that of one sweep of one board, in lane clocks. */
struct glb_compile_report {
    size_t size;
    int colours, max_degree, hubs;
    int64_t reads, shared_reads, noise_words, closes, exports;
    double bound_lane, bound_noise, bound_port;   /* clocks: work / (tiles x lanes), noise / tiles,
                                                     entries / tiles */
    double bound;                                 /* the largest of the three */
    int clocks;                                   /* of a sweep, gaps between segments included */
    double efficiency;                            /* bound / clocks */
    int lost_drain, lost_tail, lost_conflict;     /* clocks: gaps; lanes done early; the rest */
    int schedule_used, coupling_used, state_used; /* clocks; words of the busiest tile and lane */
    double updates_per_clock;                     /* of p-bits, all chains */
    double u, j_rms_error, j_max_error, h_max_error; /* quantisation, in units of J and h */
    double field_max, field_limit;                   /* the same: the largest field, the array's */
    int range_is_worst_case; /* 1: field_max holds for all states; 0: six sigma for some p-bits */
    double seconds;          /* of processor time */
    /* Of glb_compile_options.count, 0 without it: */
    int sums, sums_wanted;  /* that the array counts; couplings and p-bits */
    int sum_entries;        /* coupling words of the busiest tile that hold sums */
    int count_clocks;       /* of a pass that counts */
    const char *sums_limit; /* what has no room for the sums, static; NULL: nothing */
    int sums_room;          /* of sums_wanted, that would have room: about so many */
    int couplings_nonzero, couplings_zeroed; /* as in struct glb_precision */
    double field_error;
    double beta; /* the same */
    int couplings_cut, entries_added, helpers;
};

/* Lives as long as the program; NULL for one that was loaded from a file. */
GLB_API const struct glb_compile_report *glb_program_report(const struct glb_program *p);

/* How couplings and biases were rounded, in units of J and h. A coupling is a multiple of u / 2. Of
 * a precise program errors are those of what its beta can tell, and p-bits that one coupling or
 * bias decides alone have none. */
struct glb_precision {
    size_t size;
    double u;                                /* accumulator's LSB */
    double j_rms_error, j_max_error;         /* of all couplings */
    int couplings_nonzero, couplings_zeroed; /* not 0 in the graph; of these 0 in the program */
    double h_max_error;                      /* of p-bits that are updated */
    /* Largest of an updated p-bit: the root of the squared errors of its couplings and bias, which
     * is the rms error of its field over random neighbours. Times beta / 2 it bounds the rms error
     * of the probability to be +1, since that has slope beta / 2 in the field at most. */
    double field_error;
    double beta;       /* > 0: the program is precise, for this beta and larger ones */
    int couplings_cut; /* that a p-bit adds with less, since that decides already */
    int entries_added; /* coupling entries beyond one for each coupling of each p-bit */
    int helpers;       /* p-bits with one, which makes up for what rounding loses on average; of a
                          helper that is what the errors are of */
};

/* Of p's weights against those of g, the graph that p is of. Until the next call of this function
 * in the same thread. NULL and glb_error(): another graph's sizes, or no memory. */
GLB_API const struct glb_precision *glb_program_precision(const struct glb_program *p,
                                                          const struct glb_graph *g);

/* The couplings J[m] and biases h[n] that p's integers stand for, in the order of the graph's;
 * either may be NULL. A p-bit that no segment updates has a bias without a meaning. Of a precise
 * program the larger of what its two p-bits add for a coupling; one that was cut acts as the
 * graph's. */
GLB_API void glb_program_effective(const struct glb_program *p, double *J, double *h);

/* Colours of the graph, hubs' included. */
GLB_API int glb_program_colours(const struct glb_program *p);

/* Checks the images against the array's rules (docs/design/array.md, sections 2 and 3) by walking
 * them: every update of g's p-bits has its neighbours, weights, bias and noise, and sees what a
 * sequential scan would see. GLB_ERR_FORMAT with segment, clock and tile of what is wrong. */
GLB_API enum glb_status glb_program_verify(const struct glb_program *p, const struct glb_graph *g);

/* ---- weights, files ---- */

/* New couplings J[m], in the order of the graph's, and biases h[n], of the form E = -sum J m m -
 * sum h m: quantised with the program's u, which stays. A coupling becomes one of the two multiples
 * of u / 2 beside it, the nearer one but where the biases ask for the other: a p-bit with bias 0
 * keeps it exactly (docs/conventions.md). Values outside the array's number range, and NaN, are set
 * to its ends; *saturated (may be NULL) counts them. Takes time in proportion to n + m log m, less
 * where nothing is rounded. GLB_ERR_MEMORY leaves the program as it was. A sampler that is to use
 * them needs a graph with the same values: see glb_sampler_set_weights(), which does both. */
GLB_API enum glb_status glb_program_set_weights(struct glb_program *p, const double *J,
                                                const double *h, int *saturated);

/* Program files (.glbp, HDF5). A file appears under its name when it is complete.
 * GLB_ERR_UNSUPPORTED in a library built without HDF5. */
GLB_API enum glb_status glb_program_save(const struct glb_program *p, const char *path);
GLB_API enum glb_status glb_program_load(const char *path, struct glb_program **out);

#ifdef __cplusplus
}
#endif

#endif
