/* Prints how well the graph compiler fills the array: bounds, clocks, efficiency and what was lost,
 * per graph, as a table in Markdown. Every program is checked by the verifier.
 *     compile_table [part of a row's "graph, array" [seed [effort]]]
 * The effort is 2 by default.  * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "compiler/compile.h"

struct row {
    const char *name, *family, *args, *array;
    int copies;
};

static const struct row rows[] = {
    {"Pegasus P14", "pegasus", "m=14", "ulx3s-85", 1},
    {"3-regular, 4,096", "regular", "n=4096,d=3", "ulx3s-85", 1},
    {"6-regular, 4,096", "regular", "n=4096,d=6", "ulx3s-85", 1},
    {"15-regular, 4,096", "regular", "n=4096,d=15", "ulx3s-85", 1},
    {"MNIST shallow", "mnist-shallow", "", "ulx3s-85", 1},
    {"MNIST m2", "mnist-m2", "", "ulx3s-85", 1},
    {"MNIST blocks", "mnist-blocks", "", "ulx3s-85", 1},
    {"torus 16^3", "torus3d", "lx=16", "ulx3s-85", 1},
    {"MNIST shallow", "mnist-shallow", "", "big", 1},
    {"MNIST shallow", "mnist-shallow", "", "big", 2},
    {"MNIST m2", "mnist-m2", "", "big", 2},
    {"MNIST, 130,900 couplings", "mnist-shallow", "hidden=3740,k=25", "big", 1},
    {"15-regular, 17,476", "regular", "n=17476,d=15", "big", 1},
};

int main(int argc, char **argv) {
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    const int effort = argc > 3 ? atoi(argv[3]) : 2;
    printf("| graph | array | copies | p-bits | couplings | lane | noise | port | clocks | "
           "efficiency | drain | tail | "
           "waiting | entries | updates/clock | s "
           "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *w = &rows[i];
        char name[100];
        snprintf(name, sizeof name, "%s, %s", w->name, w->array);
        if (argc > 1 && !strstr(name, argv[1]))
            continue;
        struct glb_graph *g;
        glb_graph_generate(w->family, w->args, 1, &g);
        struct glb_program *p = NULL;
        struct glb_compile_report r;
        const struct glb_compile_options o = {.copies = w->copies, .effort = effort, .seed = seed};
        if (!g || glb_compile(g, glb_array_find(w->array), &o, &p, &r) != GLB_OK ||
            glb_program_verify(p, g) != GLB_OK) {
            printf("| %s | %s | %d | %s |\n", w->name, w->array, w->copies, glb_error());
        } else {
            printf("| %s | %s | %d | %d | %d | %.0f | %.0f | %.0f | %d | %.1f %% | %d | %d | %d | "
                   "%d | %.1f | %.1f |\n",
                   w->name, w->array, w->copies, g->n, g->m, r.bound_lane, r.bound_noise,
                   r.bound_port, r.clocks, 100 * r.efficiency, r.lost_drain, r.lost_tail,
                   r.lost_conflict, r.coupling_used, r.updates_per_clock, r.seconds);
        }
        fflush(stdout);
        glb_program_free(p);
        glb_graph_free(g);
    }
    return 0;
}
