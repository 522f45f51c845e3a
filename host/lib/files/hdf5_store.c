/* Small HDF5 files. SPDX-License-Identifier: Apache-2.0 */
#include "files/hdf5_store.h"

#include <hdf5.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/what_file.h"

_Static_assert(sizeof(hid_t) == sizeof(int64_t), "HDF5 1.10 or newer");

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

void glb_hdf5_no_exit_handler(void) {
    H5dont_atexit();
}

/* The system's reason is a text in one of the errors that HDF5 keeps of its last call. */
static herr_t find_reason(unsigned n, const H5E_error2_t *e, void *user) {
    static const char mark[] = "error message = '";
    const char *at = e->desc ? strstr(e->desc, mark) : NULL;
    (void)n;
    if (at) {
        at += sizeof mark - 1;
        snprintf(user, 80, "%.*s", (int)strcspn(at, "'"), at);
    }
    return 0;
}

void glb_hdf5_write_failed(struct glb_hdf5_store *s, const char *name) {
    char reason[80] = "is the disk full?", item[80] = "";
    if (s->status != GLB_OK)
        return;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, find_reason, reason);
    if (name)
        snprintf(item, sizeof item, " '%s'", name);
    set_status(s, glb_fail(GLB_ERR_FILE, "%s:%s cannot be written: %s; choose a place with room",
                           s->path, item, reason));
}

void glb_hdf5_fail(struct glb_hdf5_store *s, enum glb_status status, const char *name,
                   const char *what) {
    if (s->status == GLB_OK)
        set_status(s,
                   glb_fail(status, "%s: '%s' %s%s", s->path, name, what,
                            status == GLB_ERR_FORMAT && !strchr(what, ';') ? "; make the file again"
                                                                           : ""));
}

void glb_hdf5_flush(struct glb_hdf5_store *s) {
    if (s->status == GLB_OK && s->writing && H5Fflush(s->file, H5F_SCOPE_LOCAL) < 0)
        glb_hdf5_write_failed(s, NULL);
}

/* HDF5 prints its error stack by itself. While a store is open this file's messages replace that; a
 * program that also uses HDF5 directly finds its own setting again after the last one is closed.
 * After a write that failed it stays off: HDF5 would print what that has left behind when the
 * program ends. */
static pthread_mutex_t print_lock = PTHREAD_MUTEX_INITIALIZER;
static int open_stores;
static H5E_auto2_t print_function;
static void *print_data;

static void printing_off(struct glb_hdf5_store *s) {
    pthread_mutex_lock(&print_lock);
    if (open_stores++ == 0) {
        H5Eget_auto2(H5E_DEFAULT, &print_function, &print_data);
        H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    }
    s->quiet = 1;
    pthread_mutex_unlock(&print_lock);
}

static void printing_back(struct glb_hdf5_store *s) {
    pthread_mutex_lock(&print_lock);
    const int left_behind = s->writing && s->status == GLB_ERR_FILE && s->file >= 0;
    if (s->quiet && !left_behind && --open_stores == 0)
        H5Eset_auto2(H5E_DEFAULT, print_function, print_data);
    s->quiet = 0;
    pthread_mutex_unlock(&print_lock);
}

static void start(struct glb_hdf5_store *s, const char *path) {
    memset(s, 0, sizeof *s);
    s->file = s->at = H5I_INVALID_HID;
    printing_off(s);
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
        glb_hdf5_write_failed(s, NULL);
}

/* What the file is if it is not HDF5. */
static enum glb_status check_kind(const char *path) {
    char start[GLB_WHAT_BYTES];
    FILE *f;
    const enum glb_status s = glb_open_input(path, 1, &f);
    if (s != GLB_OK)
        return s;
    const size_t n = fread(start, 1, sizeof start, f);
    fclose(f);
    if (n >= 8 && memcmp(start, "\x89HDF\r\n\x1a\n", 8) == 0)
        return GLB_OK;
    const char *what = glb_what_file(path, start, n);
    return glb_fail(GLB_ERR_FORMAT,
                    "%s: not an HDF5 file, as programs, models and checkpoints are; it %s", path,
                    n == 0  ? "is empty; make it again"
                    : !what ? "is of another kind; give the file that is meant here"
                            : what);
}

void glb_hdf5_open(struct glb_hdf5_store *s, const char *path) {
    start(s, path);
    if (s->status != GLB_OK)
        return;
    s->status = check_kind(path);
    if (s->status != GLB_OK)
        return;
    s->file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    s->at = s->file < 0 ? H5I_INVALID_HID : H5Gopen2(s->file, "/", H5P_DEFAULT);
    if (s->at < 0)
        s->status = glb_fail(GLB_ERR_FORMAT,
                             "%s: a damaged HDF5 file, perhaps cut off; make it again", path);
}

enum glb_status glb_hdf5_close(struct glb_hdf5_store *s) {
    glb_hdf5_flush(s);
    if (s->at >= 0)
        H5Gclose(s->at);
    if (s->file >= 0 && H5Fclose(s->file) < 0)
        glb_hdf5_write_failed(s, NULL);
    if (s->status == GLB_OK)
        s->status = glb_atomic_commit(&s->output);
    else
        glb_atomic_discard(&s->output);
    printing_back(s);
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

int glb_hdf5_has_attribute(struct glb_hdf5_store *s, const char *name) {
    return s->status == GLB_OK && H5Aexists(s->at, name) > 0;
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
        glb_hdf5_write_failed(s, name);
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
