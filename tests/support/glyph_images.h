/* Noisy 6 x 6 glyphs of three classes, for tests through glauber/learn.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_GLYPH_IMAGES_H
#define GLB_TEST_GLYPH_IMAGES_H

#include <glauber/learn.h>
#include "base/counter_rng.h"

enum { GLYPH_CLASSES = 3, GLYPH_SIDE = 6, GLYPH_PIXELS = GLYPH_SIDE * GLYPH_SIDE };

static inline int glyph_pixel(int class, int p) {
    static const char rows[] = "###### ..##.. #....# "
                               "#....# ..##.. .#..#. "
                               "#....# ..##.. ..##.. "
                               "#....# ..##.. ..##.. "
                               "#....# ..##.. .#..#. "
                               "###### ..##.. #....# ";
    const int y = p / GLYPH_SIDE, x = p % GLYPH_SIDE;
    return rows[(y * GLYPH_CLASSES + class) * (GLYPH_SIDE + 1) + x] == '#';
}

/* One pixel in sixteen is wrong. */
static inline void glyph_images(uint64_t seed, int count, uint8_t (*grey)[GLYPH_PIXELS],
                                uint8_t *label) {
    for (int i = 0; i < count; i++) {
        label[i] = (uint8_t)(glb_random_at(seed, 1, (uint64_t)i, 0) % GLYPH_CLASSES);
        for (int p = 0; p < GLYPH_PIXELS; p++) {
            const int wrong = glb_random_at(seed, 2, (uint64_t)i, (uint64_t)p) % 16 == 0;
            grey[i][p] = glyph_pixel(label[i], p) != wrong ? 255 : 0;
        }
    }
}

#endif
