/* Graph generators: arguments and the families behind glb_graph_generate().
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_FAMILIES_FAMILY_H
#define GLB_FAMILIES_FAMILY_H

#include <stdbool.h>
#include "graph/graph.h"
#include "base/rng.h"

enum { GLB_GEN_MAX_KEYS = 16 };

struct glb_gen_args {
    const char *family;
    char *text;
    int count;
    struct {
        const char *key, *value;
        bool used;
    } arg[GLB_GEN_MAX_KEYS];
    enum glb_status status; /* of the first value that was refused */
};

/* Values by key; a missing one gets its default, one out of [min, max] sets status. */
int glb_gen_int(struct glb_gen_args *a, const char *key, int fallback, int min, int max);
double glb_gen_real(struct glb_gen_args *a, const char *key, double fallback, double min,
                    double max);
/* The value as it stands, or NULL. */
const char *glb_gen_text(struct glb_gen_args *a, const char *key);
bool glb_gen_has(const struct glb_gen_args *a, const char *key);

/* One of names[], separated by '|'; returns its index. */
int glb_gen_choice(struct glb_gen_args *a, const char *key, int fallback, const char *names);

/* A growing graph; edges may repeat only if the family says so. */
struct glb_gen {
    struct glb_graph *g;
    int capacity;
    struct glb_gen_args *args;
    uint64_t seed;
    bool bias; /* the family set h itself */
};

/* Adds an edge with J; false when out of memory (status set). */
bool glb_gen_edge(struct glb_gen *b, int i, int j, double J);

/* Streams of the seed, one for each purpose, so that topology does not depend on the weights asked
 * for. */
enum { GLB_GEN_TOPOLOGY = 0x746f706f, GLB_GEN_WEIGHTS = 0x77656967, GLB_GEN_BIASES = 0x62696173 };

enum glb_gen_weights { GLB_GEN_PM1, GLB_GEN_GAUSS, GLB_GEN_UNIFORM, GLB_GEN_CONST };

struct glb_gen_family {
    const char *name;
    int (*nodes)(struct glb_gen_args *a); /* reads the arguments; number of p-bits */
    bool (*edges)(struct glb_gen *b);     /* adds the edges with J = 1; false: status set */
    enum glb_gen_weights weights;         /* default */
    bool maxcut;                          /* weights are w = -J, energies are reported as cuts */
    bool own_weights;                     /* the family sets J itself */
    const char *help;
};

extern const struct glb_gen_family glb_gen_lattices[];
extern const struct glb_gen_family glb_gen_randoms[];
extern const struct glb_gen_family glb_gen_mnists[];
extern const struct glb_gen_family glb_gen_rudys[]; /* each list ends with name NULL */

#endif
