/* Noise of the array (docs/design/array.md, section 4): the fixed table Q, a beta step's table, the
 * seed expansion, one noise word. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_NOISE_H
#define GLB_ARRAY_NOISE_H

#include <stdint.h>

/* Q: 1,024 entries, 5.13; equal to rtl/glb_noise_q.svh. */
const uint32_t *glb_noise_q(void);

/* The table of a beta step: k is K (16.16), acc the accumulator's bits. */
void glb_noise_table(uint32_t k, int acc, int16_t table[1024]);

/* The states of all lanes' LFSRs (lfsrs of them) at a job's start; none is 0. */
void glb_noise_seed(uint64_t seed, int lfsrs, uint64_t *lfsr);

/* One noise word: steps *lfsr and *tail (0 .. 31), returns n. */
int glb_noise_word(uint64_t *lfsr, uint8_t *tail, const int16_t table[1024]);

/* The table's index for V = r & 0x7fff. A macro, so that the tail counter before the word is
 * computed only in the tail, one word in 4,096. */
#define GLB_NOISE_INDEX(v, tail)                                                                   \
    ((v) >> 11  ? (v) >> 6                                                                         \
     : (v) >> 7 ? 512 + ((v) >> 4)                                                                 \
     : (v) >> 3 ? 640 + (v)                                                                        \
                : 768 + 4 * (tail) + ((v) >> 1 & 3))

/* n of the LFSR's 16 bits r with table entry z. */
static inline int glb_noise_value(int r, int z) {
    const int t = (z + (r & 31)) >> 5;
    return r >> 15 ? ~t : t;
}

#endif
