/* Numbers from text. SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/c_locale.h"

enum { NUMBER_MAX = 64 }; /* characters of a number; longer ones are refused */

bool glb_parse_int(const char *text, size_t length, int64_t *value) {
    size_t i = length > 0 && (text[0] == '-' || text[0] == '+');
    int64_t v = 0;
    if (i == length || length - i > 18)
        return false;
    for (; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        v = v * 10 + (text[i] - '0');
    }
    *value = text[0] == '-' ? -v : v;
    return true;
}

bool glb_parse_real(const char *text, size_t length, double *value) {
    char copy[NUMBER_MAX + 1], *end;
    if (length == 0 || length > NUMBER_MAX)
        return false;
    for (size_t i = 0; i < length; i++) /* no hexadecimal, no inf, no nan */
        if (text[i] == '\0' || !strchr("0123456789+-.eEdD", text[i]))
            return false;
        else
            copy[i] = text[i] == 'd' || text[i] == 'D' ? 'e' : text[i];
    copy[length] = '\0';
    const locale_t before = glb_c_locale_begin();
    const double v = strtod(copy, &end);
    glb_c_locale_end(before);
    if (end != copy + length || !isfinite(v))
        return false;
    *value = v;
    return true;
}
