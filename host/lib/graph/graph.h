/* Graphs: couplings and biases of a sparse Boltzmann machine, in the conventional form
 * E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i, m in {-1,+1}. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_GRAPH_H
#define GLB_GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include "base/status.h" /* glauber.h: conventions, glb_graph_read(), _generate(), _write(), _free(), ... */

/* A graph in the conventional form. Edges are stored once, i < j, sorted by (i, j), no duplicates,
 * no loops. */
struct glb_graph {
    int n;                          /* p-bits */
    int m;                          /* couplings */
    int32_t *ei, *ej;               /* [m] ends, ei < ej */
    double *J;                      /* [m] */
    double *h;                      /* [n] */
    enum glb_convention convention; /* of the input; energies are reported in it */
    double offset;                  /* input energy = scale * E + offset, see glb_graph_energy() */
    double scale;  /* 1; maxcut: 1/2, minus the cut = E/2 - W/2 with W the sum of all weights */
    uint64_t hash; /* of n, edges, J, h (FNV-1a over their bytes), set by glb_graph_finish() */
};

struct glb_graph *glb_graph_new(int n, int m_capacity);
void glb_graph_free(struct glb_graph *g);

/* Puts edges in the order above, given in any order (duplicates are summed), drops none, sets hash.
 * Loops (i == i) are an error. */
enum glb_status glb_graph_finish(struct glb_graph *g);

/* Reads MatrixMarket (symmetric or general-symmetric-valued, real/integer/pattern) or G-set/rudy
 * text; format by content. bias_path may be NULL (MatrixMarket array, n x 1). On error returns NULL
 * and sets the message (glb_error()). */
struct glb_graph *glb_graph_read(const char *path, const char *bias_path, enum glb_convention c);

/* Writes couplings as MatrixMarket coordinate real symmetric (lower triangle), or as rudy text if
 * path ends in .rud; h, if bias_path, as MatrixMarket array. Numbers are in the boltzmann
 * convention; those of a max-cut graph are its weights, to be read back with GLB_MAXCUT. */
enum glb_status glb_graph_write(const struct glb_graph *g, const char *path, const char *bias_path);

/* Energy of spins m (n values -1/+1) in the conventional form, and in the input's units and sign
 * (maxcut: minus the cut, so that lower is better in every convention). */
double glb_graph_energy(const struct glb_graph *g, const int8_t *spins);
double glb_graph_input_energy(const struct glb_graph *g, const int8_t *spins);

/* Generator: family is "pegasus", "chimera", "zephyr", "torus2d", "torus3d", "regular", "complete",
 * "rudy" ...; args is "key=value,key=value" (documented in glauber graph --help). J is set as the
 * args say (pm1, gauss, const). */
struct glb_graph *glb_graph_generate(const char *family, const char *args, uint64_t seed);

/* Families, their keys and defaults as text of several lines, for --help and the manual. */
const char *glb_graph_generate_help(void);

/* DSATUR colouring, improved by iterated greedy: colour[n] gets 0.., returns the number of colours;
 * -1: out of memory. */
int glb_graph_colour(const struct glb_graph *g, int32_t *colour);

int glb_convention_parse(const char *name, enum glb_convention *c); /* 0 ok, -1 unknown */
const char *glb_convention_name(enum glb_convention c);

#endif
