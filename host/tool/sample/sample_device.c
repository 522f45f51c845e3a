/* The program, the device and the array of a run. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "tool/cli.h"
#include "tool/sample/sample_run.h"

/* The name of the array, if it is known before the graph is compiled: the one that was asked for,
 * or a board's. */
static enum glb_status find_array(struct sample_run *r, const char **name) {
    const struct glb_array *a = NULL;
    bool own;
    *name = r->o.array;
    enum glb_status s = glb_device_name(r->o.device, &own);
    if (!s && *name)
        s = glb_array_require(*name, &a);
    if (!s && !*name && own && !(s = glb_device_open(r->o.device, NULL, &r->d)))
        a = glb_device_array(r->d);
    *name = a ? a->name : NULL;
    return s;
}

static enum glb_status load(struct sample_run *r, const char *array) {
    enum glb_status s = glb_program_load(r->o.program, &r->p);
    if (!s && array && strcmp(r->p->array.name, array) != 0)
        s = glb_fail(GLB_ERR_ARGUMENT,
                     "--program %s: compiled for array %s, not %s; give --array %s or compile it "
                     "for %s",
                     r->o.program, r->p->array.name, array, r->p->array.name, array);
    return s;
}

static enum glb_status compile(struct sample_run *r, const char *array) {
    struct glb_compile_options options;
    glb_compile_options_init(&options, sizeof options);
    options.effort = r->o.effort;
    options.count = r->o.statistics;
    enum glb_status s = sample_ask_precision(r, &options);
    if (!s)
        s = glb_program_compile(r->g, array, &options, &r->p);
    if (!s && !array && strcmp(r->p->array.name, glb_array_choices[0]) != 0)
        fprintf(r->report,
                "chosen     array %s, as the graph does not fit %s; --array NAME asks for "
                "one\n",
                r->p->array.name, glb_array_choices[0]);
    return s;
}

enum glb_status sample_open_device(struct sample_run *r) {
    const char *array;
    enum glb_status s = find_array(r, &array);
    if (!s)
        s = r->o.program ? load(r, array) : compile(r, array);
    if (!s && !r->d)
        s = glb_device_open(r->o.device, r->p->array.name, &r->d);
    if (!s && r->o.trace)
        s = glb_device_trace(r->d, r->o.trace);
    if (!s)
        s = glb_sampler_new(r->g, r->p, r->d, &r->s);
    if (!s)
        fprintf(r->report, "program    %s: %d colours, %d clocks of schedule\n", r->p->array.name,
                r->p->colours, glb_program_sweep_clocks(r->p));
    return s ? s : sample_precision(r);
}
