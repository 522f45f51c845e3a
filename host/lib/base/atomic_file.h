/* Output files that appear under their name only when they are complete: written to a temporary
 * file beside the target and renamed. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_ATOMIC_FILE_H
#define GLB_BASE_ATOMIC_FILE_H

#include <stdio.h>
#include "base/status.h"

/* Zero-initialised: no file. Between glb_atomic_create() and commit or discard the temporary
 * exists. */
struct glb_atomic_file {
    char *path;      /* the target; of a symbolic link, the file that it points to */
    char *temporary; /* path.PID-N.tmp, in the same folder */
};

/* Creates the empty temporary; the caller opens it by name. GLB_ERR_FILE if that fails, or if
 * `path` is a directory, a device, a pipe, a link to nothing, or a file that may not be written. */
enum glb_status glb_atomic_create(struct glb_atomic_file *f, const char *path);

/* Flushes the temporary, which the caller has closed, to the disk and renames it. If that fails the
 * temporary is removed and the target is as before. Does nothing for a zero-initialised f. */
enum glb_status glb_atomic_commit(struct glb_atomic_file *f);

/* Removes the temporary; glb_error() stays as it is. May be called at any time. */
void glb_atomic_discard(struct glb_atomic_file *f);

/* Whether the file could be written: GLB_OK, or the error of glb_atomic_create(). Leaves nothing
 * behind. */
enum glb_status glb_atomic_check(const char *path);

/* Writes a whole file through a stream: create, body (in the C locale), commit. An error of body or
 * of the stream leaves the old file; the first message is kept. */
typedef enum glb_status (*glb_atomic_body)(const void *user, FILE *to);
enum glb_status glb_atomic_write(const char *path, glb_atomic_body body, const void *user);

#endif
