/* Compiling for programs: options of any size, arrays by name. SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include "base/sized.h"
#include "compiler/compile.h"

static const struct glb_compile_options defaults = {
    .size = sizeof defaults, .seed = 1, .effort = 1};

void glb_compile_options_init(struct glb_compile_options *o, size_t size) {
    glb_sized_init(o, size, &defaults, sizeof defaults);
}

/* Segments are checked where they are read. */
static enum glb_status check(const struct glb_compile_options *o) {
    if (o->effort < 0 || o->effort > GLB_MAX_EFFORT)
        return glb_fail(GLB_ERR_ARGUMENT, "effort %d; 0 to %d are possible", o->effort,
                        GLB_MAX_EFFORT);
    if (o->copies < 0 || o->copies > GLB_MAX_COPIES)
        return glb_fail(GLB_ERR_ARGUMENT, "%d copies; 0 to %d are possible", o->copies,
                        GLB_MAX_COPIES);
    if (!(o->u >= 0) || !isfinite(o->u))
        return glb_fail(GLB_ERR_ARGUMENT, "u = %g; it is 0 (chosen) or more", o->u);
    if (!(o->beta_least >= 0) || !(o->beta_most >= o->beta_least) || !isfinite(o->beta_most))
        return glb_fail(
            GLB_ERR_ARGUMENT,
            "precise for beta %g to %g; the first is 0 or more, the second not below it",
            o->beta_least, o->beta_most);
    if (isnan(o->precision) || o->precision_strict < 0 || o->precision_strict > 1 ||
        (o->precision_strict && !(o->precision > 0 && o->beta_most > 0)))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "precision %g, strict %d: it is an error x beta, 0 (chosen) or below 0 "
                        "(any); strict (0 or 1) needs one above 0, and beta_most",
                        o->precision, o->precision_strict);
    if (o->hub_degree < 0)
        return glb_fail(GLB_ERR_ARGUMENT, "hub degree %d; it is 0 (chosen) or more", o->hub_degree);
    if (o->count < 0 || o->count > 1)
        return glb_fail(GLB_ERR_ARGUMENT, "count = %d; it is 0 or 1", o->count);
    return GLB_OK;
}

enum glb_status glb_compile_named(const struct glb_graph *g, const char *array,
                                  const struct glb_compile_options *o, struct glb_program **out,
                                  struct glb_compile_report *report) {
    const int count = array ? 1 : GLB_ARRAY_CHOICES;
    const char *const *name = array ? &array : glb_array_choices;
    enum glb_status s = GLB_ERR_FIT;
    *out = NULL;
    for (int k = 0; k < count && s == GLB_ERR_FIT; k++) {
        const struct glb_array *a;
        s = glb_array_require(name[k], &a);
        if (!s)
            s = glb_compile(g, a, o, out, report);
    }
    return s;
}

enum glb_status glb_program_compile(const struct glb_graph *g, const char *array,
                                    const struct glb_compile_options *options,
                                    struct glb_program **out) {
    struct glb_compile_options o = defaults;
    *out = NULL;
    enum glb_status s =
        options ? glb_sized_take(&o, sizeof o, options, "glb_compile_options") : GLB_OK;
    if (!s)
        s = check(&o);
    return s ? s : glb_compile_named(g, array, &o, out, NULL);
}

const struct glb_compile_report *glb_program_report(const struct glb_program *p) {
    return p->report.size ? &p->report : NULL;
}

_Static_assert(GLB_MAX_SEGMENTS == GLB_SEGMENTS, "the array's number of segments");
