/* The value of --precision. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "base/number.h"
#include "tool/cli.h"

enum glb_status cli_precision(const char *text, struct glb_compile_options *o) {
    double error;
    if (strcmp(text, "auto") == 0)
        return GLB_OK;
    if (strcmp(text, "fast") == 0) {
        o->precision = -1;
        return GLB_OK;
    }
    if (!glb_parse_real(text, strlen(text), &error) || !(error > 0))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "--precision %s: it is auto, fast, or the error x beta of a p-bit's field "
                        "that is accepted, a number above 0",
                        text);
    o->precision = error;
    o->precision_strict = o->beta_most > 0;
    return GLB_OK;
}
