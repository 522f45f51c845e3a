/* Lattices of annealers by the coordinates that D-Wave defines, and machines on them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_LATTICES_H
#define GLB_TEST_LATTICES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "learn/topology/topology.h"

struct size {
    int m, n, t;
};

struct qubit {
    int u, w, k, j, z;
};

/* Pegasus coordinates (u, w, k, z), from the linear order of those that have neighbours. */
static inline struct qubit pegasus_qubit(const struct size *s, int i) {
    const int pieces = s->m - 1, lines = 12 * s->m - 4; /* two are left out at each rim */
    const int line = i / pieces % lines + 2;
    return (struct qubit){i / pieces / lines, line / 12, line % 12, 0, i % pieces};
}

static inline int pegasus_joins(const struct size *s, struct qubit a, struct qubit b) {
    static const int of_vertical[] = {2, 2, 2, 2, 10, 10, 10, 10, 6, 6, 6, 6};
    static const int of_horizontal[] = {6, 6, 6, 6, 2, 2, 2, 2, 10, 10, 10, 10};
    (void)s;
    if (a.u == b.u && a.w == b.w && a.k == b.k)
        return abs(a.z - b.z) == 1;
    if (a.u == b.u)
        return a.w == b.w && a.z == b.z && a.k / 2 == b.k / 2;
    if (a.u)
        return pegasus_joins(s, b, a);
    return b.w == a.z + (b.k < of_vertical[a.k]) && b.z == a.w - (a.k < of_horizontal[b.k]);
}

/* Zephyr coordinates (u, w, k, j, z). */
static inline struct qubit zephyr_qubit(const struct size *s, int i) {
    const int z = i % s->m, j = i / s->m % 2, k = i / s->m / 2 % s->t;
    const int w = i / s->m / 2 / s->t % (2 * s->m + 1);
    return (struct qubit){i / s->m / 2 / s->t / (2 * s->m + 1), w, k, j, z};
}

static inline int zephyr_joins(const struct size *s, struct qubit a, struct qubit b) {
    (void)s;
    if (a.u == b.u && (a.w != b.w || a.k != b.k))
        return 0;
    if (a.u == b.u)
        return a.j == b.j
                   ? abs(a.z - b.z) == 1
                   : (a.j ? b.z - a.z : a.z - b.z) / 2 == 0 &&
                         ((a.j ? b.z - a.z : a.z - b.z) == 0 || (a.j ? b.z - a.z : a.z - b.z) == 1);
    /* the piece covers two rows of cells from 2 z + j on */
    return b.w - 2 * a.z - a.j >= 0 && b.w - 2 * a.z - a.j <= 1 && a.w - 2 * b.z - b.j >= 0 &&
           a.w - 2 * b.z - b.j <= 1;
}

/* Row w, column z, half u, k. */
static inline struct qubit chimera_qubit(const struct size *s, int i) {
    const int cell = i / (2 * s->t);
    return (struct qubit){i / s->t % 2, cell / s->n, i % s->t, 0, cell % s->n};
}

static inline int chimera_joins(const struct size *s, struct qubit a, struct qubit b) {
    (void)s;
    if (a.u != b.u)
        return a.w == b.w && a.z == b.z;
    return a.k == b.k &&
           (a.u ? a.w == b.w && abs(a.z - b.z) == 1 : a.z == b.z && abs(a.w - b.w) == 1);
}

static const struct family {
    const char *name;
    struct qubit (*qubit)(const struct size *s, int i);
    int (*joins)(const struct size *s, struct qubit a, struct qubit b);
} families[] = {{"pegasus", pegasus_qubit, pegasus_joins},
                {"zephyr", zephyr_qubit, zephyr_joins},
                {"chimera", chimera_qubit, chimera_joins}};

static const struct machine {
    const char *spec;
    struct size size;
    int width, height, classes, p_bits;
} machines[] = {
    {"pegasus", {14, 0, 0}, 28, 28, 10, 4264},
    {"pegasus:placement=structured", {14, 0, 0}, 28, 28, 10, 4264},
    {"pegasus:placement=strict", {14, 0, 0}, 28, 28, 10, 4264},
    {"pegasus:m=6,placement=structured,copies=7", {6, 0, 0}, 8, 8, 10, 680},
    {"pegasus:m=6,placement=strict,copies=5", {6, 0, 0}, 12, 10, 7, 680},
    {"pegasus:m=16,placement=strict,groups=3", {16, 0, 0}, 32, 28, 26, 5640},
    {"zephyr", {11, 0, 4}, 28, 28, 10, 4048},
    {"zephyr:placement=structured", {11, 0, 4}, 28, 28, 10, 4048},
    {"zephyr:placement=strict", {11, 0, 4}, 28, 28, 10, 4048},
    {"zephyr:m=5,t=3,placement=structured,groups=7", {5, 0, 3}, 16, 12, 3, 660},
    {"chimera", {23, 23, 4}, 28, 28, 10, 4232},
    {"chimera:placement=structured", {23, 23, 4}, 28, 28, 10, 4232},
    {"chimera:placement=strict", {23, 23, 4}, 28, 28, 10, 4232},
    {"chimera:m=6,n=9,t=6,placement=structured", {6, 9, 6}, 20, 20, 47, 648},
    {"pegasus:placement=structured,planes=2", {14, 0, 0}, 28, 56, 10, 4264},
    {"pegasus:m=18,placement=strict,planes=2", {18, 0, 0}, 28, 56, 10, 7208},
};
enum { MACHINES = sizeof machines / sizeof machines[0] };

static inline void build_machine(const struct machine *x, uint64_t seed, struct glb_topology *t) {
    if (glb_topology_build(x->spec, x->width, x->height, x->classes, seed, t))
        fail_msg("%s: %s", x->spec, glb_error());
}

static inline const struct family *family_of(const struct machine *x) {
    for (int k = 0; k < 3; k++)
        if (strncmp(x->spec, families[k].name, strlen(families[k].name)) == 0)
            return &families[k];
    return NULL;
}

#endif
