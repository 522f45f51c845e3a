/* glauber/graph.h: graphs from files, memory, arrays and generators; part of glauber.h.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A graph is kept in the form E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i, m in {-1,+1}, whatever
 * convention its numbers came in. P-bits have the numbers 0 .. n-1. Couplings are sorted by (i, j),
 * i < j, each pair once; a coupling of 0 stays one. The algebra of the conventions is in
 * docs/conventions.md. */
#ifndef GLAUBER_GRAPH_H
#define GLAUBER_GRAPH_H

#include <glauber/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct glb_graph;

/* What an input's pair values v_ij (i < j) and single values v_i mean. Energies are reported as the
 * E given here plus the input's offset. */
enum glb_convention {
    GLB_BOLTZMANN, /* E = -sum v_ij m_i m_j - sum v_i m_i */
    GLB_ZTE_2,     /* E = -sum v_ij m_i m_j + sum v_i m_i */
    GLB_ZTE_34,    /* E = +sum v_ij m_i m_j + sum v_i m_i */
    GLB_QUBO,      /* E = sum v_ij x_i x_j + sum v_i x_i, x = (1 + m) / 2 in {0,1} */
    GLB_MAXCUT     /* E = -cut = -sum v_ij (1 - m_i m_j) / 2; no single values */
};

/* By name: boltzmann, zte-2, zte-34, qubo, maxcut. Returns 0, or -1 for an unknown name. */
GLB_API int glb_convention_parse(const char *name, enum glb_convention *c);
GLB_API const char *glb_convention_name(enum glb_convention c);

/* Limits of every graph, so that a damaged header cannot ask for all memory. Values are finite and
 * at most GLB_GRAPH_MAX_VALUE in size, so that sums of them stay finite. */
#define GLB_GRAPH_MAX_N (1 << 22) /* p-bits */
#define GLB_GRAPH_MAX_M (1 << 26) /* couplings, and entries of arrays */
#define GLB_GRAPH_MAX_VALUE 1e100

/* ---- making graphs; free each with glb_graph_free() ---- */

/* A file: MatrixMarket (coordinate; real, integer or pattern; symmetric, or general with both
 * triangles equal) or G-set/rudy text, told apart by content. bias_path: single values as a
 * MatrixMarket array n x 1, or NULL for none; the diagonal of a QUBO may stand in the first file.
 * A pair given twice is an error. GLB_ERR_FILE, GLB_ERR_FORMAT with file and line, ... */
GLB_API enum glb_status glb_graph_read(const char *path, const char *bias_path,
                                       enum glb_convention c, struct glb_graph **out);

/* The same from memory: text[size] and bias[bias_size] (NULL: none), neither ended by a 0. The
 * names stand for the files in messages; NULL: "graph" and "biases". */
GLB_API enum glb_status glb_graph_parse(const char *name, const char *text, size_t size,
                                        const char *bias_name, const char *bias, size_t bias_size,
                                        enum glb_convention c, struct glb_graph **out);

/* A generated graph: family pegasus, chimera, zephyr, torus2d, torus3d, regular, complete, ...;
 * args "key=value,...", NULL or "" for the defaults. The same seed gives the same graph everywhere.
 */
GLB_API enum glb_status glb_graph_generate(const char *family, const char *args, uint64_t seed,
                                           struct glb_graph **out);

/* Families, their keys and defaults as text of several lines; never freed. */
GLB_API const char *glb_graph_generate_help(void);

/* n >= 1 p-bits and `entries` pair values v[k] of p-bits i[k] and j[k] in any order (i, j, v may be
 * NULL if there are none). Entries of the same pair, either way round, add up. An entry with
 * i[k] == j[k] is a single value, allowed in GLB_QUBO (its diagonal); elsewhere only 0 is.
 * single[n]: single values, or NULL; in GLB_QUBO they add to the diagonal. offset: a constant added
 * to every reported energy. */
GLB_API enum glb_status glb_graph_from_arrays(int n, int64_t entries, const int32_t *i,
                                              const int32_t *j, const double *v,
                                              const double *single, enum glb_convention c,
                                              double offset, struct glb_graph **out);

/* The same from compressed rows: the entries of row i are column[k] and v[k], k = start[i] ..
 * start[i + 1] - 1; start[n + 1] ascends from 0. both_triangles 0: every entry counts and equal
 * pairs add up. Otherwise the matrix is symmetric: (i, j) and (j, i) are one coupling, must be
 * equal and count once. */
GLB_API enum glb_status glb_graph_from_csr(int n, const int64_t *start, const int32_t *column,
                                           const double *v, int both_triangles,
                                           const double *single, enum glb_convention c,
                                           double offset, struct glb_graph **out);

/* E = sum_k q[k] x_i[k] x_j[k] + offset, x in {0,1}: glb_graph_from_arrays() with GLB_QUBO, so
 * entries with i[k] == j[k] are the linear part and a full matrix's two triangles add up. */
GLB_API enum glb_status glb_graph_from_qubo(int n, int64_t entries, const int32_t *i,
                                            const int32_t *j, const double *q, double offset,
                                            struct glb_graph **out);

GLB_API void glb_graph_free(struct glb_graph *g);

/* ---- what a graph holds; arrays live as long as the graph and must not be written ---- */

GLB_API int glb_graph_pbits(const struct glb_graph *g);     /* n */
GLB_API int glb_graph_couplings(const struct glb_graph *g); /* m */
GLB_API enum glb_convention glb_graph_convention(const struct glb_graph *g);

/* Couplings: p-bits i[m] and j[m], i < j, sorted by (i, j). */
GLB_API const int32_t *glb_graph_coupling_i(const struct glb_graph *g);
GLB_API const int32_t *glb_graph_coupling_j(const struct glb_graph *g);

/* J[m] and h[n] of the energy at the top of this file, and the numbers that turn it into what is
 * reported: scale * E + offset. scale is 1, in GLB_MAXCUT 1/2; offset includes the input's. */
GLB_API const double *glb_graph_coupling_values(const struct glb_graph *g);
GLB_API const double *glb_graph_bias_values(const struct glb_graph *g);
GLB_API double glb_graph_scale(const struct glb_graph *g);
GLB_API double glb_graph_offset(const struct glb_graph *g);

/* Of n, pairs, J and h: equal graphs have equal hashes. The convention and offset do not count. */
GLB_API uint64_t glb_graph_hash(const struct glb_graph *g);

/* The values in the input's convention and units: pair[m] in the order of the couplings, single[n],
 * and the input's offset; any may be NULL. glb_graph_from_arrays() makes the same graph of them, up
 * to rounding. In GLB_MAXCUT single values are 0. */
GLB_API void glb_graph_get_weights(const struct glb_graph *g, double *pair, double *single,
                                   double *offset);

/* New values in the input's convention, as above, for the same couplings; the offset stays. single
 * NULL: all 0. Arrays got from the graph keep their addresses. Programs and samplers of the graph
 * are not touched: see glb_program_set_weights() and glb_sampler_set_weights(). After an error the
 * graph is as before. */
GLB_API enum glb_status glb_graph_set_weights(struct glb_graph *g, const double *pair,
                                              const double *single);

/* Energy of spins[n] (-1 or +1), in the input's units and sign, offset included (GLB_MAXCUT: minus
 * the cut); and of the form at the top of this file. */
GLB_API double glb_graph_input_energy(const struct glb_graph *g, const int8_t *spins);
GLB_API double glb_graph_energy(const struct glb_graph *g, const int8_t *spins);

/* Default range of beta for annealing. *hot: against the largest field that random states have at a
 * p-bit (root mean square) it still turns one time in ten; *cold: 0.5 % of the p-bits are excited.
 * Both finite and > 0, in units of 1/E of the form at the top of this file; 1 and 1 for a graph
 * without couplings and biases. */
GLB_API enum glb_status glb_beta_range(const struct glb_graph *g, double *hot, double *cold);

/* ---- writing ---- */

/* Writes the couplings as MatrixMarket (or as rudy text if path ends in .rud) and, if bias_path is
 * not NULL, the biases as MatrixMarket. Numbers are J and h, to be read with GLB_BOLTZMANN; those
 * of a GLB_MAXCUT graph are its weights, to be read with that. The offset is not written. Files
 * appear under their names when they are complete. GLB_ERR_ARGUMENT: rudy text without bias_path
 * for a graph with biases. */
GLB_API enum glb_status glb_graph_write(const struct glb_graph *g, const char *path,
                                        const char *bias_path);

enum glb_text_format { GLB_TEXT_MATRIX_MARKET, GLB_TEXT_RUDY };

/* The same to memory: *text gets the couplings, *bias (NULL: not wanted) the biases, both ended by
 * a 0; free with glb_free(). */
GLB_API enum glb_status glb_graph_print(const struct glb_graph *g, enum glb_text_format format,
                                        char **text, char **bias);

#ifdef __cplusplus
}
#endif

#endif
