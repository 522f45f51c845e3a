/* Small HDF5 files: attributes and arrays with errors that name the file and the item. Written to a
 * temporary file and renamed. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FILES_HDF5_STORE_H
#define GLB_FILES_HDF5_STORE_H

#include <stddef.h>
#include <stdint.h>
#include "base/atomic_file.h"
#include "base/status.h"

/* Types of array elements, in memory as in the file (little-endian). */
enum glb_element {
    GLB_ELEMENT_INT8,
    GLB_ELEMENT_UINT8,
    GLB_ELEMENT_INT16,
    GLB_ELEMENT_UINT16,
    GLB_ELEMENT_INT32,
    GLB_ELEMENT_UINT32,
    GLB_ELEMENT_INT64,
    GLB_ELEMENT_UINT64,
    GLB_ELEMENT_FLOAT,
    GLB_ELEMENT_DOUBLE,
    GLB_ELEMENT_CHAR
};

/* Calls after a failed one do nothing, so a writer or reader checks glb_hdf5_close() alone. */
struct glb_hdf5_store {
    int64_t file, at;   /* HDF5 identifiers: the file; the group that names refer to */
    int writing, quiet; /* quiet: HDF5's own error printing is off because of this store */
    enum glb_status status;
    char path[1024];
    struct glb_atomic_file output; /* when writing */
};

/* For programs that use HDF5 through this library alone, before anything else: HDF5 then leaves
 * alone, when the program ends, what it could not write to a full disk, instead of crashing. */
void glb_hdf5_no_exit_handler(void);

void glb_hdf5_create(struct glb_hdf5_store *s, const char *path);
void glb_hdf5_open(struct glb_hdf5_store *s, const char *path);
/* Writes what HDF5 still holds, before the caller closes objects of its own; glb_hdf5_close() does
 * it too. */
void glb_hdf5_flush(struct glb_hdf5_store *s);
/* A failed or never finished writer leaves the old file as it was. */
enum glb_status glb_hdf5_close(struct glb_hdf5_store *s);

/* Makes (writing) or enters (reading) a group of the file; NULL: the root. */
void glb_hdf5_group(struct glb_hdf5_store *s, const char *name);
int glb_hdf5_has(struct glb_hdf5_store *s, const char *name);
int glb_hdf5_has_attribute(struct glb_hdf5_store *s, const char *name);
/* Elements of an array; -1 if there is none. */
int64_t glb_hdf5_count(struct glb_hdf5_store *s, const char *name);

void glb_hdf5_put_text(struct glb_hdf5_store *s, const char *name, const char *text);
void glb_hdf5_put_int(struct glb_hdf5_store *s, const char *name, int64_t v);
void glb_hdf5_put_real(struct glb_hdf5_store *s, const char *name, double v);
void glb_hdf5_get_text(struct glb_hdf5_store *s, const char *name, char *text, size_t size);
int64_t glb_hdf5_get_int(struct glb_hdf5_store *s, const char *name, int64_t lowest,
                         int64_t highest);
/* NaN lies in no range. */
double glb_hdf5_get_real(struct glb_hdf5_store *s, const char *name, double lowest, double highest);

/* One-dimensional arrays of a type. Reading asks for exactly `count` elements, those
 * of float and double finite. */
void glb_hdf5_put_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                        size_t count, const void *data);
void glb_hdf5_get_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                        size_t count, void *data);
/* The same in new memory (the caller frees it); NULL once anything failed. The file is asked for
 * its size first, so that a wrong count in a damaged file costs no memory. */
void *glb_hdf5_new_array(struct glb_hdf5_store *s, const char *name, enum glb_element type,
                         size_t count);

/* For a write that failed: "name cannot be written" with the system's reason; name NULL: the file.
 */
void glb_hdf5_write_failed(struct glb_hdf5_store *s, const char *name);

/* For callers that find a value wrong: sets status and message once. */
void glb_hdf5_fail(struct glb_hdf5_store *s, enum glb_status status, const char *name,
                   const char *what);

#endif
