/* Grey PNG pictures. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_OUTPUT_PNG_GREY_H
#define GLB_TOOL_OUTPUT_PNG_GREY_H

#include <stdint.h>
#include "base/status.h"

/* Writes width x height grey values, row by row; atomically. */
enum glb_status png_grey_write(const char *path, const uint8_t *grey, int width, int height);

/* Lays rows x columns tiles of w x h pixels (tile after tile) out on a picture, each pixel `scale`
 * wide, with a gap of one scaled pixel around them. Returns the picture (free() it) or NULL. */
uint8_t *png_grey_grid(const uint8_t *tiles, int rows, int columns, int w, int h, int scale,
                       int *width, int *height);

/* A picture of that grid with the rows' numbers at its left; h: pixels of a tile. Changes the
 * width; returns the picture (free() it) or NULL. */
uint8_t *png_grey_number_rows(const uint8_t *picture, int rows, int h, int scale, int *width,
                              int height);

#endif
