/* Small HDF5 files. SPDX-License-Identifier: Apache-2.0 */
#include "files/hdf5_store.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* HDF5 keeps a file open that it fails to close, and crashes on it when the program ends. So once
 * anything has failed, what it still has to write goes into memory instead of a full disk. */
static void divert(const struct glb_hdf5_store *s) {
    void *handle;
    const hid_t access = H5Fget_access_plist(s->file);
    if (H5Pget_driver(access) == H5FD_SEC2 && H5Fget_vfd_handle(s->file, access, &handle) >= 0) {
        const int memory = memfd_create("glauber", MFD_CLOEXEC);
        if (memory >= 0) {
            dup2(memory, *(int *)handle);
            close(memory);
        }
    }
    H5Pclose(access);
}

static void set_status(struct glb_hdf5_store *s, enum glb_status status) {
    s->status = status;
    if (s->writing && s->file >= 0)
        divert(s);
}

void glb_hdf5_fail(struct glb_hdf5_store *s, enum glb_status status, const char *name,
                   const char *what) {
    if (s->status == GLB_OK)
        set_status(s, glb_fail(status, "%s: '%s' %s", s->path, name, what));
}

void glb_hdf5_flush(struct glb_hdf5_store *s) {
    if (s->status == GLB_OK && s->writing && H5Fflush(s->file, H5F_SCOPE_LOCAL) < 0)
        set_status(s, glb_fail(GLB_ERR_FILE, "%s: cannot be written (is the disk full?)", s->path));
}

static void start(struct glb_hdf5_store *s, const char *path) {
    memset(s, 0, sizeof *s);
    s->file = s->at = H5I_INVALID_HID;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* errors are reported by this file's messages alone */
    if (snprintf(s->path, sizeof s->path, "%s", path) >= (int)sizeof s->path)
        s->status = glb_fail(GLB_ERR_ARGUMENT, "a path of %zu bytes is too long", strlen(path));
}

void glb_hdf5_create(struct glb_hdf5_store *s, const char *path) {
    start(s, path);
    s->writing = 1;
    if (s->status != GLB_OK)
        return;
    s->status = glb_atomic_create(&s->output, path);
    if (s->status != GLB_OK)
        return;
    s->file = H5Fcreate(s->output.temporary, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    s->at = s->file < 0 ? H5I_INVALID_HID : H5Gopen2(s->file, "/", H5P_DEFAULT);
    if (s->at < 0)
        s->status = glb_fail(GLB_ERR_FILE, "%s: cannot be created (is the disk full?)", path);
}

void glb_hdf5_open(struct glb_hdf5_store *s, const char *path) {
    start(s, path);
    if (s->status != GLB_OK)
        return;
    if (access(path, R_OK) != 0) {
        s->status = glb_fail(GLB_ERR_FILE, "%s: %s", path, strerror(errno));
        return;
    }
    s->file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    s->at = s->file < 0 ? H5I_INVALID_HID : H5Gopen2(s->file, "/", H5P_DEFAULT);
    if (s->at < 0)
        s->status = glb_fail(GLB_ERR_FORMAT, "%s: not an HDF5 file, or damaged", path);
}

enum glb_status glb_hdf5_close(struct glb_hdf5_store *s) {
    glb_hdf5_flush(s);
    if (s->at >= 0)
        H5Gclose(s->at);
    if (s->file >= 0 && H5Fclose(s->file) < 0 && s->status == GLB_OK)
        s->status = glb_fail(GLB_ERR_FILE, "%s: cannot be written (is the disk full?)", s->path);
    if (s->status == GLB_OK)
        s->status = glb_atomic_commit(&s->output);
    else
        glb_atomic_discard(&s->output);
    s->file = s->at = H5I_INVALID_HID;
    return s->status;
}

void glb_hdf5_group(struct glb_hdf5_store *s, const char *name) {
    if (s->status != GLB_OK)
        return;
    H5Gclose(s->at);
    if (!name)
        s->at = H5Gopen2(s->file, "/", H5P_DEFAULT);
    else if (s->writing)
        s->at = H5Gcreate2(s->file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    else
        s->at = H5Gopen2(s->file, name, H5P_DEFAULT);
    if (s->at < 0)
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name ? name : "/", "is missing");
}

int glb_hdf5_has(struct glb_hdf5_store *s, const char *name) {
    return s->status == GLB_OK && H5Lexists(s->at, name, H5P_DEFAULT) > 0;
}

int64_t glb_hdf5_count(struct glb_hdf5_store *s, const char *name) {
    if (s->status != GLB_OK)
        return -1;
    const hid_t d = H5Dopen2(s->at, name, H5P_DEFAULT), space = d < 0 ? d : H5Dget_space(d);
    const hssize_t n = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    if (space >= 0)
        H5Sclose(space);
    if (d >= 0)
        H5Dclose(d);
    return n;
}

static void put_attribute(struct glb_hdf5_store *s, const char *name, hid_t type,
                          const void *value) {
    if (s->status != GLB_OK)
        return;
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t a = H5Acreate2(s->at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (a < 0 || H5Awrite(a, type, value) < 0)
        glb_hdf5_fail(s, GLB_ERR_FILE, name, "cannot be written (is the disk full?)");
    H5Aclose(a);
    H5Sclose(space);
}

static void get_attribute(struct glb_hdf5_store *s, const char *name, hid_t type, void *value) {
    if (s->status != GLB_OK)
        return;
    const hid_t a = H5Aopen(s->at, name, H5P_DEFAULT);
    const hid_t space = a < 0 ? H5I_INVALID_HID : H5Aget_space(a);
    if (a < 0)
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "is missing");
    else if (H5Sget_simple_extent_npoints(space) != 1 || H5Aread(a, type, value) < 0)
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "is not of the expected type");
    if (space >= 0)
        H5Sclose(space);
    if (a >= 0)
        H5Aclose(a);
}

void glb_hdf5_put_text(struct glb_hdf5_store *s, const char *name, const char *text) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, strlen(text) + 1);
    put_attribute(s, name, type, text);
    H5Tclose(type);
}

void glb_hdf5_get_text(struct glb_hdf5_store *s, const char *name, char *text, size_t size) {
    text[0] = 0;
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size); /* longer texts are cut, the last byte is 0 */
    get_attribute(s, name, type, text);
    H5Tclose(type);
    text[size - 1] = 0;
}

void glb_hdf5_put_int(struct glb_hdf5_store *s, const char *name, int64_t v) {
    put_attribute(s, name, H5T_NATIVE_INT64, &v);
}

int64_t glb_hdf5_get_int(struct glb_hdf5_store *s, const char *name, int64_t lowest,
                         int64_t highest) {
    int64_t v = lowest;
    get_attribute(s, name, H5T_NATIVE_INT64, &v);
    if (s->status == GLB_OK && (v < lowest || v > highest)) {
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "is out of its range");
        v = lowest;
    }
    return v;
}

void glb_hdf5_put_real(struct glb_hdf5_store *s, const char *name, double v) {
    put_attribute(s, name, H5T_NATIVE_DOUBLE, &v);
}

double glb_hdf5_get_real(struct glb_hdf5_store *s, const char *name, double lowest,
                         double highest) {
    double v = lowest;
    get_attribute(s, name, H5T_NATIVE_DOUBLE, &v);
    if (s->status == GLB_OK && !(v >= lowest && v <= highest)) {
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "is out of its range");
        v = lowest;
    }
    return v;
}

void glb_hdf5_put_array(struct glb_hdf5_store *s, const char *name, hid_t type, size_t count,
                        const void *data) {
    if (s->status != GLB_OK)
        return;
    const hsize_t n = count;
    const hid_t space = H5Screate_simple(1, &n, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(list, 0); /* the same content gives the same bytes */
    if (count > 1024) {
        const hsize_t chunk = count < 65536 ? count : 65536;
        H5Pset_chunk(list, 1, &chunk);
        H5Pset_shuffle(list);
        H5Pset_deflate(list, 1);
    }
    const hid_t d = H5Dcreate2(s->at, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (d < 0 || H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0 || H5Dflush(d) < 0)
        glb_hdf5_fail(s, GLB_ERR_FILE, name, "cannot be written (is the disk full?)");
    H5Dclose(d);
    H5Pclose(list);
    H5Sclose(space);
}

static int all_finite(hid_t type, size_t count, const void *data) {
    int ok = 1;
    if (H5Tequal(type, H5T_NATIVE_DOUBLE) > 0)
        for (size_t i = 0; i < count; i++)
            ok &= isfinite(((const double *)data)[i]) != 0;
    else if (H5Tequal(type, H5T_NATIVE_FLOAT) > 0)
        for (size_t i = 0; i < count; i++)
            ok &= isfinite(((const float *)data)[i]) != 0;
    return ok;
}

/* Says what is wrong if the array is missing or of another size. */
static int has_elements(struct glb_hdf5_store *s, const char *name, size_t count) {
    const int64_t n = glb_hdf5_count(s, name);
    if (n != (int64_t)count)
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name,
                      n < 0 ? "is missing" : "has the wrong number of elements");
    return s->status == GLB_OK;
}

static void read_elements(struct glb_hdf5_store *s, const char *name, hid_t type, size_t count,
                          void *data) {
    const hid_t d = H5Dopen2(s->at, name, H5P_DEFAULT);
    if (H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "is damaged or not of the expected type");
    else if (!all_finite(type, count, data))
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "holds a value that is not a number");
    H5Dclose(d);
}

void glb_hdf5_get_array(struct glb_hdf5_store *s, const char *name, hid_t type, size_t count,
                        void *data) {
    if (has_elements(s, name, count))
        read_elements(s, name, type, count, data);
}

void *glb_hdf5_new_array(struct glb_hdf5_store *s, const char *name, hid_t type, size_t count) {
    if (!has_elements(s, name, count))
        return NULL;
    void *data = calloc(count + 1, H5Tget_size(type));
    if (!data)
        glb_hdf5_fail(s, GLB_ERR_MEMORY, name, "needs more memory than there is");
    else
        read_elements(s, name, type, count, data);
    if (s->status == GLB_OK)
        return data;
    free(data);
    return NULL;
}
