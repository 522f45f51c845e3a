/* Noise of the array (docs/design/array.md, section 4): the fixed table Q, a beta step's table, the
 * seed expansion, one noise word. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_NOISE_H
#define GLB_ARRAY_NOISE_H

#include <stdbool.h>
#include <stdint.h>

/* Q: 1,024 entries, 5.13; equal to rtl/glb_noise_q.svh. */
const uint32_t *glb_noise_q(void);

/* The table of a beta step: k is K (16.16), acc the accumulator's bits. */
void glb_noise_table(uint32_t k, int acc, int16_t table[1024]);

/* The states of all lanes' LFSRs (lfsrs of them) at a job's start; none is 0. */
void glb_noise_seed(uint64_t seed, int lfsrs, uint64_t *lfsr);

/* One noise word: steps *lfsr and *tail (0 .. 31), returns n. */
int glb_noise_word(uint64_t *lfsr, uint8_t *tail, const int16_t table[1024]);

/* Does n depend on the tail counter, given the LFSR's 16 bits r? */
static inline bool glb_noise_in_tail(int r) {
    return !(r & 0x7ff8);
}

/* n of the bits r; tail: the counter before them, read only in the tail. */
static inline int glb_noise_value(int r, int tail, const int16_t table[1024]) {
    const int v = r & 0x7fff;
    int i;
    if (v >> 11)
        i = v >> 6;
    else if (v >> 7)
        i = 512 + (v >> 4);
    else if (v >> 3)
        i = 640 + v;
    else
        i = 768 + 4 * tail + (v >> 1 & 3);
    const int t = (table[i] + (v & 31)) >> 5;
    return r >> 15 ? ~t : t;
}

#endif
