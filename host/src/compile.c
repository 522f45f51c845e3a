/* The graph compiler's driver: graph in, program and report out. SPDX-License-Identifier:
 * Apache-2.0 */
#include "compile.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
static void release(struct glb_compile *c) {
    free(c->adj0);
    free(c->adj);
    free(c->adj_edge);
    free(c->seg_of);
    free(c->colour);
    free(c->hub);
    free(c->task);
    free(c->stage);
    free(c->read);
    free(c->word);
    free(c->group);
    for (int s = 0; s < GLB_SEGMENTS; s++) {
        free(c->pass[s].op);
        free(c->pass[s].g);
    }
}

static enum glb_status read_graph(struct glb_compile *c) {
    const struct glb_graph *g = c->g;
    const size_t n = (size_t)g->n, m = (size_t)g->m;
    c->n = g->n;
    c->copies = c->o->copies > 1 ? c->o->copies : 1;
    c->nodes = c->n * c->copies;
    c->adj0 = calloc(n + 2, sizeof *c->adj0);
    c->adj = malloc(sizeof *c->adj * (2 * m + 1));
    c->adj_edge = malloc(sizeof *c->adj_edge * (2 * m + 1));
    c->seg_of = malloc(sizeof *c->seg_of * (n + 1));
    c->colour = calloc(n + 1, sizeof *c->colour);
    c->hub = malloc(sizeof *c->hub * (n + 1));
    if (!c->adj0 || !c->adj || !c->adj_edge || !c->seg_of || !c->colour || !c->hub)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    for (int e = 0; e < g->m; e++) {
        c->adj0[g->ei[e] + 2]++;
        c->adj0[g->ej[e] + 2]++;
    }
    for (int i = 0; i < g->n; i++)
        c->adj0[i + 2] += c->adj0[i + 1];
    for (int e = 0; e < g->m; e++) {
        const int a = c->adj0[g->ei[e] + 1]++, b = c->adj0[g->ej[e] + 1]++;
        c->adj[a] = g->ej[e];
        c->adj[b] = g->ei[e];
        c->adj_edge[a] = c->adj_edge[b] = e;
    }
    return GLB_OK;
}

static enum glb_status read_segments(struct glb_compile *c) {
    const struct glb_compile_options *o = c->o;
    c->nseg = o->segments ? o->nsegments : 1;
    if (c->nseg < 1 || c->nseg > GLB_SEGMENTS)
        return glb_fail(GLB_ERR_ARGUMENT, "compile: %d segments; the array takes 1 to %d", c->nseg,
                        GLB_SEGMENTS);
    for (int i = 0; i < c->n; i++)
        c->seg_of[i] = o->segments ? -1 : 0;
    for (int s = 0; o->segments && s < c->nseg; s++)
        for (int k = 0; k < o->segments[s].count; k++) {
            const int i = o->segments[s].pbits[k];
            if (i < 0 || i >= c->n)
                return glb_fail(GLB_ERR_ARGUMENT,
                                "compile: segment %d names p-bit %d; the graph has %d", s, i, c->n);
            if (c->seg_of[i] >= 0)
                return glb_fail(GLB_ERR_ARGUMENT,
                                "compile: p-bit %d is in segments %d and %d; state addresses "
                                "follow a segment's order, so a "
                                "p-bit can be in one only",
                                i, c->seg_of[i], s);
            c->seg_of[i] = s;
        }
    return GLB_OK;
}

/* Marks reads that several lanes of a group have in common. */
static enum glb_status mark_shared(struct glb_compile *c) {
    uint8_t *lanes = calloc((size_t)c->nword + 1, 1);
    if (!lanes)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    for (int g = 0; g < c->ngroup; g++)
        for (int pass = 0; pass < 3; pass++)
            for (int l = 0; l < c->a->lanes; l++) {
                const int t = c->group[g].task[l];
                if (t < 0)
                    continue;
                c->task[t].group = g;
                const struct glb_stage *s = &c->stage[c->task[t].stage0];
                for (int r = s->read0; r < s->read0 + s->nread; r++) {
                    const int w = c->read[r].word;
                    if (pass == 0)
                        lanes[w] |= (uint8_t)(1 << l);
                    else if (pass == 1)
                        c->read[r].shared = lanes[w];
                    else
                        lanes[w] = 0;
                }
            }
    free(lanes);
    return GLB_OK;
}

/* Is the tiles' one word a clock what a segment needs most? */
static bool network_bound(const struct glb_compile *c, int seg) {
    double entries = 0, noise = 0, lanes = 0;
    for (int t = 0; t < c->ntask; t++) {
        const struct glb_task *k = &c->task[t];
        if (k->seg != seg)
            continue;
        entries += k->nread + k->nstage;
        noise += k->noise;
        lanes += (double)(k->nread + k->noise + k->nstage) / c->a->lanes;
    }
    return entries > 1.1 * noise && entries > 1.1 * lanes;
}

/* Several schedules of each segment with other random choices; the shortest stays. price: clocks
 * that an entry is worth. */
static enum glb_status schedule_all(struct glb_compile *c, int tries, int search, double price) {
    for (int s = 0; s < c->nseg; s++) {
        struct glb_pass best = {0};
        for (int k = 0; k < tries; k++) {
            /* with hubs, lanes and ports are both near their bounds: one try for each */
            const bool lanes = c->nhubs && k % 2, network = network_bound(c, s) && !lanes;
            const double thrift = price > 0 ? 8 : !c->nhubs ? 1 : lanes ? 3 : 0.3;
            const enum glb_status status = glb_c_schedule(c, s, network || price > 0, thrift,
                                                          c->o->seed + 7919u * (unsigned)k, search);
            if (status != GLB_OK) {
                free(best.op);
                free(best.g);
                return status;
            }
            struct glb_pass *p = &c->pass[s];
            if (!best.op || p->len + price * p->entries < best.len + price * best.entries) {
                free(best.op);
                free(best.g);
                best = *p;
                *p = (struct glb_pass){0};
            }
        }
        free(c->pass[s].op);
        free(c->pass[s].g);
        c->pass[s] = best;
    }
    return GLB_OK;
}

static int total_clocks(const struct glb_compile *c) {
    int sum = 0;
    for (int s = 0; s < c->nseg; s++)
        sum += c->pass[s].len;
    return sum;
}

static int total_entries(const struct glb_compile *c) {
    int sum = 0;
    for (int s = 0; s < c->nseg; s++)
        sum += c->pass[s].entries;
    return sum;
}

/* The first array that holds a program of so many state words, entries and clocks on this one. */
static const char *what_fits(const struct glb_compile *c) {
    int n;
    const struct glb_array *all = glb_arrays(&n);
    for (int i = 0; i < n; i++) {
        const struct glb_array *b = &all[i];
        const double scale = (double)c->a->tiles * c->a->lanes / (b->tiles * b->lanes);
        const double words = c->nword + c->nword / 16.0;
        if (glb_array_capacity(b) >= words && b->sdepth >= total_clocks(c) * scale * 1.05 &&
            b->cdepth >= total_entries(c) * (double)c->a->tiles / b->tiles * 1.05)
            return b->name;
    }
    return NULL;
}

static enum glb_status check_fit(const struct glb_compile *c) {
    const struct glb_array *a = c->a;
    const int clocks = total_clocks(c), entries = total_entries(c);
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

static void fill_report(const struct glb_compile *c, const struct glb_program *p,
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
        work += k->nread + k->noise + k->nstage;
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
    glb_c_quantise_report(c, p, r);
}

/* Tasks, placement and schedule of one way to cut the hubs. */
static enum glb_status plan(struct glb_compile *c, double cut, struct glb_compile_report *r) {
    c->cut = cut;
    enum glb_status s = read_graph(c);
    if (s == GLB_OK)
        s = read_segments(c);
    if (s == GLB_OK)
        s = glb_c_find_hubs(c);
    if (s == GLB_OK)
        s = glb_c_choose_u(c, r);
    if (s == GLB_OK)
        s = glb_c_make_tasks(c);
    if (s == GLB_OK)
        s = glb_c_place(c);
    if (s == GLB_OK)
        s = glb_c_use_relays(c);
    if (s == GLB_OK)
        s = glb_c_find_paths(c);
    if (s == GLB_OK)
        s = mark_shared(c);
    const int tries = c->o->effort == 0 ? 1 : c->o->effort == 1 ? 2 : 8;
    const int search = c->o->effort == 0 ? 50 : c->o->effort == 1 ? 500 : 1500;
    if (s == GLB_OK)
        s = schedule_all(c, tries, search, 0);
    if (s == GLB_OK && total_entries(c) > c->a->cdepth)
        s = schedule_all(c, tries, search, 8);
    return s;
}

/* Is plan x better than y? One that fits, then the shorter. */
static bool better(const struct glb_compile *x, const struct glb_compile *y) {
    const bool fx = total_entries(x) <= x->a->cdepth, fy = total_entries(y) <= y->a->cdepth;
    return fx != fy ? fx : total_clocks(x) < total_clocks(y);
}

static enum glb_status compile(struct glb_compile *c, struct glb_program **out,
                               struct glb_compile_report *r) {
    static const double cuts[] = {0.75, 1, 1.25};
    const struct glb_compile empty = *c;
    enum glb_status s = plan(c, 0, r);
    /* Graphs with hubs: other numbers of parts, and with them other placements; large graphs take
     * long and gain less. */
    const bool more = c->nhubs && c->o->effort > 0 && c->nodes < 8192;
    for (int i = 0; more && i < (int)(sizeof cuts / sizeof cuts[0]); i++) {
        struct glb_compile other = empty;
        struct glb_compile_report again = {0};
        other.rng += (unsigned)i + 1;
        const enum glb_status t = plan(&other, cuts[i], &again);
        if (t == GLB_OK && (s != GLB_OK || better(&other, c))) {
            const struct glb_compile swap = *c;
            *c = other;
            other = swap;
            *r = again;
            s = t;
        }
        release(&other);
    }
    if (s == GLB_OK)
        s = check_fit(c);
    if (s == GLB_OK)
        s = glb_c_emit(c, out);
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
    struct glb_compile c = {.a = a, .g = g, .o = o ? o : &defaults};
    c.rng = c.o->seed + 1;
    const enum glb_status s = compile(&c, out, r);
    if (s != GLB_OK) {
        glb_program_free(*out);
        *out = NULL;
    }
    release(&c);
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
