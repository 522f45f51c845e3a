/* Sample files: two extendible datasets that grow block by block; the rest is in sample_info.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "files/sample_file.h"

#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "files/hdf5_store.h"
#include "files/sample_info.h"

enum { BLOCK_BYTES = 4 << 20, MOST_CHUNK = 1 << 30 }; /* HDF5's chunks are below 4 GiB */

struct glb_sample_file {
    struct glb_hdf5_store store;
    hid_t spins, energies;
    int n, chains;
    size_t row;
    long samples;             /* dataset's present length */
    long first;               /* sample of the block's first row */
    int block, used;          /* samples in a block; in use */
    int chain_first, chain_n; /* chains that the block holds */
    uint8_t *bits;            /* [block][chains][row] */
    double *energy;           /* [block][chains] */
};

static hid_t make_dataset(struct glb_sample_file *h, const char *name, hid_t type, int rank,
                          const hsize_t *chunk, const hsize_t *dims, const void *fill) {
    hsize_t max[3];
    memcpy(max, dims, (size_t)rank * sizeof *max);
    max[0] = H5S_UNLIMITED;
    const hid_t space = H5Screate_simple(rank, dims, max), props = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(props, 0); /* the same run gives the same bytes */
    H5Pset_chunk(props, rank, chunk);
    H5Pset_fill_value(props, type, fill);
    const hid_t d = H5Dcreate2(h->store.file, name, type, space, H5P_DEFAULT, props, H5P_DEFAULT);
    H5Pclose(props);
    H5Sclose(space);
    return d;
}

void glb_sample_file_discard(struct glb_sample_file *h) {
    if (!h)
        return;
    char message[512]; /* keep the message of what went wrong first */
    snprintf(message, sizeof message, "%s", glb_error());
    glb_hdf5_fail(&h->store, GLB_ERR_INTERRUPTED, "spins", "are discarded");
    if (h->spins >= 0)
        H5Dclose(h->spins);
    if (h->energies >= 0)
        H5Dclose(h->energies);
    glb_fail(glb_hdf5_close(&h->store), "%s", message);
    free(h->bits);
    free(h->energy);
    free(h);
}

enum glb_status glb_sample_file_open(const char *path, int n, int chains, long samples,
                                     struct glb_sample_file **out) {
    struct glb_sample_file *h = calloc(1, sizeof *h);
    *out = NULL;
    if (!h)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %s", path);
    h->spins = h->energies = -1;
    h->n = n;
    h->chains = chains;
    h->row = (size_t)(n + 7) / 8;
    h->block = (int)(BLOCK_BYTES / (h->row * (size_t)chains));
    h->block = h->block < 1 ? 1 : h->block > 4096 ? 4096 : h->block;
    if (samples > 0 && h->block > samples)
        h->block = (int)samples;
    h->bits = calloc((size_t)h->block * chains, h->row);
    h->energy = calloc((size_t)h->block * chains, sizeof *h->energy);
    if (!h->bits || !h->energy) {
        free(h->bits);
        free(h->energy);
        free(h);
        return glb_fail(GLB_ERR_MEMORY, "no memory for %s: %d chains of %d p-bits", path, chains,
                        n);
    }
    glb_hdf5_create(&h->store, path);
    if (!h->store.status) {
        const hsize_t dims[3] = {0, (hsize_t)chains, h->row};
        const hsize_t rows = MOST_CHUNK / h->row; /* of a sample, if it alone is more */
        const hsize_t chunk[3] = {(hsize_t)h->block,
                                  (hsize_t)chains < rows ? (hsize_t)chains : rows, h->row};
        const uint8_t zero = 0;
        const double nan = NAN;
        h->spins = make_dataset(h, "spins", H5T_NATIVE_UINT8, 3, chunk, dims, &zero);
        h->energies = make_dataset(h, "energies", H5T_NATIVE_DOUBLE, 2, chunk, dims, &nan);
        if (h->spins < 0 || h->energies < 0)
            glb_hdf5_write_failed(&h->store, "spins");
    }
    if (h->store.status) {
        const enum glb_status s = h->store.status;
        glb_sample_file_discard(h);
        return s;
    }
    *out = h;
    return GLB_OK;
}

static int put(struct glb_sample_file *h, const char *name, hid_t dataset, hid_t type, int rank,
               const hsize_t *start, const hsize_t *count, const hsize_t *whole, const void *from) {
    const hsize_t in_memory[3] = {0, start[1], 0};
    const hid_t file = H5Dget_space(dataset), memory = H5Screate_simple(rank, whole, NULL);
    H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL);
    H5Sselect_hyperslab(memory, H5S_SELECT_SET, in_memory, NULL, count, NULL);
    const herr_t e = H5Dwrite(dataset, type, memory, file, H5P_DEFAULT, from);
    if (e < 0) /* before other calls replace its reason */
        glb_hdf5_write_failed(&h->store, name);
    H5Sclose(memory);
    H5Sclose(file);
    return e < 0;
}

static int flush_block(struct glb_sample_file *h) {
    if (h->used == 0 || h->store.status)
        return h->store.status != GLB_OK;
    if (h->first + h->used > h->samples) {
        h->samples = h->first + h->used;
        const hsize_t dims[3] = {(hsize_t)h->samples, (hsize_t)h->chains, h->row};
        H5Dset_extent(h->spins, dims);
        H5Dset_extent(h->energies, dims);
    }
    const hsize_t start[3] = {(hsize_t)h->first, (hsize_t)h->chain_first, 0};
    const hsize_t count[3] = {(hsize_t)h->used, (hsize_t)h->chain_n, h->row};
    const hsize_t whole[3] = {(hsize_t)h->block, (hsize_t)h->chains, h->row};
    if (!put(h, "spins", h->spins, H5T_NATIVE_UINT8, 3, start, count, whole, h->bits))
        put(h, "energies", h->energies, H5T_NATIVE_DOUBLE, 2, start, count, whole, h->energy);
    h->used = 0;
    return h->store.status != GLB_OK;
}

int glb_sample_file_sample(struct glb_sample_file *h, long sample, int chain, const uint8_t *bits,
                           double energy) {
    if (h->used && (sample < h->first || sample >= h->first + h->block || chain < h->chain_first))
        if (flush_block(h))
            return 1;
    if (!h->used) {
        h->first = sample;
        h->chain_first = chain;
        h->chain_n = 0;
        for (size_t i = 0; i < (size_t)h->block * h->chains; i++)
            h->energy[i] = NAN;
        memset(h->bits, 0, (size_t)h->block * h->chains * h->row);
    }
    const size_t at = (size_t)(sample - h->first) * h->chains + chain;
    memcpy(h->bits + at * h->row, bits, h->row);
    h->energy[at] = energy;
    if (sample - h->first + 1 > h->used)
        h->used = (int)(sample - h->first) + 1;
    if (chain - h->chain_first + 1 > h->chain_n)
        h->chain_n = chain - h->chain_first + 1;
    return 0;
}

enum glb_status glb_sample_file_close(struct glb_sample_file *h,
                                      const struct glb_sample_file_info *info,
                                      const struct glb_settings *settings,
                                      const struct glb_result *result) {
    flush_block(h);
    glb_sample_info_put(&h->store, info, settings, result);
    glb_hdf5_flush(&h->store);
    H5Dclose(h->spins);
    H5Dclose(h->energies);
    const enum glb_status s = glb_hdf5_close(&h->store);
    free(h->bits);
    free(h->energy);
    free(h);
    return s;
}
