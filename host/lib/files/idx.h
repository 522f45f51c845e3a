/* IDX files, the format of MNIST: arrays of unsigned bytes. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FILES_IDX_H
#define GLB_FILES_IDX_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

enum { GLB_IDX_MAX_DIMS = 4 };

struct glb_idx {
    int ndim;
    uint32_t dim[GLB_IDX_MAX_DIMS];
    size_t size; /* product of the dimensions */
    uint8_t *data;
};

/* Reads a whole file of ndim dimensions, gzip-compressed or not. On error out is empty and the
 * message says what was found and what was expected. */
enum glb_status glb_idx_read(const char *path, int ndim, struct glb_idx *out);
void glb_idx_free(struct glb_idx *x);

#endif
