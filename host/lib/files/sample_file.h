/* Sample files (HDF5), layout in docs/glauber.1. Written to a temporary name and renamed when
 * complete. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FILES_SAMPLE_FILE_H
#define GLB_FILES_SAMPLE_FILE_H

#include <stdint.h>
#include "base/status.h"

struct glb_sample_file;

/* What the file has about the run besides the result. */
struct glb_sample_file_info {
    const char *command, *graph, *array, *device, *convention;
    uint64_t graph_hash;
    const struct glb_precision *precision; /* or NULL, then nothing of the following is written */
    const int32_t *edge_i, *edge_j;        /* [couplings] */
    const double *effective_coupling, *effective_bias; /* [couplings], [pbits] */
    const struct glb_certificate *certificate;         /* or NULL */
    const char *doubts;                                /* with a certificate: their names */
};

/* `samples` expected of each of `chains` chains of n p-bits. */
enum glb_status glb_sample_file_open(const char *path, int n, int chains, long samples,
                                     struct glb_sample_file **out);

/* In any order of samples, chains ascending within one; non-zero (and glb_error()) when the file
 * cannot be written. */
int glb_sample_file_sample(struct glb_sample_file *h, long sample, int chain, const uint8_t *bits,
                           double energy);

/* Writes the rest, closes, renames; frees h in any case. settings' pointers must still be valid. */
enum glb_status glb_sample_file_close(struct glb_sample_file *h,
                                      const struct glb_sample_file_info *info,
                                      const struct glb_settings *settings,
                                      const struct glb_result *result);
/* Drops the file. */
void glb_sample_file_discard(struct glb_sample_file *h);

#endif
