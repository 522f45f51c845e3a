/* Output files: temporary beside the target, flush, rename. SPDX-License-Identifier: Apache-2.0 */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/c_locale.h"

enum { MOST_NAMES = 1000 };

/* The file to be replaced: `path` itself, or the one that a symbolic link points to. */
static enum glb_status find_target(const char *path, char **target) {
    struct stat st;
    if (!*path)
        return glb_fail(GLB_ERR_ARGUMENT, "the name of an output file is empty");
    if (lstat(path, &st) != 0) {
        if (errno != ENOENT)
            return glb_fail(GLB_ERR_FILE, "%s: cannot be created: %s; choose another place", path,
                            strerror(errno));
        *target = strdup(path);
        return *target ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "%s: no memory for its name", path);
    }
    if (S_ISLNK(st.st_mode) && stat(path, &st) != 0)
        return glb_fail(
            GLB_ERR_FILE,
            "%s: a symbolic link to a file that does not exist; remove it or give another name",
            path);
    if (S_ISDIR(st.st_mode))
        return glb_fail(GLB_ERR_FILE, "%s: is a directory; give the name of a file", path);
    if (!S_ISREG(st.st_mode))
        return glb_fail(GLB_ERR_FILE,
                        "%s: is a device, pipe or socket and is not replaced; give the name of a "
                        "file",
                        path);
    if (access(path, W_OK) != 0)
        return glb_fail(GLB_ERR_FILE, "%s: cannot be replaced: %s; choose another name", path,
                        strerror(errno));
    *target = realpath(path, NULL);
    return *target ? GLB_OK : glb_fail(GLB_ERR_FILE, "%s: %s", path, strerror(errno));
}

/* A name of its own for every writer, so that two runs with the same output do not mix. */
static enum glb_status create_temporary(struct glb_atomic_file *f) {
    static atomic_uint counter;
    const size_t size = strlen(f->path) + 48;
    f->temporary = malloc(size);
    if (!f->temporary)
        return glb_fail(GLB_ERR_MEMORY, "%s: no memory for its name", f->path);
    int fd = -1;
    for (int k = 0; k < MOST_NAMES && fd < 0; k++) {
        snprintf(f->temporary, size, "%s.%ld-%u.tmp", f->path, (long)getpid(),
                 atomic_fetch_add(&counter, 1));
        fd = open(f->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd >= 0) {
        close(fd);
        return GLB_OK;
    }
    const enum glb_status s =
        glb_fail(GLB_ERR_FILE, "%s: cannot be created: %s%s", f->path, strerror(errno),
                 errno == ENOENT ? "; make its folder first" : "; choose another place");
    free(f->temporary);
    f->temporary = NULL;
    return s;
}

enum glb_status glb_atomic_create(struct glb_atomic_file *f, const char *path) {
    *f = (struct glb_atomic_file){0};
    enum glb_status s = find_target(path, &f->path);
    if (!s)
        s = create_temporary(f);
    if (s)
        glb_atomic_discard(f);
    return s;
}

void glb_atomic_discard(struct glb_atomic_file *f) {
    if (f->temporary)
        unlink(f->temporary);
    free(f->temporary);
    free(f->path);
    *f = (struct glb_atomic_file){0};
}

/* The renamed file must not be empty after a power cut, so its bytes reach the disk first. */
static int flush_to_disk(const char *path) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    const int ok = fsync(fd) == 0;
    const int error = errno;
    close(fd);
    errno = error;
    return ok;
}

enum glb_status glb_atomic_commit(struct glb_atomic_file *f) {
    enum glb_status s = GLB_OK;
    if (!f->temporary)
        return GLB_OK;
    if (!flush_to_disk(f->temporary) || rename(f->temporary, f->path) != 0)
        s = glb_fail(GLB_ERR_FILE, "%s: cannot be written: %s", f->path, strerror(errno));
    if (!s) {
        free(f->temporary);
        f->temporary = NULL;
    }
    glb_atomic_discard(f);
    return s;
}

enum glb_status glb_atomic_check(const char *path) {
    struct glb_atomic_file f;
    const enum glb_status s = glb_atomic_create(&f, path);
    glb_atomic_discard(&f);
    return s;
}

static enum glb_status run_in_c_locale(glb_atomic_body body, const void *user, FILE *to) {
    const locale_t before = glb_c_locale_begin();
    const enum glb_status s = body(user, to);
    glb_c_locale_end(before);
    return s;
}

enum glb_status glb_atomic_write(const char *path, glb_atomic_body body, const void *user) {
    struct glb_atomic_file f;
    enum glb_status s = glb_atomic_create(&f, path);
    if (s)
        return s;
    FILE *to = fopen(f.temporary, "w");
    if (!to) {
        s = glb_fail(GLB_ERR_FILE, "%s: cannot be created: %s", path, strerror(errno));
    } else {
        errno = 0; /* of the first write that fails, which may lie in body */
        s = run_in_c_locale(body, user, to);
        int failed = fflush(to) | ferror(to);
        const int reason = errno;
        failed |= fclose(to);
        if (failed && !s)
            s = glb_fail(GLB_ERR_FILE, "%s: cannot be written: %s", path,
                         strerror(reason ? reason : errno));
    }
    if (!s)
        return glb_atomic_commit(&f);
    glb_atomic_discard(&f);
    return s;
}
