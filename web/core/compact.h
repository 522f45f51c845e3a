/* Trained machines as small files without HDF5, for the page: what sampling and reading labels
 * need of a model. SPDX-License-Identifier: Apache-2.0
 *
 * Little-endian: "GLBM" and the version 1; 16 numbers of 32 bits: p-bits, couplings, width, height,
 * classes, layers, planes, weight_max, weight_bits, kind of binarisation, its four thresholds, 0,
 * 0; two doubles, the field's LSB u and the readout beta; for each layer its kind and p-bits, 32
 * bits each; for each p-bit i the number of its couplings to p-bits j > i, 16 bits; all these j, 16
 * bits each, in ascending order of (i, j); their weights in units of u / 2, 8 bits each; the
 * biases, doubles. */
#ifndef GLB_WEB_COMPACT_H
#define GLB_WEB_COMPACT_H

#include <stdio.h>
#include "learn/model/model.h"

enum glb_status compact_write(const struct glb_model *m, FILE *to);

/* A model of data[size]; to be cleared with glb_model_clear(). GLB_ERR_FORMAT for anything else
 * than what compact_write() writes. */
enum glb_status compact_read(const uint8_t *data, size_t size, struct glb_model *out);

#endif
