/* An independent check of programs. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_CHECK_VERIFY_H
#define GLB_CHECK_VERIFY_H

#include "array/program.h"
#include "base/status.h"
#include "graph/graph.h"

/* Checks p's images against the rules of docs/design/array.md, sections 2 and 3, by walking them:
 * every update of g's p-bits has its neighbours, weights, bias and noise, and sees versions that a
 * sequential scan would see. GLB_ERR_FORMAT with segment, clock and tile of what is wrong. */
enum glb_status glb_program_verify(const struct glb_program *p, const struct glb_graph *g);

#endif
