/* Numbers from text, whatever locale the program around the library has set.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_NUMBER_H
#define GLB_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole number of at most 18 digits / a finite decimal number of at most 64 characters; false if
 * text is anything else. */
bool glb_parse_int(const char *text, size_t length, int64_t *value);
bool glb_parse_real(const char *text, size_t length, double *value);

#endif
