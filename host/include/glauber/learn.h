/* glauber/learn.h: sparse Boltzmann machines that learn labelled images, read labels and draw.
 * SPDX-License-Identifier: Apache-2.0
 *
 * EXPERIMENTAL: functions and structs of this header may change in any release. glauber.h, which it
 * includes, is the stable half; its rules of errors, ownership, structs and threads hold here too.
 *
 * A machine is a graph whose p-bits have roles: visible ones hold the pixels of a binary image,
 * label ones its class, one on and the others off (several copies of the labels are possible),
 * hidden ones everything else. Training sets couplings and biases so that the machine gives images
 * their labels, or labels their images; energies are those of glauber.h, at beta = 1.
 *
 * Use (docs/examples/train.c is a whole program):
 *
 *     glb_dataset_read("data/mnist", "train", NULL, &images);
 *     glb_topology_generate("local", images, 1, &topology);
 *     glb_trainer_open(topology, images, NULL, &trainer);
 *     glb_train(trainer, NULL, NULL);
 *     glb_model_from_trainer(trainer, &model);
 *     glb_model_predict(model, grey, count, 28, 28, NULL, labels, NULL);
 *
 * Arrays of images are grey[count][height][width], bytes, 0 is black, row by row from the top.
 * Classes are numbered from 0. A call that samples opens the device it needs; models keep it for
 * the next call. Results depend on data, options, array and seed, not on device or threads. */
#ifndef GLAUBER_LEARN_H
#define GLAUBER_LEARN_H

#include <glauber.h>
#include <glauber/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- topologies: graphs whose p-bits have roles; free each with glb_topology_free() ---- */

struct glb_topology;

enum glb_role { GLB_ROLE_HIDDEN, GLB_ROLE_VISIBLE, GLB_ROLE_LABEL };

/* NAME or NAME:key=value,..., from a seed, for such images; glb_topology_help() lists them all. */
GLB_API enum glb_status glb_topology_generate(const char *spec, const struct glb_dataset *images,
                                              uint64_t seed, struct glb_topology **out);
GLB_API const char *glb_topology_help(void);

/* The couplings of any graph (not J and h) with role[n] of its p-bits: in ascending order visible
 * ones are the pixels, row by row, plane by plane, as many as the images have; label p-bit k, of a
 * multiple of classes, stands for class k % classes; one or more are hidden. P-bits are numbered
 * anew, visible first, labels last: order[n], or NULL, gets the graph's numbers. */
GLB_API enum glb_status glb_topology_from_graph(const struct glb_graph *g, const uint8_t *role,
                                                const struct glb_dataset *images, int32_t *order,
                                                struct glb_topology **out);
GLB_API void glb_topology_free(struct glb_topology *t);

/* As built, every parameter filled in; "graph" for one from glb_topology_from_graph(). */
GLB_API const char *glb_topology_spec(const struct glb_topology *t);
/* Couplings; J and h are 0. */
GLB_API const struct glb_graph *glb_topology_graph(const struct glb_topology *t);
/* P-bits of a role: glb_topology_count() of them from glb_topology_first() on. */
GLB_API int glb_topology_first(const struct glb_topology *t, enum glb_role role);
GLB_API int glb_topology_count(const struct glb_topology *t, enum glb_role role);
/* The pixel that a visible p-bit shows: on a lattice several show one, or none does. Others: -1. */
GLB_API int glb_topology_pixel(const struct glb_topology *t, int pbit);
GLB_API int glb_topology_classes(const struct glb_topology *t);

/* ---- training; close each trainer with glb_trainer_close() ---- */

struct glb_trainer;

/* What a step learns from. Every method compares correlations with the image and its label clamped
 * with those of another phase. */
enum glb_train_method {
    GLB_TRAIN_CONDITIONAL, /* the image clamped, labels free: reads labels best */
    GLB_TRAIN_PCD,         /* the image free too, chains that persist (and their class) */
    GLB_TRAIN_HYBRID,      /* both, the second with weight 0.1 */
    GLB_TRAIN_DRAWING,     /* both, with what makes a machine draw (docs/training.md) */
    GLB_TRAIN_CONTRAST     /* images that read wrong: with their label and with the one read */
};

/* Who counts how often p-bits agree; the weights are the same. AUTO: the device, unless it is "emu"
 * or would return all samples anyway. DEVICE: as far as its array has room (GLB_ERR_FIT: none). */
enum glb_train_count { GLB_TRAIN_COUNT_AUTO, GLB_TRAIN_COUNT_HOST, GLB_TRAIN_COUNT_DEVICE };

/* Out of range: GLB_ERR_ARGUMENT from glb_trainer_open(), the message names the member. */
struct glb_trainer_options {
    size_t size;
    const char *device; /* as for glb_device_open(): "emu"; the caller's, read when opened */
    const char *array;  /* NULL: ulx3s-85, or big where the machine is too large for it */
    uint64_t seed;      /* of start weights, order of images, noise */
    int batch;          /* images a step, a multiple of 64 */
    double epochs;      /* > 0; steps are epochs * images / batch, rounded up */
    double rate;        /* Adam's highest: after a linear warm-up it falls as half a cosine */
    double hidden_rate; /* of couplings between hidden p-bits, in units of rate, 0 .. 100 */
    double label_rate;  /* of couplings to labels, the same */
    double pixel_decay, hidden_decay, label_decay; /* w -= rate * decay * w, 0 .. 100 */
    double start;   /* standard deviation of pixel couplings at the start, 0 .. 10 */
    int bits;       /* of a coupling, 2 .. 8; 0: the array's */
    double warm_up; /* share of the steps with a rising rate, 0 .. 1 */
    double average; /* share of the steps at the end whose mean weights are the model */
    int positive_burn, positive; /* sweeps, all clamped: dropped 0 .. 10000, averaged 1 .. 255 */
    int negative_burn, negative; /* the same with free labels */
    int free_sweeps;             /* averaged in the free-running phase, 1 .. 255 */
    double discriminative;       /* weight of the phase with free labels, 0 .. 100; 0: left out */
    double generative;           /* weight of the free-running phase, 0 .. 100; 0: left out */
    int hold_labels;     /* 1: persistent chains keep a class each, as in drawing; 0: free */
    int common_noise;    /* 1: both phases draw the same noise; needs equal sweeps in both */
    double restart;      /* share of negative phases that start anew, 0 .. 1 */
    int shift;           /* images are moved by up to this many pixels, 0 .. 8 */
    double warp;         /* strength of turns, scales and shears of images, 0 .. 4 */
    double dropout;      /* share of hidden p-bits left out of a step, 0 .. 0.9 */
    double readout_beta; /* inverse temperature at which the model is read, 0.001 .. 1000 */
    int count;           /* enum glb_train_count; not in checkpoints; not DEVICE with contrast */
    int contrast;        /* 1: as GLB_TRAIN_CONTRAST: generative 0, common_noise 1, equal sweeps */
    int read_burn, read; /* sweeps of its reading: dropped, 0 .. 10000; averaged, 1 .. 255 */
};

/* Defaults of a method for a topology, found by trial on MNIST. */
GLB_API void glb_trainer_options_init(struct glb_trainer_options *o, size_t size,
                                      const struct glb_topology *t, enum glb_train_method method);

/* Compiles the topology and opens the device. Topology and images stay the caller's and live as
 * long as the trainer; their sizes and classes must match. o NULL: defaults of
 * GLB_TRAIN_CONDITIONAL. GLB_ERR_FIT where no array holds the machine. */
GLB_API enum glb_status glb_trainer_open(const struct glb_topology *t,
                                         const struct glb_dataset *images,
                                         const struct glb_trainer_options *o,
                                         struct glb_trainer **out);
GLB_API void glb_trainer_close(struct glb_trainer *r);

/* One step: one batch. After an error the trainer is as before it and the step can be repeated.
 * GLB_ERR_INTERRUPTED after glb_trainer_cancel(), GLB_ERR_ARGUMENT once all steps are done. */
GLB_API enum glb_status glb_trainer_step(struct glb_trainer *r);

struct glb_model;

/* Goes on with other images of the same size, classes and binarisation, which live as long as the
 * trainer: weights, rate and free-running chains stay, states that images keep begin anew. The
 * number of steps does not change. From then on there is no checkpoint. */
GLB_API enum glb_status glb_trainer_set_images(struct glb_trainer *r,
                                               const struct glb_dataset *images);

/* Before the first step: starts from a model's weights. GLB_ERR_ARGUMENT for another topology or
 * binarisation. */
GLB_API enum glb_status glb_trainer_set_model(struct glb_trainer *r, const struct glb_model *m);

struct glb_train_progress {
    size_t size;
    int64_t step, steps; /* done; of the whole training */
    double epoch;        /* done: images seen / images of the data set */
    double accuracy;     /* share of the last step's labels that the phase with free labels hit, or
                            (contrast) the reading; NaN before the first step or without either */
    int64_t saturated;   /* couplings and biases at their limit in the last step */
    uint64_t flips;      /* p-bit updates so far */
    uint64_t cycles;     /* array clocks that one board would have taken for them */
};

/* After the last step; filled anew by the next one. Never NULL. */
GLB_API const struct glb_train_progress *glb_trainer_progress(const struct glb_trainer *r);

/* A loss: root mean square, over the couplings, of the gradient that the last step followed, that
 * is of the difference of correlations between its phases. Falls towards the sampling noise where
 * there is nothing left to learn. NaN before the first step. */
GLB_API double glb_trainer_gradient(const struct glb_trainer *r);

/* Called after each step, within it no other call on the trainer but the getters and
 * glb_trainer_save(); a non-zero return ends glb_train() with GLB_ERR_INTERRUPTED. */
typedef int (*glb_train_fn)(void *user, const struct glb_train_progress *progress);

/* Takes the steps that are left; fn may be NULL. After an error or an interruption another call
 * goes on. */
GLB_API enum glb_status glb_train(struct glb_trainer *r, glb_train_fn fn, void *user);

/* Ends the step in progress, or the next one, with GLB_ERR_INTERRUPTED. For any thread and for
 * signal handlers: it stores to a lock-free atomic and does nothing else. */
GLB_API void glb_trainer_cancel(struct glb_trainer *r);

/* A checkpoint: the model so far and all that the steps to come depend on; written atomically. */
GLB_API enum glb_status glb_trainer_save(const struct glb_trainer *r, const char *path);

/* Goes on from a checkpoint, bit for bit, with the same images, which live as long as the trainer;
 * device NULL: "emu". The topology comes from the file. GLB_ERR_FORMAT for a model without a
 * trainer's state, GLB_ERR_ARGUMENT for images of another number, size or binarisation. */
GLB_API enum glb_status glb_trainer_resume(const char *path, const struct glb_dataset *images,
                                           const char *device, struct glb_trainer **out);

/* ---- models: trained machines; free each with glb_model_free() ---- */

/* Of a trainer's weights, those averaged over the last steps if there are any; shares nothing with
 * the trainer. */
GLB_API enum glb_status glb_model_from_trainer(const struct glb_trainer *r, struct glb_model **out);

/* Model files (HDF5), checkpoints included. */
GLB_API enum glb_status glb_model_load(const char *path, struct glb_model **out);
GLB_API enum glb_status glb_model_save(const struct glb_model *m, const char *path);
GLB_API void glb_model_free(struct glb_model *m);

GLB_API const struct glb_topology *glb_model_topology(const struct glb_model *m);
GLB_API int glb_model_height(const struct glb_model *m); /* of an image */
GLB_API int glb_model_width(const struct glb_model *m);
GLB_API int glb_model_planes(const struct glb_model *m);
GLB_API double glb_model_readout_beta(const struct glb_model *m);
/* 0 for a model whose training had no free-running phase, so that what it draws is noise; 1 for
 * others, and where that is not known. */
GLB_API int glb_model_draws(const struct glb_model *m);

/* J in the order of the topology's couplings, quantised as the array holds them; h[n]. */
GLB_API const double *glb_model_couplings(const struct glb_model *m);
GLB_API const double *glb_model_biases(const struct glb_model *m);

/* The topology's graph with these J and h, for glb_sampler_open(). Free with glb_graph_free(). */
GLB_API enum glb_status glb_model_graph(const struct glb_model *m, struct glb_graph **out);

/* How labels are read with an image clamped. */
enum glb_reader {
    GLB_READ_FIELDS,     /* sampling: mean field of each class's labels */
    GLB_READ_SPINS,      /* sampling: mean spin of each class's labels, -1 .. 1 */
    GLB_READ_FREE_ENERGY /* exact: minus the free energy; needs hidden p-bits that are not coupled
                            to each other, else GLB_ERR_UNSUPPORTED */
};

struct glb_predict_options {
    size_t size;
    enum glb_reader reader;
    const char *device, *array; /* as in glb_trainer_options */
    int batch;                  /* chains at a time, 1 .. 65536, rounded up to whole boards */
    int sweeps;                 /* an image, shared by its chains, >= 1 */
    int chains;                 /* an image, each from a start of its own, 1 .. 1024 */
    int burn_in;                /* sweeps dropped in each chain, less than sweeps / chains */
    double beta;                /* inverse temperature; 0: glb_model_readout_beta() */
    uint64_t seed;
};

/* Fields, "emu", 512 chains at a time, 220 sweeps in 4 chains, 5 dropped, beta 0, seed 1. */
GLB_API void glb_predict_options_init(struct glb_predict_options *o, size_t size);

/* Labels of images [count][height][width], made binary as those the model was trained on. o NULL:
 * defaults. label[count]: the class with the highest score; score[count][classes]: in units of the
 * field, of spins, or of energy, as the reader; either may be NULL. GLB_ERR_ARGUMENT for images of
 * another size than the model's. */
GLB_API enum glb_status glb_model_predict(struct glb_model *m, const uint8_t *grey, int count,
                                          int height, int width,
                                          const struct glb_predict_options *o, uint8_t *label,
                                          double *score);

/* Free energies f[count][classes] of images with each class's labels on and all others off:
 * f = -log sum over hidden states of exp(-E), at beta = 1. Exact; hidden p-bits must not be coupled
 * to each other, else GLB_ERR_UNSUPPORTED. */
GLB_API enum glb_status glb_model_free_energy(const struct glb_model *m, const uint8_t *grey,
                                              int count, int height, int width, double *f);

struct glb_draw_options {
    size_t size;
    const char *device, *array; /* as in glb_trainer_options */
    int sweeps;                 /* of annealing, 10 .. 10000000; the last tenth at beta */
    int average;                /* sweeps at the end that make a grey value, 1 .. sweeps / 10 */
    double beta;                /* inverse temperature at the end, > 0 */
    uint64_t seed;
};

/* "emu", 6,000 sweeps, 300 averaged, beta 0.9, seed 1. */
GLB_API void glb_draw_options_init(struct glb_draw_options *o, size_t size);

/* Draws `each` pictures of every class: its labels clamped, all else annealed.
 * grey[classes][each][planes][height][width], 255: on in all averaged sweeps. o NULL: defaults. */
GLB_API enum glb_status glb_model_draw(struct glb_model *m, int each,
                                       const struct glb_draw_options *o, uint8_t *grey);

/* In-painting: images [count][height][width] with their labels label[count], both clamped except
 * for the pixels that keep[height][width] has 0 for (NULL: the lower half), which are annealed with
 * all hidden p-bits. out[count][planes][height][width], 255: on in all averaged sweeps; kept pixels
 * are 0 or 255. */
GLB_API enum glb_status glb_model_inpaint(struct glb_model *m, const uint8_t *grey,
                                          const uint8_t *label, int count, int height, int width,
                                          const uint8_t *keep, const struct glb_draw_options *o,
                                          uint8_t *out);

#ifdef __cplusplus
}
#endif

#endif
