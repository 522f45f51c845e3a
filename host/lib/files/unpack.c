/* Unpacks gzip-compressed files into memory. SPDX-License-Identifier: Apache-2.0 */
#include "files/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/what_file.h"

enum { FIRST_ROOM = 1 << 16 };
static const size_t most = (size_t)1 << 31;

static enum glb_status damaged(const char *path) {
    return glb_fail(GLB_ERR_FORMAT,
                    "%s: damaged: it cannot be unpacked to its end, perhaps it is cut off; fetch "
                    "the file again",
                    path);
}

static enum glb_status unpack(gzFile from, const char *path, char **content, size_t *size) {
    size_t room = 0;
    for (;;) {
        if (*size == room) {
            room = room ? 2 * room : FIRST_ROOM;
            char *grown = room <= most ? realloc(*content, room) : NULL;
            if (!grown)
                return glb_fail(GLB_ERR_MEMORY,
                                "%s: unpacks to more than memory or 2 GiB hold; split the set",
                                path);
            *content = grown;
        }
        const size_t left = room - *size;
        const int got = gzread(from, *content + *size, (unsigned)(left < 1 << 30 ? left : 1 << 30));
        if (got < 0)
            return damaged(path);
        if (got == 0)
            return GLB_OK;
        *size += (size_t)got;
    }
}

enum glb_status glb_unpacked_open(const char *path, struct glb_unpacked *out) {
    unsigned char start[2];
    memset(out, 0, sizeof *out);
    enum glb_status s = glb_open_input(path, 1, &out->file);
    if (s != GLB_OK)
        return s;
    const size_t n = fread(start, 1, sizeof start, out->file);
    rewind(out->file);
    if (n < sizeof start || start[0] != 0x1f || start[1] != 0x8b)
        return GLB_OK;
    fclose(out->file);
    out->file = NULL;
    gzFile from = gzopen(path, "rb");
    if (!from)
        return glb_fail(GLB_ERR_FILE, "%s: cannot be read; give a file that may be read", path);
    char *content = NULL;
    size_t size = 0;
    s = unpack(from, path, &content, &size);
    if (gzclose_r(from) != Z_OK && s == GLB_OK) /* it ends within a stream */
        s = damaged(path);
    if (s == GLB_OK && size == 0)
        s = glb_fail(GLB_ERR_FORMAT, "%s: unpacks to nothing; fetch the file again", path);
    if (s == GLB_OK && !(out->file = fmemopen(content, size, "rb")))
        s = glb_fail(GLB_ERR_MEMORY, "%s: no memory to read it", path);
    if (s != GLB_OK)
        free(content);
    else
        out->content = content;
    return s;
}

void glb_unpacked_close(struct glb_unpacked *u) {
    if (u->file)
        fclose(u->file);
    free(u->content);
    memset(u, 0, sizeof *u);
}

size_t glb_unpacked_start(const char *path, void *start, size_t size) {
    FILE *f;
    if (glb_open_input(path, 1, &f) != GLB_OK) /* before gzopen(), which would wait for a pipe */
        return 0;
    fclose(f);
    gzFile from = gzopen(path, "rb");
    const int got = from ? gzread(from, start, (unsigned)size) : 0;
    if (from)
        gzclose_r(from);
    return got > 0 ? (size_t)got : 0;
}
