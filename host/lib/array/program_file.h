/* The part of program files that is there if the array counts or holds, format 2, or
 * the program is precise, format 3.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_PROGRAM_FILE_H
#define GLB_ARRAY_PROGRAM_FILE_H

#include "array/program.h"
#include "files/hdf5_store.h"

/* Segments behind those of a sweep, and sums. */
void program_file_put_extra(struct glb_hdf5_store *f, const struct glb_program *p);

/* The same into p, whose other numbers are read; what lies outside of the array fails. */
void program_file_get_extra(struct glb_hdf5_store *f, struct glb_program *p);

/* Of precise programs, format 3: beta and helpers. Before the reads are read. */
void program_file_put_precise(struct glb_hdf5_store *f, const struct glb_program *p);
void program_file_get_precise(struct glb_hdf5_store *f, struct glb_program *p);

#define PROGRAM_FILE_OUTSIDE "holds a place outside of the array or graph; compile the graph again"

#endif
