/* libFuzzer harness for the graph readers. The first byte picks the convention; if its top bit is
 * set, a bias file follows after a 0 byte. Build: clang -g -O1 -fsanitize=fuzzer,address,undefined
 * with scripts/fuzz.sh. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "graph/graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1)
        return 0;
    const enum glb_convention c = (enum glb_convention)(data[0] % 5);
    const char *text = (const char *)data + 1, *bias = NULL;
    size_t length = size - 1, bias_length = 0;
    if (data[0] & 0x80) {
        const char *zero = memchr(text, '\0', length);
        if (zero) {
            bias = zero + 1;
            bias_length = (size_t)(text + length - bias);
            length = (size_t)(zero - text);
        }
    }
    struct glb_graph *g;
    glb_graph_parse("g", text, length, "b", bias, bias_length, c, &g);
    if (!g)
        return strlen(glb_error()) > 0 ? 0 : (abort(), 0); /* every refusal has a message */
    if (g->n < 2000) {                                     /* what was accepted is usable */
        int8_t *spins = malloc((size_t)g->n);
        int32_t *colour = malloc((size_t)g->n * sizeof *colour);
        memset(spins, 1, (size_t)g->n);
        const double e = glb_graph_input_energy(g, spins);
        const int colours = glb_graph_colour(g, colour);
        for (int k = 0; k < g->m; k++)
            if (g->ei[k] >= g->ej[k] || g->ej[k] >= g->n || colour[g->ei[k]] == colour[g->ej[k]])
                abort();
        if (e != e || colours < 1)
            abort();
        free(spins);
        free(colour);
    }
    glb_graph_free(g);
    return 0;
}
