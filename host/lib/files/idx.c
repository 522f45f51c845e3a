/* IDX reader: 00 00 type dims, then big-endian sizes, then the bytes. SPDX-License-Identifier:
 * Apache-2.0 */
#include "files/idx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/what_file.h"
#include "files/unpack.h"

static uint32_t big_endian(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static enum glb_status other_kind(FILE *f, const char *path) {
    uint8_t start[GLB_WHAT_BYTES];
    rewind(f);
    const size_t n = fread(start, 1, sizeof start, f);
    const char *what = glb_what_file(path, start, n);
    return glb_fail(GLB_ERR_FORMAT, "%s: not an IDX file of images or labels; it %s", path,
                    what ? what : "is of another kind; give the file that is meant here");
}

static enum glb_status read_header(FILE *f, const char *path, int ndim, struct glb_idx *x) {
    uint8_t head[4];
    const size_t n = fread(head, 1, 4, f);
    if (n == 4 && (head[0] != 0 || head[1] != 0))
        return other_kind(f, path);
    if (n != 4)
        return glb_fail(GLB_ERR_FORMAT,
                        "%s: shorter than an IDX header of 4 bytes; fetch the file again", path);
    if (head[2] != 0x08)
        return glb_fail(GLB_ERR_FORMAT,
                        "%s: IDX element type 0x%02x; only 0x08 (bytes) is read; convert it", path,
                        head[2]);
    if (head[3] != ndim)
        return glb_fail(GLB_ERR_FORMAT, "%s: IDX array of %d dimensions, %d expected%s", path,
                        head[3], ndim,
                        head[3] == 1   ? "; these are labels, give images"
                        : head[3] == 3 ? "; these are images, give labels"
                                       : "; give another file");
    const uint64_t most = UINT64_C(1) << (sizeof(size_t) > 4 ? 40 : 30);
    x->ndim = ndim;
    x->size = 1;
    for (int d = 0; d < ndim; d++) {
        if (fread(head, 1, 4, f) != 4)
            return glb_fail(GLB_ERR_FORMAT, "%s: ends inside the IDX header; fetch the file again",
                            path);
        x->dim[d] = big_endian(head);
        if (x->dim[d] == 0 || x->size > most / x->dim[d])
            return glb_fail(
                GLB_ERR_FORMAT,
                "%s: IDX dimension %d is %u, which cannot be right; fetch the file again", path, d,
                x->dim[d]);
        x->size *= x->dim[d];
    }
    return GLB_OK;
}

static enum glb_status read_elements(FILE *f, const char *path, int ndim, struct glb_idx *x) {
    /* The file's length is compared before the memory is asked for: a damaged header must not ask
     * for terabytes. */
    const size_t head = 4 + 4 * (size_t)ndim;
    const long end = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    if (end < 0 || fseek(f, (long)head, SEEK_SET) != 0)
        return glb_fail(GLB_ERR_FILE, "%s: cannot seek: %s", path, strerror(errno));
    if ((size_t)end != head + x->size)
        return glb_fail(
            GLB_ERR_FORMAT,
            "%s: %ld bytes, but its header asks for %zu; the file is %s; fetch it again", path, end,
            head + x->size, (size_t)end < head + x->size ? "cut off" : "too long");
    if (!(x->data = malloc(x->size)))
        return glb_fail(GLB_ERR_MEMORY, "%s: no memory for %zu bytes", path, x->size);
    if (fread(x->data, 1, x->size, f) != x->size)
        return glb_fail(GLB_ERR_FILE, "%s: read error: %s", path, strerror(errno));
    return GLB_OK;
}

enum glb_status glb_idx_read(const char *path, int ndim, struct glb_idx *out) {
    memset(out, 0, sizeof *out);
    if (ndim < 1 || ndim > GLB_IDX_MAX_DIMS)
        return glb_fail(GLB_ERR_ARGUMENT, "IDX arrays have 1 to %d dimensions, not %d",
                        GLB_IDX_MAX_DIMS, ndim);
    if (access(path, F_OK) != 0)
        return glb_fail(GLB_ERR_FILE,
                        "%s: %s; `make data` fetches MNIST, --data names the folder or both files",
                        path, strerror(errno));
    struct glb_unpacked u;
    enum glb_status s = glb_unpacked_open(path, &u);
    if (s != GLB_OK)
        return s;
    struct glb_idx x = {0};
    s = read_header(u.file, path, ndim, &x);
    if (s == GLB_OK)
        s = read_elements(u.file, path, ndim, &x);
    glb_unpacked_close(&u);
    if (s == GLB_OK)
        *out = x;
    else
        glb_idx_free(&x);
    return s;
}

void glb_idx_free(struct glb_idx *x) {
    free(x->data);
    memset(x, 0, sizeof *x);
}
