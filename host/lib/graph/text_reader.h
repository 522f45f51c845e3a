/* Reading text files strictly: lines, fields, numbers, and errors that name the line.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_GRAPH_TEXT_READER_H
#define GLB_GRAPH_TEXT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "graph/graph.h"

/* More p-bits or couplings than this are refused, so that a damaged header cannot ask for all
 * memory. */
enum { GLB_GRAPH_MAX_N = 1 << 22, GLB_GRAPH_MAX_M = 1 << 26 };

struct glb_text {
    const char *name;            /* of the file, for messages */
    const char *at, *end;        /* what is left */
    const char *line, *line_end; /* the current line, without its end */
    long number;                 /* of the current line, from 1 */
};

/* Reads all of a file; *data is the caller's to free. */
enum glb_status glb_text_load(const char *path, char **data, size_t *size);

/* The next line that has a field and does not start with one of the comment characters; false at
 * the end. */
bool glb_text_line(struct glb_text *t, const char *comments);

/* The next raw line, also an empty one. */
bool glb_text_raw_line(struct glb_text *t);

/* The next field (no blanks) of the current line; false if there is none. */
bool glb_text_field(struct glb_text *t, const char **field, size_t *length);

/* The next field as a number. On error they set the message (what says what was expected). */
enum glb_status glb_text_int(struct glb_text *t, const char *what, int64_t min, int64_t max,
                             int64_t *value);
enum glb_status glb_text_real(struct glb_text *t, const char *what, double *value);

/* An error unless the current line has no further field. */
enum glb_status glb_text_line_done(struct glb_text *t);

/* GLB_ERR_FORMAT with the message "name:line: ...". */
enum glb_status glb_text_fail(const struct glb_text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A whole number of at most 18 digits / a finite decimal number; false if text is anything else. */
bool glb_parse_int(const char *text, size_t length, int64_t *value);
bool glb_parse_real(const char *text, size_t length, double *value);

/* What a file said before a convention gave it a meaning: pairs in any order, loops included. */
struct glb_entry {
    int32_t i, j; /* from 0; after glb_entries_check() i <= j */
    int64_t line; /* where it stood */
    double v;
};

struct glb_entries {
    const char *name;
    int n;
    long m, capacity;
    bool general; /* both triangles are given: (i,j) and (j,i) must be equal; the check keeps one */
    struct glb_entry *e;
};

enum glb_status glb_entries_add(struct glb_entries *s, int64_t i, int64_t j, double v, long line);

/* Sorts; refuses duplicates and, for general files, pairs that differ or lack a partner. */
enum glb_status glb_entries_check(struct glb_entries *s);

enum glb_status glb_mtx_parse(struct glb_text *t, struct glb_entries *s);
enum glb_status glb_rudy_parse(struct glb_text *t, struct glb_entries *s);

/* The bias vector, n values; the caller frees. */
enum glb_status glb_mtx_parse_vector(struct glb_text *t, int n, double **values);

/* The graph that entries and biases (NULL: none) mean under a convention. */
struct glb_graph *glb_convention_import(const struct glb_entries *s, const double *bias,
                                        enum glb_convention c);

/* glb_graph_read() on texts in memory; bias may be NULL. */
struct glb_graph *glb_graph_parse(const char *name, const char *text, size_t size,
                                  const char *bias_name, const char *bias, size_t bias_size,
                                  enum glb_convention c);

#endif
