/* Lines of the self-test for its caller. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_CHECK_REPORT_H
#define GLB_CHECK_REPORT_H

#include "base/status.h"

struct report {
    glb_line_fn fn; /* or NULL */
    void *user;
};

void report_line(const struct report *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
