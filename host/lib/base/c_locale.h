/* Numbers in files and JSON have a point, whatever locale the program has set.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_C_LOCALE_H
#define GLB_BASE_C_LOCALE_H

#include <locale.h>

/* This thread's printf, scanf and strtod follow the C locale between begin and end;
 * glb_c_locale_end() takes what begin returned. Without memory for a locale nothing changes. */
locale_t glb_c_locale_begin(void);
void glb_c_locale_end(locale_t before);

#endif
