/* What a file holds before a convention gives it a meaning: pairs in any order, loops included.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_GRAPH_ENTRIES_H
#define GLB_GRAPH_ENTRIES_H

#include "graph/graph.h"
#include "graph/text_reader.h"

struct entry {
    int32_t i, j; /* from 0; after entries_check() i <= j */
    int64_t line; /* where it stands */
    double v;
};

struct entries {
    const char *name; /* of the file, for messages */
    int n;
    long m, capacity;
    bool general; /* both triangles are given: (i,j) and (j,i) must be equal; the check keeps one */
    struct entry *e;
};

enum glb_status entries_add(struct entries *s, int64_t i, int64_t j, double v, long line);

/* Sorts; refuses duplicates and, for general files, pairs that differ or lack a partner. */
enum glb_status entries_check(struct entries *s);

/* The formats' parsers. */
enum glb_status mtx_parse(struct text *t, struct entries *s);
enum glb_status rudy_parse(struct text *t, struct entries *s);

/* The bias vector, n values; the caller frees. */
enum glb_status mtx_parse_vector(struct text *t, int n, double **values);

#endif
