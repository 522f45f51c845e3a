/* Error messages, one per thread. SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

static _Thread_local char message[512];

const char *glb_status_name(enum glb_status s) {
    static const char *names[] = {"ok",          "bad argument", "file error", "bad format",
                                  "memory",      "does not fit", "device",     "protocol",
                                  "interrupted", "unsupported"};
    return (unsigned)s < sizeof names / sizeof names[0] ? names[s] : "unknown";
}

const char *glb_error(void) {
    return message;
}

enum glb_status glb_fail(enum glb_status s, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    return s;
}
