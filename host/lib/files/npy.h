/* NumPy's .npy files of numbers. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FILES_NPY_H
#define GLB_FILES_NPY_H

#include <stddef.h>
#include "base/status.h"

enum { GLB_NPY_MAX_DIMS = 4 };

/* What an element is, by numpy's letter. */
enum glb_npy_kind {
    GLB_NPY_BOOL = 'b',
    GLB_NPY_SIGNED = 'i',
    GLB_NPY_UNSIGNED = 'u',
    GLB_NPY_FLOAT = 'f'
};

/* An array in C order. */
struct glb_npy {
    int ndim; /* 1 .. GLB_NPY_MAX_DIMS */
    size_t dim[GLB_NPY_MAX_DIMS];
    size_t count; /* product of the dimensions, > 0 */
    enum glb_npy_kind kind;
    int bytes;      /* of an element: 1, 2, 4 or 8; of a float 4 or 8 */
    int big_endian; /* order of the bytes in data */
    void *data;
};

/* Whether a file's first bytes (at least 6) are those of a .npy file. */
int glb_npy_is(const void *start, size_t size);

/* Reads a whole file (formats 1 to 3, gzip-compressed or not). On error out is empty. */
enum glb_status glb_npy_read(const char *path, struct glb_npy *out);
void glb_npy_free(struct glb_npy *x);

/* Element k, in C order, as a number. */
double glb_npy_value(const struct glb_npy *x, size_t k);

#endif
