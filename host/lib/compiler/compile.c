/* The graph compiler's driver: graph in, program and report out. SPDX-License-Identifier:
 * Apache-2.0 */
#include "compiler/plan.h"

#include <string.h>
#include <time.h>

/* The first array that holds a program of so many state words, entries and clocks on this one. */
static const char *what_fits(const struct plan *c) {
    int n;
    const struct glb_array *all = glb_arrays(&n);
    for (int i = 0; i < n; i++) {
        const struct glb_array *b = &all[i];
        const double scale = (double)c->a->tiles * c->a->lanes / (b->tiles * b->lanes);
        const double words = c->nword + c->nword / 16.0;
        if (glb_array_capacity(b) >= words && b->sdepth >= plan_clocks(c) * scale * 1.05 &&
            b->cdepth >= plan_entries(c) * (double)c->a->tiles / b->tiles * 1.05)
            return b->name;
    }
    return NULL;
}

static enum glb_status check_fit(const struct plan *c) {
    const struct glb_array *a = c->a;
    const int clocks = plan_clocks(c), entries = plan_entries(c);
    if (clocks <= a->sdepth && entries <= a->cdepth)
        return GLB_OK;
    const char *fits = what_fits(c);
    const bool coupling = entries > a->cdepth;
    return glb_fail(
        GLB_ERR_FIT,
        "%s memory of array %s: the graph (%d p-bits, %d couplings%s) needs %d %s, the array has "
        "%d; "
        "about %d couplings of this kind fit; %s%s",
        coupling ? "coupling" : "schedule", a->name, c->n, c->g->m,
        c->copies > 1 ? ", several copies" : "", coupling ? entries : clocks,
        coupling ? "entries in the busiest tile" : "clocks", coupling ? a->cdepth : a->sdepth,
        (int)((double)c->g->m * (coupling ? a->cdepth : a->sdepth) / (coupling ? entries : clocks)),
        fits ? "would fit: " : "no array here would fit", fits ? fits : "");
}

static void fill_report(const struct plan *c, const struct glb_program *p,
                        struct glb_compile_report *r) {
    const struct glb_array *a = c->a;
    const double lanes = (double)a->tiles * a->lanes;
    long work = 0, entries = 0, updates = 0;
    double tail = 0;
    r->colours = c->ncolours;
    r->hubs = c->nhubs;
    for (int i = 0; i < c->n; i++)
        if (c->adj0[i + 1] - c->adj0[i] > r->max_degree)
            r->max_degree = c->adj0[i + 1] - c->adj0[i];
    for (int t = 0; t < c->ntask; t++) {
        const struct glb_task *k = &c->task[t];
        r->reads += k->nread;
        r->noise_words += k->noise;
        r->closes += 1;
        r->exports += k->nstage - 1;
        updates += k->kind == GLB_TASK_PBIT;
        work += plan_task_work(k);
    }
    for (int s = 0; s < c->nseg; s++) {
        const struct glb_pass *pass = &c->pass[s];
        for (size_t k = 0; k < (size_t)pass->len * (size_t)a->tiles; k++) {
            entries += pass->op[k].word >= 0 || pass->op[k].stage >= 0;
            for (int l = 0, first = 1; pass->op[k].word >= 0 && l < a->lanes; l++) {
                if (pass->op[k].read[l] < 0)
                    continue;
                r->shared_reads += !first;
                first = 0;
            }
        }
        r->clocks += pass->len + a->gap;
        tail += pass->len - pass->busy_end / lanes;
        r->g_used += pass->words;
    }
    r->bound_lane = work / lanes;
    r->bound_noise = (double)r->noise_words / a->tiles;
    r->bound_port = (double)entries / a->tiles;
    r->bound = r->bound_lane > r->bound_noise ? r->bound_lane : r->bound_noise;
    r->bound = r->bound_port > r->bound ? r->bound_port : r->bound;
    r->efficiency = r->bound / r->clocks;
    r->lost_drain = c->nseg * a->gap;
    r->lost_tail = (int)(tail + 0.5);
    r->lost_conflict = r->clocks - (int)(r->bound + 0.5) - r->lost_drain - r->lost_tail;
    r->s_used = p->s_used;
    r->c_used = p->c_used;
    for (int i = 0; i < c->nodes; i++)
        if (p->slot[i].g + 1 > r->g_used)
            r->g_used = p->slot[i].g + 1;
    r->flips_per_cycle = (double)updates * a->chains / r->clocks;
    quantise_report(c, p, r);
}

static enum glb_status compile(struct plan *c, struct glb_program **out,
                               struct glb_compile_report *r) {
    enum glb_status s = search_plans(c, r);
    if (s == GLB_OK)
        s = check_fit(c);
    if (s == GLB_OK)
        s = emit_program(c, out);
    if (s != GLB_OK)
        return s;
    s = glb_program_set_weights(*out, c->g->J, c->g->h, NULL);
    fill_report(c, *out, r);
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
    struct plan c = {.a = a, .g = g, .o = o ? o : &defaults};
    c.rng = c.o->seed + 1;
    const enum glb_status s = compile(&c, out, r);
    if (s != GLB_OK) {
        glb_program_free(*out);
        *out = NULL;
    }
    plan_release(&c);
    r->seconds = (double)(clock() - t0) / CLOCKS_PER_SEC;
    return s;
}

void glb_compile_report_print(const struct glb_compile_report *r, FILE *to) {
    fprintf(to, "colours %d, largest degree %d, hubs %d\n", r->colours, r->max_degree, r->hubs);
    fprintf(to,
            "work of a sweep: %ld reads (%ld shared), %ld noise words, %ld closes, %ld exports\n",
            r->reads, r->shared_reads, r->noise_words, r->closes, r->exports);
    fprintf(to, "bounds: lanes %.1f, noise %.1f, ports %.1f clocks\n", r->bound_lane,
            r->bound_noise, r->bound_port);
    fprintf(to,
            "clocks %d, efficiency %.1f %%, lost: drain %d, tail %d, conflicts and waiting %d\n",
            r->clocks, 100 * r->efficiency, r->lost_drain, r->lost_tail, r->lost_conflict);
    fprintf(to, "memory: schedule %d, couplings %d, states %d\n", r->s_used, r->c_used, r->g_used);
    fprintf(to, "p-bit updates per clock %.2f\n", r->flips_per_cycle);
    fprintf(to, "quantisation: u %g, coupling error rms %.3g max %.3g, bias error max %.3g\n", r->u,
            r->j_rms_error, r->j_max_error, r->h_max_error);
    fprintf(to, "field: largest %g of %g%s\n", r->field_max, r->field_limit,
            r->range_is_worst_case
                ? ""
                : " (6 sigma bound for p-bits whose worst case is outside the range)");
    fprintf(to, "compiled in %.2f s of processor time\n", r->seconds);
}
