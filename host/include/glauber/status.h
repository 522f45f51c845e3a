/* glauber/status.h: results of calls, errors in words, threads; part of glauber.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLAUBER_STATUS_H
#define GLAUBER_STATUS_H

#include <stddef.h>
#include <stdint.h>

/* Before every function of the library. */
#if defined _WIN32 && defined GLB_BUILDING
#define GLB_API __declspec(dllexport)
#elif defined _WIN32
#define GLB_API
#else
#define GLB_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum glb_status {
    GLB_OK = 0,
    GLB_ERR_ARGUMENT,    /* a value out of its range; the message names it */
    GLB_ERR_FILE,        /* a file cannot be read or written */
    GLB_ERR_FORMAT,      /* a file's content is not what it should be */
    GLB_ERR_MEMORY,      /* out of memory */
    GLB_ERR_FIT,         /* the graph does not fit the array; the message names the resource, the
                            need and the limit */
    GLB_ERR_DEVICE,      /* the device answered with an error or not at all */
    GLB_ERR_PROTOCOL,    /* bytes from the device that the protocol does not allow, or another
                            version of it */
    GLB_ERR_INTERRUPTED, /* stopped by the caller */
    GLB_ERR_UNSUPPORTED  /* not possible with this device or build */
};

/* Short name of a status; "unknown" for any other number. */
GLB_API const char *glb_status_name(enum glb_status s);

/* Message and status of the last failed call in this thread: "" and GLB_OK if none has failed. A
 * call that succeeds leaves them alone. The text is overwritten by the next failure. */
GLB_API const char *glb_error(void);
GLB_API enum glb_status glb_error_status(void);

/* Version of the library, "major.minor.patch", and as one number, 10000 major + 100 minor + patch.
 */
GLB_API const char *glb_version(void);
GLB_API int glb_version_number(void);

/* The commit it was built from, "-dirty" behind it if the tree was changed; the version if unknown.
 */
GLB_API const char *glb_revision(void);

/* Threads that a call here may work on, the calling one included: glb_set_threads() sets the number
 * for the whole process, 0 (the default): as many as there are processors that the process may run
 * on. glb_threads() returns it. Results do not depend on it. Any thread may call both at any time.
 *
 * The threads are started when first needed and then kept, waiting; they take no signals. After
 * fork() the child starts its own when needed; it may use the library if no other thread of the
 * parent was inside a call then. */
GLB_API void glb_set_threads(int threads);
GLB_API int glb_threads(void);

/* Frees memory that a function here gave to the caller with the note "free with glb_free()". NULL
 * is allowed. */
GLB_API void glb_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
