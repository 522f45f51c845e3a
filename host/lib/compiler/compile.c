/* The graph compiler's driver: graph in, program and report out. SPDX-License-Identifier:
 * Apache-2.0 */
#include "compiler/compile.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "compiler/counting/counting.h"
#include "compiler/emit.h"
#include "compiler/plan.h"
#include "compiler/precise.h"
#include "compiler/problem.h"
#include "compiler/quantise.h"
#include "compiler/report.h"
#include "compiler/room.h"
#include "compiler/search.h"

/* The first array that holds a program of so many state words, entries and clocks on this one. */
static const char *what_fits(const struct plan *plan) {
    const struct problem *problem = plan->problem;
    int n;
    const struct glb_array *all = glb_arrays(&n);
    for (int i = 0; i < n; i++) {
        const struct glb_array *b = &all[i];
        const double scale =
            (double)problem->array->tiles * problem->array->lanes / (b->tiles * b->lanes);
        const double words = plan->nword + plan->nword / 16.0;
        if (glb_array_capacity(b) >= words && b->sdepth >= plan_clocks(plan) * scale * 1.05 &&
            b->cdepth >= plan_entries(plan) * (double)problem->array->tiles / b->tiles * 1.05)
            return b->name;
    }
    return NULL;
}

static enum glb_status check_fit(const struct plan *plan) {
    const struct problem *problem = plan->problem;
    const struct glb_array *a = problem->array;
    const int clocks = plan_clocks(plan), entries = plan_entries(plan);
    if (clocks <= a->sdepth && entries <= a->cdepth)
        return GLB_OK;
    const char *fits = what_fits(plan);
    const bool coupling = entries > a->cdepth;
    return glb_fail(
        GLB_ERR_FIT,
        "%s memory of array %s: the graph (%d p-bits, %d couplings%s) needs %d %s, the array has "
        "%d; "
        "about %d couplings of this kind fit; %s%s",
        coupling ? "coupling" : "schedule", a->name, problem->n, problem->graph->m,
        problem->copies > 1 ? ", several copies" : "", coupling ? entries : clocks,
        coupling ? "entries in the busiest tile" : "clocks", coupling ? a->cdepth : a->sdepth,
        (int)((double)problem->graph->m * (coupling ? a->cdepth : a->sdepth) /
              (coupling ? entries : clocks)),
        fits ? "would fit: " : "no array here would fit", fits ? fits : "");
}

/* A precise program that does not fit becomes coarser, at last a plain one. */
static enum glb_status make_fitting_plan(struct problem *problem, struct plan *plan) {
    for (;;) {
        enum glb_status s = search_plans(problem, plan);
        if (s == GLB_OK)
            s = check_fit(plan);
        if (s != GLB_ERR_FIT || !problem->precise)
            return s;
        plan_release(plan);
        *plan = (struct plan){0};
        s = coarsen_precision(problem);
        if (s != GLB_OK)
            return s;
    }
}

static enum glb_status compile(struct problem *problem, struct plan *plan, struct glb_program **out,
                               struct glb_compile_report *r) {
    enum glb_status s = check_room(problem);
    if (s == GLB_OK)
        s = problem_find_classes(problem);
    if (s == GLB_OK)
        s = choose_unit(problem);
    if (s == GLB_OK)
        s = choose_precision(problem);
    if (s == GLB_OK)
        s = make_fitting_plan(problem, plan);
    if (s == GLB_OK)
        s = emit_program(plan, out);
    if (s == GLB_OK)
        s = glb_program_set_weights(*out, problem->graph->J, problem->graph->h, NULL);
    if (s != GLB_OK)
        return s;
    s = fill_report(plan, *out, r);
    if (s != GLB_OK)
        return s;
    (*out)->report = *r;
    if (problem->options->count)
        s = glb_program_count_all(*out, problem->graph, problem->options->seed);
    *r = (*out)->report;
    return s;
}

enum glb_status glb_compile(const struct glb_graph *g, const struct glb_array *a,
                            const struct glb_compile_options *o, struct glb_program **out,
                            struct glb_compile_report *report) {
    static const struct glb_compile_options defaults = {.effort = 1};
    struct glb_compile_report unused, *r = report ? report : &unused;
    const clock_t t0 = clock();
    *out = NULL;
    memset(r, 0, sizeof *r);
    if (g->n < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "compile: the graph has no p-bits");
    struct problem problem;
    struct plan plan = {0};
    enum glb_status s = problem_open(&problem, g, a, o ? o : &defaults);
    if (s == GLB_OK)
        s = compile(&problem, &plan, out, r);
    if (s != GLB_OK) {
        glb_program_free(*out);
        *out = NULL;
    }
    plan_release(&plan);
    problem_close(&problem);
    r->size = sizeof *r;
    r->seconds = (double)(clock() - t0) / CLOCKS_PER_SEC;
    if (*out)
        (*out)->report = *r;
    return s;
}
