/* glauber/program.h: programs, which are graphs compiled for an array; part of glauber.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLAUBER_PROGRAM_H
#define GLAUBER_PROGRAM_H

#include <glauber/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

struct glb_program;

/* Compiles with default options (effort 0 quick .. 2 thorough). Free with glb_program_free(). */
GLB_API enum glb_status glb_program_compile(const struct glb_graph *g, const char *array,
                                            int effort, struct glb_program **out);
GLB_API void glb_program_free(struct glb_program *p);

/* Program files (.glbp, HDF5). */
GLB_API enum glb_status glb_program_save(const struct glb_program *p, const char *path);
GLB_API enum glb_status glb_program_load(const char *path, struct glb_program **out);

GLB_API int glb_program_colours(const struct glb_program *p);

#ifdef __cplusplus
}
#endif

#endif
