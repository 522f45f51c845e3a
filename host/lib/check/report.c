/* Lines of the self-test. SPDX-License-Identifier: Apache-2.0 */
#include "check/report.h"

#include <stdarg.h>
#include <stdio.h>
#include "base/c_locale.h"

void report_line(const struct report *r, const char *format, ...) {
    char line[512];
    va_list ap;
    if (!r->fn)
        return;
    const locale_t before = glb_c_locale_begin();
    va_start(ap, format);
    vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    glb_c_locale_end(before);
    r->fn(r->user, line);
}
