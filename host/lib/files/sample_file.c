/* Sample files: two extendible datasets that grow block by block, and everything about the run as
 * attributes. SPDX-License-Identifier: Apache-2.0 */
#include "files/sample_file.h"

#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "files/hdf5_store.h"

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

static void put_schedule(struct glb_hdf5_store *s, const struct glb_settings *set) {
    double *beta = malloc((size_t)set->steps * sizeof *beta);
    uint32_t *sweeps = malloc((size_t)set->steps * sizeof *sweeps);
    if (beta && sweeps) {
        for (int i = 0; i < set->steps; i++) {
            beta[i] = set->schedule[i].beta;
            sweeps[i] = set->schedule[i].sweeps;
        }
        glb_hdf5_put_array(s, "schedule_beta", GLB_ELEMENT_DOUBLE, (size_t)set->steps, beta);
        glb_hdf5_put_array(s, "schedule_sweeps", GLB_ELEMENT_UINT32, (size_t)set->steps, sweeps);
    } else {
        glb_hdf5_fail(s, GLB_ERR_MEMORY, "schedule_beta", "no memory");
    }
    free(beta);
    free(sweeps);
}

static void put_info(struct glb_hdf5_store *s, const struct glb_sample_file_info *info,
                     const struct glb_settings *set, const struct glb_result *r) {
    char hash[24], seed[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)info->graph_hash);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)set->seed);
    glb_hdf5_put_text(s, "version", glb_version());
    glb_hdf5_put_text(s, "command", info->command);
    glb_hdf5_put_text(s, "graph", info->graph);
    glb_hdf5_put_text(s, "graph_hash", hash);
    glb_hdf5_put_text(s, "convention", info->convention);
    glb_hdf5_put_text(s, "array", info->array);
    glb_hdf5_put_text(s, "device", info->device);
    glb_hdf5_put_text(s, "seed", seed);
    glb_hdf5_put_int(s, "pbits", r->pbits);
    glb_hdf5_put_int(s, "couplings", r->couplings);
    glb_hdf5_put_int(s, "colours", r->colours);
    glb_hdf5_put_int(s, "chains", r->chains);
    glb_hdf5_put_int(s, "samples", r->samples);
    glb_hdf5_put_int(s, "burn_in", set->burn_in);
    glb_hdf5_put_int(s, "interval", set->interval);
    glb_hdf5_put_int(s, "sweeps", (int64_t)r->sweeps);
    glb_hdf5_put_int(s, "flips", (int64_t)r->updates);
    glb_hdf5_put_int(s, "cycles", (int64_t)r->clocks);
    glb_hdf5_put_int(s, "complete", !r->stopped);
    glb_hdf5_put_real(s, "mean_energy", r->mean_energy);
    glb_hdf5_put_real(s, "mean_energy_stderr", r->mean_energy_stderr);
    glb_hdf5_put_real(s, "best_energy", r->best_energy);
    if (set->schedule)
        put_schedule(s, set);
    else
        glb_hdf5_put_real(s, "beta", set->beta);
    glb_hdf5_put_array(s, "magnetization", GLB_ELEMENT_DOUBLE, (size_t)r->pbits, r->magnetization);
    glb_hdf5_put_array(s, "best_spins", GLB_ELEMENT_INT8, (size_t)r->pbits, r->best_spins);
    if (set->clamp)
        glb_hdf5_put_array(s, "clamp", GLB_ELEMENT_INT8, (size_t)r->pbits * set->clamp_columns,
                           set->clamp);
    if (set->init)
        glb_hdf5_put_array(s, "init", GLB_ELEMENT_INT8, (size_t)r->pbits * set->init_columns,
                           set->init);
}

enum glb_status glb_sample_file_close(struct glb_sample_file *h,
                                      const struct glb_sample_file_info *info,
                                      const struct glb_settings *settings,
                                      const struct glb_result *result) {
    flush_block(h);
    put_info(&h->store, info, settings, result);
    glb_hdf5_flush(&h->store);
    H5Dclose(h->spins);
    H5Dclose(h->energies);
    const enum glb_status s = glb_hdf5_close(&h->store);
    free(h->bits);
    free(h->energy);
    free(h);
    return s;
}
