/* Error messages, one per thread; memory given to the caller. SPDX-License-Identifier: Apache-2.0
 */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/c_locale.h"

static _Thread_local char message[512];
static _Thread_local enum glb_status status;

const char *glb_status_name(enum glb_status s) {
    static const char *names[] = {"ok",          "bad argument", "file error", "bad format",
                                  "memory",      "does not fit", "device",     "protocol",
                                  "interrupted", "unsupported"};
    return (unsigned)s < sizeof names / sizeof names[0] ? names[s] : "unknown";
}

const char *glb_error(void) {
    return message;
}

enum glb_status glb_error_status(void) {
    return status;
}

enum glb_status glb_fail(enum glb_status s, const char *format, ...) {
    char text[sizeof message]; /* the old message may be one of the arguments */
    va_list ap;
    const locale_t before = glb_c_locale_begin();
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    glb_c_locale_end(before);
    snprintf(message, sizeof message, "%s", text);
    status = s;
    return s;
}

void glb_free(void *memory) {
    free(memory);
}
