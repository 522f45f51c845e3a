/* A locale with a decimal comma for the whole program, as a host application may have set it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SUPPORT_COMMA_LOCALE_H
#define GLB_SUPPORT_COMMA_LOCALE_H

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes one if the machine has none; false if that fails too. comma_locale_end() undoes it. */
static inline bool comma_locale_begin(void) {
    static const char folder[] = "/tmp/glb_comma_locale";
    char command[256];
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        snprintf(command, sizeof command,
                 "mkdir -p %s && localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >%s/log 2>&1", folder,
                 folder, folder);
        if (system(command) != 0 || setenv("LOCPATH", folder, 1) ||
            !setlocale(LC_ALL, "de_DE.UTF-8"))
            return false;
    }
    char text[16];
    snprintf(text, sizeof text, "%g", 0.5);
    return strcmp(text, "0,5") == 0;
}

static inline void comma_locale_end(void) {
    setlocale(LC_ALL, "C");
}

#endif
