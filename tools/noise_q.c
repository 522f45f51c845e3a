/* Prints rtl/glb_noise_q.svh: the fixed table Q of docs/design/array.md, section 4, as the initial
 * contents of glb_beta's ROM. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "array/noise.h"

int main(void) {
    const uint32_t *q = glb_noise_q();
    printf("// Made by tools/noise_q.c: Q of docs/design/array.md, section 4.\n"
           "// SPDX-License-Identifier: Apache-2.0\n");
    for (int i = 0; i < 1024; i++) {
        if (q[i] >= 1u << 18) {
            fprintf(stderr, "Q[%d] = %u does not fit 18 bits\n", i, q[i]);
            return 1;
        }
        printf("rom[%d] = 18'd%u;\n", i, q[i]);
    }
    return 0;
}
