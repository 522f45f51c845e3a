/* Names files of other kinds by their first bytes. SPDX-License-Identifier: Apache-2.0 */
#include "base/what_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
    const char *bytes;
    size_t count;
    const char *what, *command; /* the command's FILE follows it */
} kinds[] = {
    {"\x1f\x8b", 2, "is gzip-compressed; unpack it first", "gunzip"},
    {"BZh", 3, "is bzip2-compressed; unpack it first", "bunzip2"},
    {"\xfd"
     "7zXZ",
     5, "is xz-compressed; unpack it first", "unxz"},
    {"\x28\xb5\x2f\xfd", 4, "is zstd-compressed; unpack it first", "unzstd"},
    {"PK\x03\x04", 4, "is a zip archive; unpack it first", "unzip"},
    {"\xef\xbb\xbf", 3, "starts with a UTF-8 byte order mark; take it away",
     "LC_ALL=C sed -i '1s/^...//'"},
    {"\xff\xfe", 2, "is UTF-16 text; convert it", "iconv -f UTF-16 -t ASCII"},
    {"\xfe\xff", 2, "is UTF-16 text; convert it", "iconv -f UTF-16 -t ASCII"},
    {"\x89HDF\r\n\x1a\n", 8,
     "is an HDF5 file, such as programs, models and samples are; give the file that is meant "
     "here",
     NULL},
    {"\x89PNG", 4, "is a PNG picture; give the file that is meant here", NULL},
    {"\x93NUMPY", 6, "is a numpy array; write it as text first (scipy.io.mmwrite)", NULL},
    {"%PDF", 4, "is a PDF; give the file that is meant here", NULL},
    {"\x7f"
     "ELF",
     4, "is a program; give the file that is meant here", NULL},
    {"\0\0\x08\x03", 4, "is an IDX file of images; give the file that is meant here", NULL},
    {"\0\0\x08\x01", 4, "is an IDX file of labels; give the file that is meant here", NULL},
};

const char *glb_what_file(const char *name, const void *start, size_t size) {
    static _Thread_local char text[400];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (size >= kinds[i].count && memcmp(start, kinds[i].bytes, kinds[i].count) == 0) {
            if (!kinds[i].command)
                return kinds[i].what;
            snprintf(text, sizeof text, "%s: %s %.200s", kinds[i].what, kinds[i].command, name);
            return text;
        }
    return NULL;
}

enum glb_status glb_expect_text(const char *name, const void *start, size_t size) {
    const char *what = glb_what_file(name, start, size);
    if (!what && size && memchr(start, 0, size < GLB_WHAT_BYTES ? size : GLB_WHAT_BYTES))
        what = "holds NUL bytes, so it is no text; give a text file";
    return what ? glb_fail(GLB_ERR_FORMAT, "%s: %s", name, what) : GLB_OK;
}

enum glb_status glb_open_input(const char *path, int regular, FILE **out) {
    struct stat st;
    *out = NULL;
    if (stat(path, &st) == 0) { /* before a pipe is opened, which would wait for its writer */
        if (S_ISDIR(st.st_mode))
            return glb_fail(GLB_ERR_FILE, "%s: is a directory; give the name of a file", path);
        if (S_ISBLK(st.st_mode) || (regular && !S_ISREG(st.st_mode)))
            return glb_fail(GLB_ERR_FILE,
                            "%s: is a device or a pipe; give the name of a regular file", path);
    }
    *out = fopen(path, "rb");
    if (*out)
        return GLB_OK;
    return glb_fail(GLB_ERR_FILE, "%s: cannot be read: %s; give a file that %s", path,
                    strerror(errno), errno == EACCES ? "may be read" : "exists");
}
