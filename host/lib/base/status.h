/* Setting the message of the last error in this thread; codes are in glauber.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_STATUS_H
#define GLB_BASE_STATUS_H

#include <glauber.h>

/* Sets the message, returns s: `return glb_fail(GLB_ERR_FILE, "%s: %s", path, strerror(errno));` */
enum glb_status glb_fail(enum glb_status s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
