/* Prints rtl/glb_noise_q.svh: the fixed table Q of docs/design/array.md, section 4, as the initial
 * contents of glb_beta's ROM. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

static long double variate(int i) {
    if (i < 512)
        return (i + 0.5L) / 512;
    if (i < 640)
        return (i - 512 + 0.5L) / 2048;
    if (i < 768)
        return (i - 640 + 0.5L) / 32768;
    int c = (i - 768) / 4, m = (i - 768) % 4;
    return ldexpl(1 + (m + 0.5L) / 4, -12 - (c + 1));
}

int main(void) {
    printf("// Made by tools/noise_q.c: Q of docs/design/array.md, section 4.\n"
           "// SPDX-License-Identifier: Apache-2.0\n");
    for (int i = 0; i < 1024; i++) {
        long q = i < 896 ? lroundl(8192 * logl(2 / variate(i) - 1)) : 0;
        if (q < 0 || q >= 1 << 18) {
            fprintf(stderr, "Q[%d] = %ld does not fit 18 bits\n", i, q);
            return 1;
        }
        printf("rom[%d] = 18'd%ld;\n", i, q);
    }
    return 0;
}
