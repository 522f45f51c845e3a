/* The trainer: contrastive divergence on a sampler, one step a batch (docs: `glauber train
 * --help`). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_TRAINER_H
#define GLB_LEARN_TRAINER_H

#include <stdatomic.h>
#include <stdint.h>
#include <glauber/learn.h>
#include "learn/data/dataset.h"
#include "learn/training/pair_statistics.h"
#include "learn/layers/layer_sampler.h"
#include "learn/topology/topology.h"

/* Images of a batch unless the user says otherwise: to read digits, to draw them. */
enum { GLB_TRAIN_BATCH = 1024, GLB_DRAW_BATCH = 512 };

/* LSB of the field that training uses: couplings are multiples of 1/32, up to +-127/32 with 8 bits.
 */
#define GLB_TRAIN_U (1.0 / 16)

/* How one kind of parameter learns. Kinds: couplings by the layers they join, biases by their
 * layer. */
enum glb_parameter_kind {
    GLB_PIXEL_H1,
    GLB_H1_H2, /* between hidden units */
    GLB_LABEL, /* labels to their neighbours */
    GLB_BIAS_PIXEL,
    GLB_BIAS_HIDDEN,
    GLB_BIAS_LABEL,
    GLB_PARAMETER_KINDS
};

/* Which values a coupling of a kind may take: multiples of step * u / 2, at most `most` steps. */
struct glb_grid {
    int step, most;
};

struct glb_train_options {
    uint64_t seed;
    double epochs;
    int threads;
    double rate;                          /* Adam's, at its highest */
    double relative[GLB_PARAMETER_KINDS]; /* rate of a kind in units of `rate` */
    double decay[GLB_PARAMETER_KINDS];    /* decoupled: w -= rate * decay * w */
    double start_sigma[GLB_PARAMETER_KINDS];
    int bits;                /* of a coupling; 0: all that the array has */
    double warm_up, average; /* share of all steps at the start; at the end */
    int positive_burn, positive, negative_burn, negative; /* sweeps: dropped, then averaged */
    double discriminative; /* weight of positive - conditional negative phase; 0: none */
    double generative;     /* weight of positive - persistent free-running phase; 0: none */
    int hold_labels;       /* each chain of that phase keeps a class of its own, as in drawing */
    int free_sweeps;       /* of that phase, all averaged */
    int shift;             /* images are moved by up to this many pixels each way */
    double warp;           /* strength of turns, scales and shears of the images; 0: none */
    double dropout;        /* share of h1 whose couplings are 0, chosen anew for every batch */
    double
        readout_beta; /* inverse temperature at which labels are read; training does not use it */
    double restart;   /* share of negative phases that start with labels off and h2 at random */
    int contrast; /* read, then contrast: labels are read, and only images that read wrong have a
                     positive phase and, with the label that was read, a negative one */
    int read_burn, read; /* sweeps of that reading: dropped, then averaged */
    int common_noise; /* both phases draw the same noise, so that they differ only where the labels
                      make them differ; needs as many sweeps in both */
};

struct glb_train_state {    /* all that a step depends on besides options, data and topology */
    int64_t step, averaged; /* steps done; steps in the average */
    float *weight;          /* [m + n] couplings, then biases in the centred form */
    float *first, *second;  /* Adam's moments */
    double *sum;            /* of the weights of the last steps */
    uint32_t *memory;       /* [images][2] persistent bits: negative, positive phase */
    uint64_t *free_plane;   /* [n][words] persistent chains of the free-running phase */
};

/* What a trainer of glauber/learn.h has besides. */
struct glb_trainer_own {
    struct glb_topology topology; /* of a resumed one */
    struct glb_layer_sampler sampler;
    atomic_int cancel;
};
void glb_trainer_own_free(struct glb_trainer_own *own);

/* The images of a step. */
struct trainer_batch {
    int64_t step;          /* of the training; -1: none */
    int32_t *index;        /* [chains] images */
    int8_t *dx, *dy;       /* [chains] shifts */
    struct glb_warp *warp; /* [chains] */
    uint64_t *image;       /* [pixels of an image][words] */
    uint64_t *pixels; /* [p-bits that show them][words]; the same memory if each shows its own */
    int laid;         /* chains whose warped image is there, from the first one on */
};

enum trainer_phase {
    TRAINER_POSITIVE,
    TRAINER_NEGATIVE,
    TRAINER_FREE,
    TRAINER_PHASES,
    TRAINER_READ = TRAINER_FREE /* of a training that contrasts, which has no free run */
};

struct trainer_contrast; /* contrast.h */

struct glb_trainer {
    struct glb_trainer_own *own; /* or NULL: topology and sampler are the caller's */
    struct glb_train_options o;
    const struct glb_topology *t;
    const struct glb_dataset *data;
    struct glb_layer_sampler *sampler;
    int64_t steps;                    /* of the whole training */
    int memory_words;                 /* 32-bit words an image and phase */
    int memory_first[GLB_MAX_LAYERS]; /* a layer's first bit in them; -1: it keeps none */
    struct glb_grid grid[GLB_PARAMETER_KINDS];
    float *mu;        /* [n] centring */
    uint8_t *kind;    /* [m + n] */
    uint8_t *dropped; /* [n] without couplings in this batch */
    double *J, *h;    /* as sent to the sampler */
    struct glb_train_state s;
    struct glb_pair_statistics statistics[TRAINER_PHASES];
    uint64_t *labels, *held; /* [count][words] of the batch; of the free run */
    uint64_t *recalled[2];   /* [n][words] states that images kept: positive, negative */
    int wanted; /* sums that the phases have in common, sampler->nsums of which it counts */
    unsigned host_layers;         /* bit l: of layer l the host counts samples */
    int32_t *sum_of;              /* [m + n] which sum of the sampler is a parameter's, or -1 */
    int64_t *sum[TRAINER_PHASES]; /* [nsums] of each phase, or positive - negative, see
                                     trainer_one_sum() */
    int64_t *gap[TRAINER_PHASES]; /* [m + n] positive phase - this one: a+ N - a N+ of a and a+
                                     agreeing among N and N+ chain-samples; contrast: a+ - a */
    int gaps_known;               /* of the last step */
    struct trainer_contrast *contrast; /* or NULL */
    struct trainer_batch batch, next;
    int pieces, piece; /* calls of trainer_prepare_next() since the last step; images of one */
    int32_t *order;    /* a permutation of the images: of epoch order_epoch */
    int64_t order_epoch;
    int64_t begin;      /* images of the stream that came before the present ones */
    uint64_t data_hash; /* of the images and labels: kept in checkpoints */
    int data_unchecked; /* resumed from a checkpoint without one, of an older version */
    int first_image;    /* of the data within its file: the caller's, kept in checkpoints */
    /* for show */
    uint64_t flips, cycles; /* p-bit updates; clocks that one board would take for all of them */
    double hits,
        seen; /* label agreement of the negative phase since the last glb_trainer_accuracy() */
    int64_t saturated; /* couplings and biases at their limit in the last step */
    struct glb_train_progress progress;
};

/* Defaults for a topology. */
void glb_train_defaults(const struct glb_topology *t, struct glb_train_options *o);
/* Changes them to a machine that draws digits instead of reading them; its batch is
 * GLB_DRAW_BATCH. By trial on MNIST (docs/training.md). */
void glb_train_defaults_drawing(struct glb_train_options *o);

/* Changes them to reading, then contrasting. */
void glb_train_defaults_contrast(const struct glb_topology *t, struct glb_train_options *o);

/* The trainer is closed with glb_trainer_close(). All arguments must outlive the trainer. The
 * sampler comes from glb_train_sampler_open(), or counts nothing. */
enum glb_status glb_trainer_open_on(const struct glb_topology *t, const struct glb_dataset *data,
                                    struct glb_layer_sampler *sampler,
                                    const struct glb_train_options *o, struct glb_trainer **out);
/* Share of images whose label the negative phase hit since the last call: a live estimate of the
 * training accuracy. */
double glb_trainer_accuracy(struct glb_trainer *r);

/* J[m], h[n] in the conventional form: of the averaged weights if there are any, else of the
 * current ones. */
void glb_trainer_weights(const struct glb_trainer *r, double *J, double *h);

/* Centred weights w[m + n] to J[m] and h[n]; couplings rounded to the grid of their kind, so that
 * the centring holds for the couplings that the sampler uses. Returns the number of couplings at
 * the limit. */
int64_t glb_train_uncentre(const struct glb_topology *t, const float *w, const float *mu, double u,
                           const struct glb_grid grid[GLB_PARAMETER_KINDS], double *J, double *h);

/* The kind of a coupling. */
enum glb_parameter_kind glb_train_kind(const struct glb_topology *t, int edge);

/* The grids of `bits` a coupling on a sampler; fewer bits than the sampler's make the steps of a
 * kind coarser, as far as its weights need. */
void glb_train_grids(const struct glb_topology *t, const struct glb_layer_sampler *s, int bits,
                     struct glb_grid grid[GLB_PARAMETER_KINDS]);

/* Layers that some phase updates; that some phase holds. */
unsigned glb_train_layers(const struct glb_topology *t, const struct glb_train_options *o);
unsigned glb_train_holds(const struct glb_topology *t, const struct glb_train_options *o);

/* The sums that a training needs where `layers` move, and the parameter of each, both with room for
 * [m + n]; returns their number. Those of the largest layer come first, so that what is left to
 * count on the host concerns the smallest ones. */
int glb_train_sums(const struct glb_topology *t, unsigned layers, struct glb_layer_sum *sum,
                   int32_t *parameter);
/* Layers that move among those of sums first .. end - 1. */
unsigned glb_train_host_layers(const struct glb_topology *t, unsigned layers,
                               const struct glb_layer_sum *sum, int first, int end);

/* Opens a sampler for trainers with these options; so's layers, hold and sums are filled in.
 * GLB_ERR_FIT if the device is to count and has no room for a sum. */
enum glb_status glb_train_sampler_open(const struct glb_topology *t,
                                       const struct glb_train_options *o,
                                       enum glb_train_count count,
                                       const struct glb_layer_sampler_options *so,
                                       struct glb_layer_sampler *out);

/* ---- inside this room ---- */

/* trainer_start.c: allocations and all that a training begins with. */
enum glb_status trainer_start(struct glb_trainer *r);
/* What `count` images keep before their first batch: [count][2][r->memory_words]. */
void trainer_start_memory(const struct glb_trainer *r, int count, uint32_t *memory);
/* trainer_batch.c: the batch's images and dropped units; states that images keep between batches.
 */
void trainer_choose(struct glb_trainer *r);
/* A piece of the next step's batch: glb_layer_run's `meanwhile`, with the trainer as user. */
void trainer_prepare_next(void *user);
int trainer_batch_init(struct trainer_batch *b, const struct glb_topology *t, int chains,
                       int words);
void trainer_batch_free(struct trainer_batch *b);
const uint64_t *trainer_recall(struct glb_trainer *r, int layer, int negative);
void trainer_remember(struct glb_trainer *r, const struct glb_pair_statistics *pairs, int layer,
                      int negative);
/* trainer_layers.c: whether positive and negative phase draw the same noise. */
int trainer_common_noise(const struct glb_train_options *o);
/* trainer_phases.c: sets and samples what the options ask for. */
enum glb_status trainer_run_phases(struct glb_trainer *r);
/* trainer_contrast.c: what a step runs that reads, then contrasts; what it keeps afterwards. */
enum glb_status trainer_contrast_check(const struct glb_train_options *o);
enum glb_status trainer_contrast_open(struct glb_trainer *r);
void trainer_contrast_close(struct glb_trainer *r);
enum glb_status trainer_contrast_run(struct glb_trainer *r);
void trainer_contrast_keep(struct glb_trainer *r);
/* trainer_gap.c: which sums the sampler counts; how much phases differ. */
enum glb_status trainer_place_sums(struct glb_trainer *r);
/* Whether there are two phases of as many samples, so that one sum has their difference. */
int trainer_one_sum(const struct glb_trainer *r);
void trainer_find_gaps(struct glb_trainer *r);
/* <m_i m_j>, or <m_i>, of parameter p in the positive phase minus that in another one. Numerator
 * and denominator are below 2^50, so the quotient alone is rounded: the result depends on the
 * fraction, not on how it is written. */
double trainer_gap(const struct glb_trainer *r, enum trainer_phase phase, int p);
/* trainer_update.c: gradient and Adam. */
void trainer_update(struct glb_trainer *r);
/* Fills r->progress, except for its accuracy. */
void trainer_report(struct glb_trainer *r);

#endif
