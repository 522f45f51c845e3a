/* Reading text files strictly: lines, fields, numbers, and errors that name the line.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_GRAPH_TEXT_READER_H
#define GLB_GRAPH_TEXT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

struct text {
    const char *name;            /* of the file, for messages */
    const char *form;            /* of the lines to come, for messages: "lines are 'i j w'" */
    const char *at, *end;        /* what is left */
    const char *line, *line_end; /* the current line, without its end */
    long number;                 /* of the current line, from 1 */
};

/* Reads all of a file, or what comes through a pipe, up to 4 GiB; *data is the caller's to free.
 * GLB_ERR_FORMAT names a file that is no text. */
enum glb_status text_load(const char *path, char **data, size_t *size);

/* The next line that has a field and does not start with one of the comment characters; false at
 * the end. */
bool text_line(struct text *t, const char *comments);

/* The next raw line, also an empty one. */
bool text_raw_line(struct text *t);

/* The next field (no blanks) of the current line; false if there is none. */
bool text_field(struct text *t, const char **field, size_t *length);

/* The next field as a number. `what` names it in error messages. */
enum glb_status text_int(struct text *t, const char *what, int64_t min, int64_t max,
                         int64_t *value);
enum glb_status text_real(struct text *t, const char *what, double *value);

/* An error unless the current line has no further field. */
enum glb_status text_line_done(struct text *t);

/* GLB_ERR_FORMAT with the message "name:line: ...", before the first line "name: ...". */
enum glb_status text_fail(const struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
