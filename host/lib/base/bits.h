/* Counting bits over chains: the inner loops of correlations. AVX-512 where the processor counts
 * bits in it, else AVX2, else portable code; all give the same numbers. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_BASE_BITS_H
#define GLB_BASE_BITS_H

#include <stddef.h>
#include <stdint.h>

enum { GLB_COUNT_PLANES = 8 }; /* a bit-sliced count holds up to 255 */

struct glb_bit_ops {
    const char *name;
    uint64_t (*count)(const uint64_t *a, size_t n);                        /* ones of a */
    uint64_t (*count_xor)(const uint64_t *a, const uint64_t *b, size_t n); /* ones of a ^ b */
    /* sum over b of 2^b * ones of plane_b & x, plane_b = planes[b * words ..] */
    uint64_t (*count_weighted)(const uint64_t *planes, int nplanes, const uint64_t *x,
                               size_t words);
    /* Bit-sliced sums of `samples` words at each place: nplanes planes out of sample[s * words ..].
     */
    void (*slice)(const uint64_t *sample, int samples, size_t words, uint64_t *planes, int nplanes);
};

const struct glb_bit_ops *glb_bits_portable(void);
const struct glb_bit_ops *glb_bits_avx512(void); /* NULL where it cannot run */
const struct glb_bit_ops *glb_bits_avx2(void);   /* NULL where it cannot run */
const struct glb_bit_ops *glb_bits(void);        /* the best one here */

/* Planes that a count up to n needs. */
static inline int glb_planes_for(int n) {
    int b = 0;
    while (n >> b)
        b++;
    return b;
}

#endif
