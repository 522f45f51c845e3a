/* Writes the noise bits as the array uses them, for randomness tests: the 16-bit words r of all
 * tiles' lanes in time order (word 0 of every lane, then word 1 ...), two to a raw 32-bit number,
 * without end or up to a number of them. Usage: noise_dump [array [seed [numbers]]] | dieharder -a
 * -g 200. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "array/array.h"
#include "array/noise.h"
#include "base/status.h"
#include "emulator/kernels/noise_tail.h"

enum { BATCH = 64 }; /* steps of four words a write */

static int read_number(const char *text, uint64_t *out) {
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 0);
    if (end != text && !*end && !errno && *text != '-')
        return 1;
    fprintf(stderr, "noise_dump: %s: a whole number from 0 to 2^64 - 1 is needed\n", text);
    return 0;
}

int main(int argc, char **argv) {
    static uint64_t lfsr[GLB_MAX_TILES * GLB_MAX_LANES];
    static uint16_t out[BATCH][4][GLB_MAX_TILES * GLB_MAX_LANES];
    const char *name = argc > 1 ? argv[1] : "ulx3s-85";
    const struct glb_array *a;
    if (glb_array_require(name, &a)) {
        fprintf(stderr, "noise_dump: %s\n", glb_error());
        return 1;
    }
    const int lanes = a->tiles * a->lanes;
    uint64_t seed = 1, numbers = UINT64_MAX;
    if ((argc > 2 && !read_number(argv[2], &seed)) || (argc > 3 && !read_number(argv[3], &numbers)))
        return 2;
    glb_noise_seed(seed, lanes, lfsr);
    for (uint64_t done = 0; done < numbers;) {
        uint16_t *p = &out[0][0][0];
        for (int b = 0; b < BATCH; b++, p += 4 * lanes)
            for (int l = 0; l < lanes; l++) {
                const uint64_t y = lfsr[l] = step64(lfsr[l]);
                for (int w = 0; w < 4; w++)
                    p[w * lanes + l] = (uint16_t)(y >> (16 * w));
            }
        size_t want = (size_t)(BATCH * 2 * lanes);
        if (want > numbers - done)
            want = (size_t)(numbers - done);
        if (fwrite(out, 4, want, stdout) != want)
            return 0; /* the reader has enough */
        done += want;
    }
    return 0;
}
