/* Arrays in small HDF5 files. SPDX-License-Identifier: Apache-2.0 */
#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include "files/hdf5_store.h"

static hid_t native(enum glb_element type) {
    switch (type) {
    case GLB_ELEMENT_INT8:
        return H5T_NATIVE_INT8;
    case GLB_ELEMENT_UINT8:
        return H5T_NATIVE_UINT8;
    case GLB_ELEMENT_INT16:
        return H5T_NATIVE_INT16;
    case GLB_ELEMENT_UINT16:
        return H5T_NATIVE_UINT16;
    case GLB_ELEMENT_INT32:
        return H5T_NATIVE_INT32;
    case GLB_ELEMENT_UINT32:
        return H5T_NATIVE_UINT32;
    case GLB_ELEMENT_INT64:
        return H5T_NATIVE_INT64;
    case GLB_ELEMENT_UINT64:
        return H5T_NATIVE_UINT64;
    case GLB_ELEMENT_FLOAT:
        return H5T_NATIVE_FLOAT;
    case GLB_ELEMENT_DOUBLE:
        return H5T_NATIVE_DOUBLE;
    default:
        return H5T_NATIVE_CHAR;
    }
}

void glb_hdf5_put_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                        size_t count, const void *data) {
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
    const hid_t d = H5Dcreate2(s->at, name, native(type), space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (d < 0 || H5Dwrite(d, native(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0 ||
        H5Dflush(d) < 0)
        glb_hdf5_write_failed(s, name);
    H5Dclose(d);
    H5Pclose(list);
    H5Sclose(space);
}

static int all_finite(enum glb_element type, size_t count, const void *data) {
    int ok = 1;
    if (type == GLB_ELEMENT_DOUBLE)
        for (size_t i = 0; i < count; i++)
            ok &= isfinite(((const double *)data)[i]) != 0;
    else if (type == GLB_ELEMENT_FLOAT)
        for (size_t i = 0; i < count; i++)
            ok &= isfinite(((const float *)data)[i]) != 0;
    return ok;
}

/* Fails with the reason if the array is missing or of another size. */
static int has_elements(struct glb_hdf5_store *s, const char *name, size_t count) {
    const int64_t n = glb_hdf5_count(s, name);
    if (n != (int64_t)count)
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name,
                      n < 0 ? "is missing" : "has the wrong number of elements");
    return s->status == GLB_OK;
}

static void read_elements(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                          size_t count, void *data) {
    const hid_t d = H5Dopen2(s->at, name, H5P_DEFAULT);
    if (H5Dread(d, native(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "is damaged or not of the expected type");
    else if (!all_finite(type, count, data))
        glb_hdf5_fail(s, GLB_ERR_FORMAT, name, "holds a value that is not a number");
    H5Dclose(d);
}

void glb_hdf5_get_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                        size_t count, void *data) {
    if (has_elements(s, name, count))
        read_elements(s, name, type, count, data);
}

void *glb_hdf5_new_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                         size_t count) {
    if (!has_elements(s, name, count))
        return NULL;
    void *data = calloc(count + 1, H5Tget_size(native(type)));
    if (!data)
        glb_hdf5_fail(s, GLB_ERR_MEMORY, name, "needs more memory than there is");
    else
        read_elements(s, name, type, count, data);
    if (s->status == GLB_OK)
        return data;
    free(data);
    return NULL;
}
