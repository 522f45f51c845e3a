/* .npy files: a magic text, the length of a header, the header as a Python dictionary, the
 * elements. SPDX-License-Identifier: Apache-2.0 */
#include "files/npy.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "files/unpack.h"

static const char MAGIC[] = "\x93NUMPY";
enum { MAGIC_SIZE = sizeof MAGIC - 1, MOST_HEADER = 1 << 16 };

int glb_npy_is(const void *start, size_t size) {
    return size >= MAGIC_SIZE && memcmp(start, MAGIC, MAGIC_SIZE) == 0;
}

/* What follows 'KEY': in the header, or NULL. */
static const char *after_key(const char *header, const char *key) {
    char quoted[32];
    snprintf(quoted, sizeof quoted, "'%s':", key);
    const char *at = strstr(header, quoted);
    if (!at)
        return NULL;
    at += strlen(quoted);
    return at + strspn(at, " ");
}

static enum glb_status read_type(const char *path, const char *at, struct glb_npy *x) {
    char order, kind;
    int bytes, end = 0;
    if (at && sscanf(at, "'%c%c%d'%n", &order, &kind, &bytes, &end) == 3 && end > 0) {
        const int known = kind == 'b'   ? bytes == 1
                          : kind == 'f' ? bytes == 4 || bytes == 8
                          : kind == 'i' || kind == 'u'
                              ? bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8
                              : 0;
        if (known && strchr("<>|=", order)) {
            x->kind = (enum glb_npy_kind)kind;
            x->bytes = bytes;
            x->big_endian = order == '>';
            return GLB_OK;
        }
    }
    return glb_fail(GLB_ERR_FORMAT,
                    "%s: elements of the type %.*s; only bool, integers and floats of 4 or 8 bytes "
                    "are read; save it as such (astype)",
                    path, at ? (int)strcspn(at, ",}") : 7, at ? at : "unknown");
}

static enum glb_status read_shape(const char *path, const char *at, struct glb_npy *x) {
    const char *begin = at;
    int bad = !at || *at != '(';
    x->count = 1;
    for (at = bad ? at : at + 1; !bad && *at != ')';) {
        char *end;
        const unsigned long long size = strtoull(at, &end, 10);
        bad = end == at || x->ndim == GLB_NPY_MAX_DIMS || size == 0 ||
              x->count > (SIZE_MAX >> 24) / size || strspn(at, "0123456789") == 0;
        if (bad)
            break;
        x->dim[x->ndim++] = (size_t)size;
        x->count *= (size_t)size;
        at = end + strspn(end, ", ");
    }
    if (!bad && x->ndim > 0)
        return GLB_OK;
    return glb_fail(GLB_ERR_FORMAT,
                    "%s: an array of shape %.*s; it must have 1 to %d dimensions, none of them 0; "
                    "save another one",
                    path, begin ? (int)strcspn(begin, ")") + (strchr(begin, ')') != NULL) : 7,
                    begin ? begin : "unknown", GLB_NPY_MAX_DIMS);
}

static enum glb_status read_header(FILE *f, const char *path, struct glb_npy *x) {
    uint8_t head[MAGIC_SIZE + 2 + 4];
    size_t n = fread(head, 1, MAGIC_SIZE + 4, f);
    if (!glb_npy_is(head, n))
        return glb_fail(GLB_ERR_FORMAT, "%s: not a .npy file; save one with numpy.save", path);
    const int wide = n == MAGIC_SIZE + 4 && head[MAGIC_SIZE] >= 2;
    if (wide)
        n += fread(head + n, 1, 2, f);
    if (n < (size_t)MAGIC_SIZE + (wide ? 6 : 4))
        return glb_fail(GLB_ERR_FORMAT, "%s: ends inside the header; save it again", path);
    uint32_t size = (uint32_t)head[MAGIC_SIZE + 2] | (uint32_t)head[MAGIC_SIZE + 3] << 8;
    if (wide)
        size |= (uint32_t)head[MAGIC_SIZE + 4] << 16 | (uint32_t)head[MAGIC_SIZE + 5] << 24;
    if (head[MAGIC_SIZE] < 1 || head[MAGIC_SIZE] > 3 || size > MOST_HEADER)
        return glb_fail(GLB_ERR_FORMAT,
                        "%s: format %d with a header of %u bytes; formats 1 to 3 with at most %d "
                        "are read; save it again with numpy.save",
                        path, head[MAGIC_SIZE], size, MOST_HEADER);
    char *text = calloc((size_t)size + 1, 1);
    if (!text)
        return glb_fail(GLB_ERR_MEMORY, "%s: no memory for its header", path);
    enum glb_status s = GLB_OK;
    if (fread(text, 1, size, f) != size)
        s = glb_fail(GLB_ERR_FORMAT, "%s: ends inside the header; save it again", path);
    if (s == GLB_OK)
        s = read_type(path, after_key(text, "descr"), x);
    if (s == GLB_OK)
        s = read_shape(path, after_key(text, "shape"), x);
    const char *order = after_key(text, "fortran_order");
    if (s == GLB_OK && x->ndim > 1 && (!order || strncmp(order, "False", 5) != 0))
        s = glb_fail(GLB_ERR_FORMAT, "%s: in Fortran's order; save numpy.ascontiguousarray() of it",
                     path);
    free(text);
    return s;
}

static enum glb_status read_elements(FILE *f, const char *path, struct glb_npy *x) {
    const long begin = ftell(f);
    const long end = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    const size_t size = x->count * (size_t)x->bytes;
    if (begin < 0 || end < 0 || fseek(f, begin, SEEK_SET) != 0)
        return glb_fail(GLB_ERR_FILE, "%s: cannot seek; give a regular file", path);
    if ((size_t)(end - begin) != size) /* before memory is asked for */
        return glb_fail(GLB_ERR_FORMAT,
                        "%s: %ld bytes of elements, but its header asks for %zu; the file is %s; "
                        "save it again",
                        path, end - begin, size,
                        (size_t)(end - begin) < size ? "cut off" : "too long");
    x->data = malloc(size);
    if (!x->data)
        return glb_fail(GLB_ERR_MEMORY, "%s: no memory for %zu bytes", path, size);
    if (fread(x->data, 1, size, f) != size)
        return glb_fail(GLB_ERR_FILE, "%s: read error; give a file that can be read", path);
    return GLB_OK;
}

enum glb_status glb_npy_read(const char *path, struct glb_npy *out) {
    struct glb_unpacked u;
    struct glb_npy x = {0};
    memset(out, 0, sizeof *out);
    enum glb_status s = glb_unpacked_open(path, &u);
    if (s == GLB_OK)
        s = read_header(u.file, path, &x);
    if (s == GLB_OK)
        s = read_elements(u.file, path, &x);
    glb_unpacked_close(&u);
    if (s == GLB_OK)
        *out = x;
    else
        glb_npy_free(&x);
    return s;
}

void glb_npy_free(struct glb_npy *x) {
    free(x->data);
    memset(x, 0, sizeof *x);
}

double glb_npy_value(const struct glb_npy *x, size_t k) {
    const uint8_t *at = (const uint8_t *)x->data + k * (size_t)x->bytes;
    uint64_t bits = 0;
    for (int b = 0; b < x->bytes; b++)
        bits |= (uint64_t)at[b] << 8 * (x->big_endian ? x->bytes - 1 - b : b);
    if (x->kind == GLB_NPY_FLOAT && x->bytes == 4) {
        const uint32_t low = (uint32_t)bits;
        float v;
        memcpy(&v, &low, sizeof v);
        return (double)v;
    }
    if (x->kind == GLB_NPY_FLOAT) {
        double v;
        memcpy(&v, &bits, sizeof v);
        return v;
    }
    if (x->kind == GLB_NPY_SIGNED) {
        const int unused = 64 - 8 * x->bytes;
        return (double)((int64_t)(bits << unused) >> unused);
    }
    return (double)bits;
}
