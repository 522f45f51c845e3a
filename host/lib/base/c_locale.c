/* The C locale for a stretch of code, made once. SPDX-License-Identifier: Apache-2.0 */
#include "base/c_locale.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void make(void) {
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

locale_t glb_c_locale_begin(void) {
    pthread_once(&once, make);
    return uselocale(c_locale); /* 0 changes nothing */
}

void glb_c_locale_end(locale_t before) {
    uselocale(before);
}
