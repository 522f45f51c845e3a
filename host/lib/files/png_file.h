/* Reads PNG pictures as grey values. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FILES_PNG_FILE_H
#define GLB_FILES_PNG_FILE_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

/* Whether a file's first bytes are those of a PNG picture. */
int glb_png_is(const void *start, size_t size);

/* Reads a picture of at most `most` pixels a side: grey[height][width], to be freed. Colours become
 * their luminance, transparent places lie on black. GLB_ERR_FORMAT for a damaged or larger one and
 * for samples of 16 bits, GLB_ERR_UNSUPPORTED in a library without libpng. */
enum glb_status glb_png_read(const char *path, int most, int *height, int *width, uint8_t **grey);

#endif
