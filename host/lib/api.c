/* Programs of glauber.h: compiling with defaults, accessors. SPDX-License-Identifier: Apache-2.0 */
#include "graph/graph.h"
#include "array/program.h"
#include "base/status.h"
#include "compiler/compile.h"

enum glb_status glb_program_compile(const struct glb_graph *g, const char *array, int effort,
                                    struct glb_program **out) {
    const struct glb_array *a;
    *out = NULL;
    const enum glb_status s = glb_array_require(array, &a);
    if (s)
        return s;
    const struct glb_compile_options o = {.effort = effort, .seed = 1};
    struct glb_compile_report report;
    return glb_compile(g, a, &o, out, &report);
}

int glb_program_colours(const struct glb_program *p) {
    return p->colours;
}
