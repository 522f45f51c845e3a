/* Bit-sliced sums of eight words side by side, then of the eight. SPDX-License-Identifier:
 * Apache-2.0 */
#include "sampler/certificate/spin_sums.h"

#include <stdbool.h>
#include "base/bits.h"

enum { WORDS = 8, MOST = 255, PLANES = 32 };

/* total += the number whose bit b is bits[b * stride], in each of 64 chains. */
static void add(uint64_t *total, int *used, const uint64_t *bits, int stride, int nbits) {
    uint64_t carry = 0;
    for (int b = 0; b < nbits || carry; b++) {
        const uint64_t x = b < nbits ? bits[(size_t)b * (size_t)stride] : 0, t = total[b];
        total[b] = t ^ x ^ carry;
        carry = (t & x) | ((t ^ x) & carry);
        *used = b >= *used ? b + 1 : *used;
    }
}

void spin_sums(const uint64_t *plane, int n, int count, int32_t *up) {
    uint64_t total[PLANES] = {0}, sliced[GLB_COUNT_PLANES * WORDS];
    int used = 0, i = 0;
    while (n - i >= 4 * WORDS) {
        const int rows = (n - i) / WORDS < MOST ? (n - i) / WORDS : MOST;
        const int nbits = glb_planes_for(rows);
        glb_bits()->slice(plane + i, rows, WORDS, sliced, nbits);
        for (int w = 0; w < WORDS; w++)
            add(total, &used, sliced + w, WORDS, nbits);
        i += rows * WORDS;
    }
    for (; i < n; i++)
        add(total, &used, plane + i, 1, 1);
    for (int c = 0; c < count; c++)
        up[c] = 0;
    for (int b = 0; b < used; b++)
        for (int c = 0; c < count; c++)
            up[c] += (int32_t)(total[b] >> c & 1) << b;
}
