/* The files room of a library built without HDF5 (make HDF5=0): every file of samples, programs,
 * models and checkpoints is refused with what to do. SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include "files/hdf5_store.h"
#include "files/sample_file.h"
#include "files/statistics_file.h"

static enum glb_status refuse(const char *path) {
    return glb_fail(GLB_ERR_UNSUPPORTED,
                    "%s: this library was built without HDF5 (make HDF5=0); build it with HDF5 to "
                    "read and write such files",
                    path);
}

void glb_hdf5_no_exit_handler(void) {
}

void glb_hdf5_create(struct glb_hdf5_store *s, const char *path) {
    *s = (struct glb_hdf5_store){.file = -1, .at = -1, .writing = 1, .status = refuse(path)};
}

void glb_hdf5_open(struct glb_hdf5_store *s, const char *path) {
    *s = (struct glb_hdf5_store){.file = -1, .at = -1, .status = refuse(path)};
}

enum glb_status glb_hdf5_close(struct glb_hdf5_store *s) {
    return s->status;
}

void glb_hdf5_fail(struct glb_hdf5_store *s, enum glb_status status, const char *name,
                   const char *what) {
    (void)s, (void)status, (void)name, (void)what; /* the first failure stands */
}

void glb_hdf5_write_failed(struct glb_hdf5_store *s, const char *name) {
    (void)s, (void)name;
}

void glb_hdf5_group(struct glb_hdf5_store *s, const char *name) {
    (void)s, (void)name;
}

int glb_hdf5_has(struct glb_hdf5_store *s, const char *name) {
    (void)s, (void)name;
    return 0;
}

int glb_hdf5_has_attribute(struct glb_hdf5_store *s, const char *name) {
    (void)s, (void)name;
    return 0;
}

int64_t glb_hdf5_count(struct glb_hdf5_store *s, const char *name) {
    (void)s, (void)name;
    return -1;
}

void glb_hdf5_put_text(struct glb_hdf5_store *s, const char *name, const char *text) {
    (void)s, (void)name, (void)text;
}

void glb_hdf5_put_int(struct glb_hdf5_store *s, const char *name, int64_t v) {
    (void)s, (void)name, (void)v;
}

void glb_hdf5_put_real(struct glb_hdf5_store *s, const char *name, double v) {
    (void)s, (void)name, (void)v;
}

void glb_hdf5_get_text(struct glb_hdf5_store *s, const char *name, char *text, size_t size) {
    (void)s, (void)name;
    if (size > 0)
        text[0] = 0;
}

int64_t glb_hdf5_get_int(struct glb_hdf5_store *s, const char *name, int64_t lowest,
                         int64_t highest) {
    (void)s, (void)name, (void)highest;
    return lowest;
}

double glb_hdf5_get_real(struct glb_hdf5_store *s, const char *name, double lowest,
                         double highest) {
    (void)s, (void)name, (void)highest;
    return lowest;
}

void glb_hdf5_put_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                        size_t count, const void *data) {
    (void)s, (void)name, (void)type, (void)count, (void)data;
}

void glb_hdf5_get_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                        size_t count, void *data) {
    (void)s, (void)name, (void)type, (void)count, (void)data;
}

void *glb_hdf5_new_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                         size_t count) {
    (void)s, (void)name, (void)type, (void)count;
    return NULL;
}

enum glb_status glb_sample_file_open(const char *path, int n, int chains, long samples,
                                     struct glb_sample_file **out) {
    (void)n, (void)chains, (void)samples;
    *out = NULL;
    return refuse(path);
}

int glb_sample_file_sample(struct glb_sample_file *h, long sample, int chain, const uint8_t *bits,
                           double energy) {
    (void)h, (void)sample, (void)chain, (void)bits, (void)energy;
    return -1;
}

enum glb_status glb_sample_file_close(struct glb_sample_file *h,
                                      const struct glb_sample_file_info *info,
                                      const struct glb_settings *settings,
                                      const struct glb_result *result) {
    (void)h, (void)info, (void)settings, (void)result;
    return refuse("sample file");
}

void glb_sample_file_discard(struct glb_sample_file *h) {
    (void)h;
}

enum glb_status glb_statistics_file_write(const char *path, const struct glb_sample_file_info *info,
                                          const struct glb_settings *settings,
                                          const struct glb_result *result, const int32_t *edge_i,
                                          const int32_t *edge_j) {
    (void)info, (void)settings, (void)result, (void)edge_i, (void)edge_j;
    return refuse(path);
}
