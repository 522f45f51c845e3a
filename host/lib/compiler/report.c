/* The compiler's report: work, bounds, losses, memory. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/report.h"

#include "compiler/quantise.h"

static void count_graph(const struct plan *plan, struct glb_compile_report *r) {
    const struct problem *problem = plan->problem;
    r->colours = plan->ncolours;
    r->hubs = problem->nhubs;
    for (int i = 0; i < problem->n; i++)
        if (problem_degree(problem, i) > r->max_degree)
            r->max_degree = problem_degree(problem, i);
}

static void count_tasks(const struct plan *plan, struct glb_compile_report *r) {
    const struct glb_array *a = plan->problem->array;
    long work = 0;
    for (int t = 0; t < plan->ntask; t++) {
        const struct task *k = &plan->task[t];
        r->reads += k->nread;
        r->noise_words += k->noise;
        r->closes += 1;
        r->exports += k->nstage - 1;
        work += plan_task_work(k);
    }
    r->bound_lane = (double)work / ((double)a->tiles * a->lanes);
    r->bound_noise = (double)r->noise_words / a->tiles;
}

static long updates(const struct plan *plan) {
    long n = 0;
    for (int t = 0; t < plan->ntask; t++)
        n += plan->task[t].kind == TASK_PBIT;
    return n;
}

/* Coupling entries of a segment; adds to the shared reads. */
static long count_entries(const struct plan *plan, const struct pass *pass,
                          struct glb_compile_report *r) {
    const struct glb_array *a = plan->problem->array;
    long entries = 0;
    for (size_t k = 0; k < (size_t)pass->len * (size_t)a->tiles; k++) {
        const struct op *op = &pass->op[k];
        int readers = 0;
        for (int l = 0; op->word >= 0 && l < a->lanes; l++)
            readers += op->read[l] >= 0;
        r->shared_reads += readers > 1 ? readers - 1 : 0;
        entries += op->word >= 0 || op->stage >= 0;
    }
    return entries;
}

static void count_clocks(const struct plan *plan, struct glb_compile_report *r) {
    const struct problem *problem = plan->problem;
    const struct glb_array *a = problem->array;
    const double lanes = (double)a->tiles * a->lanes;
    long entries = 0;
    double tail = 0;
    for (int s = 0; s < problem->nseg; s++) {
        const struct pass *pass = &plan->pass[s];
        entries += count_entries(plan, pass, r);
        r->clocks += pass->len + a->gap;
        r->state_used += pass->words;
        tail += pass->len - pass->busy_end / lanes;
    }
    r->bound_port = (double)entries / a->tiles;
    r->bound = r->bound_lane > r->bound_noise ? r->bound_lane : r->bound_noise;
    r->bound = r->bound_port > r->bound ? r->bound_port : r->bound;
    r->efficiency = r->bound / r->clocks;
    r->lost_drain = problem->nseg * a->gap;
    r->lost_tail = (int)(tail + 0.5);
    r->lost_conflict = r->clocks - (int)(r->bound + 0.5) - r->lost_drain - r->lost_tail;
}

enum glb_status fill_report(const struct plan *plan, const struct glb_program *p,
                            struct glb_compile_report *r) {
    const struct problem *problem = plan->problem;
    count_graph(plan, r);
    count_tasks(plan, r);
    count_clocks(plan, r);
    r->schedule_used = p->s_used;
    r->coupling_used = p->c_used;
    for (int i = 0; i < problem->nodes; i++)
        if (p->slot[i].g + 1 > r->state_used)
            r->state_used = p->slot[i].g + 1;
    r->updates_per_clock = (double)updates(plan) * problem->array->chains / r->clocks;
    r->range_is_worst_case = problem->worst_case;
    return quantise_report(problem, p, r);
}

void glb_compile_report_print(const struct glb_compile_report *r, FILE *to) {
    fprintf(to, "colours %d, largest degree %d, hubs %d\n", r->colours, r->max_degree, r->hubs);
    fprintf(
        to,
        "work of a sweep: %lld reads (%lld shared), %lld noise words, %lld closes, %lld exports\n",
        (long long)r->reads, (long long)r->shared_reads, (long long)r->noise_words,
        (long long)r->closes, (long long)r->exports);
    fprintf(to, "bounds: lanes %.1f, noise %.1f, ports %.1f clocks\n", r->bound_lane,
            r->bound_noise, r->bound_port);
    fprintf(to,
            "clocks %d, efficiency %.1f %%, lost: drain %d, tail %d, conflicts and waiting %d\n",
            r->clocks, 100 * r->efficiency, r->lost_drain, r->lost_tail, r->lost_conflict);
    fprintf(to, "memory: schedule %d, couplings %d, states %d\n", r->schedule_used,
            r->coupling_used, r->state_used);
    if (r->sums_limit)
        fprintf(to, "counting: none, no room for %d sums: %s\n", r->sums_wanted, r->sums_limit);
    else if (r->sums)
        fprintf(to, "counting: %d sums, %d entries, %d clocks\n", r->sums, r->sum_entries,
                r->count_clocks);
    fprintf(to, "p-bit updates per clock %.2f\n", r->updates_per_clock);
    fprintf(to, "quantisation: u %g, coupling error rms %.3g max %.3g, bias error max %.3g\n", r->u,
            r->j_rms_error, r->j_max_error, r->h_max_error);
    fprintf(to, "rounded to 0: %d of %d couplings; field error of a p-bit: largest %.3g\n",
            r->couplings_zeroed, r->couplings_nonzero, r->field_error);
    if (r->beta > 0)
        fprintf(to,
                "precise: for beta %g%s; %d couplings cut to what decides, %d entries for parts of "
                "large ones, %d helpers\n",
                r->beta, r->helpers ? "" : " or more", r->couplings_cut, r->entries_added,
                r->helpers);
    fprintf(to, "field: largest %g of %g%s\n", r->field_max, r->field_limit,
            r->range_is_worst_case
                ? ""
                : " (6 sigma bound for p-bits whose worst case is outside the range)");
    fprintf(to, "compiled in %.2f s of processor time\n", r->seconds);
}
