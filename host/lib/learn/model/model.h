/* Model files: a trained machine. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_MODEL_H
#define GLB_LEARN_MODEL_H

#include <stdint.h>
#include <glauber/learn.h>
#include "files/hdf5_store.h"
#include "learn/data/dataset.h"
#include "learn/topology/topology.h"

/* Version 3 adds the number of classes; models of ten are written as version 2, which has none.
 * Version 4 adds which pixel a p-bit shows; only models that need it are written so. */
enum { GLB_MODEL_VERSION = 4, GLB_MODEL_CLASSES = 3, GLB_MODEL_TEN_CLASSES = 2 };

struct glb_model {
    struct glb_topology t;
    double u;                     /* LSB of the field; J are multiples of u / 2 */
    int weight_max;               /* largest |J| in units of u / 2 */
    int weight_bits;              /* of a coupling, at most those of the array */
    double readout_beta;          /* inverse temperature for reading labels */
    double generative;            /* weight of the training's free-running phase; -1: not known */
    struct glb_binarise binarise; /* of the images it was trained on */
    float *weight;                /* [m + n] master weights, centred form: couplings, biases */
    float *mu;                    /* [n] centring */
    double *J, *h; /* [m], [n] conventional form, J quantised: what the sampler gets */
    char command[512], revision[64], device[64], array[32];
    int images;                    /* trained on */
    double epochs;                 /* done */
    uint64_t seed;                 /* of the training */
    uint64_t flips;                /* p-bit updates it took */
    double seconds;                /* wall clock it took */
    double accuracy;               /* live estimate on the training images */
    struct glb_kept_sampler *kept; /* of a model of glauber/learn.h, or NULL */
};

/* Memory for weight, mu, J and h of m->t; 0 if there is not enough. What was got is freed by
 * glb_model_clear(). */
int glb_model_allocate(struct glb_model *m);
void glb_model_clear(struct glb_model *m);

/* Writes atomically. */
enum glb_status glb_model_write(const struct glb_model *m, const char *path);
enum glb_status glb_model_read(const char *path, struct glb_model *out);

/* The items of a model in a file that is being written. */
void glb_model_put(struct glb_hdf5_store *s, const struct glb_model *m);

#endif
