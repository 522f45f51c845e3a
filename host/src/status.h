/* Error codes and the message of the last error in this thread. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_STATUS_H
#define GLB_STATUS_H

enum glb_status {
    GLB_OK = 0,
    GLB_ERR_ARGUMENT,    /* a value out of its range; the message names it */
    GLB_ERR_FILE,        /* a file cannot be read or written */
    GLB_ERR_FORMAT,      /* a file's content is not what it should be */
    GLB_ERR_MEMORY,      /* out of memory */
    GLB_ERR_FIT,         /* the graph does not fit the array; the message says which resource and by how much */
    GLB_ERR_DEVICE,      /* the device answered with an error or not at all */
    GLB_ERR_PROTOCOL,    /* bytes from the device that the protocol does not allow, or another version */
    GLB_ERR_INTERRUPTED, /* stopped by the caller */
    GLB_ERR_UNSUPPORTED  /* not possible with this device or build */
};

const char *glb_status_name(enum glb_status s);

/* Message of the last failed call in this thread; never NULL. */
const char *glb_error(void);

/* Sets the message, returns s: `return glb_fail(GLB_ERR_FILE, "%s: %s", path, strerror(errno));` */
enum glb_status glb_fail(enum glb_status s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
