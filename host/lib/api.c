/* Programs of glauber.h: compiling with defaults, accessors. SPDX-License-Identifier: Apache-2.0 */
#include "graph/graph.h"
#include "array/program.h"
#include "base/status.h"

enum glb_status glb_program_compile(const struct glb_graph *g, const char *array, int effort,
                                    struct glb_program **out) {
    const struct glb_array *a = glb_array_find(array);
    *out = NULL;
    if (!a)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "no array is called %s; `glauber info --arrays` lists them", array);
    const struct glb_compile_options o = {.effort = effort, .seed = 1};
    struct glb_compile_report report;
    return glb_compile(g, a, &o, out, &report);
}

int glb_program_colours(const struct glb_program *p) {
    return p->colours;
}
