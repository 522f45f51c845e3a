/* Statistics: what the array counts is what the host counts in the samples of the same run, on
 * every device, in runs of several jobs and boards, and in those that end early.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glauber.h>

enum { N = 24, M = 36, STEPS = 700 };

/* Counts of one run; `seen` of the samples that a callback got. */
struct counts {
    int64_t counted, up[N], agree[M];
};

struct seen {
    const struct glb_graph *g;
    struct counts c;
    double energy;
};

static int is_up(const uint8_t *bits, int i) {
    return bits[i / 8] >> i % 8 & 1;
}

static int on_sample(void *user, int64_t sample, int chain, const uint8_t *bits, double energy) {
    struct seen *s = user;
    (void)sample, (void)chain;
    for (int i = 0; i < N; i++)
        s->c.up[i] += is_up(bits, i);
    for (int e = 0; e < M; e++)
        s->c.agree[e] += is_up(bits, glb_graph_coupling_i(s->g)[e]) ==
                         is_up(bits, glb_graph_coupling_j(s->g)[e]);
    s->c.counted++;
    s->energy += energy;
    return 0;
}

static struct glb_graph *make_graph(void) {
    struct glb_graph *g;
    assert_int_equal(glb_graph_generate("regular", "n=24,d=3,weights=gauss,bias=gauss", 1, &g),
                     GLB_OK);
    return g;
}

struct machine {
    struct glb_program *p;
    struct glb_device *d;
    struct glb_sampler *s;
};

static void open_machine(const struct glb_graph *g, const char *device, const char *array,
                         int counts, struct machine *m) {
    struct glb_compile_options o;
    glb_compile_options_init(&o, sizeof o);
    o.count = counts;
    assert_int_equal(glb_program_compile(g, array, &o, &m->p), GLB_OK);
    assert_int_equal(glb_device_open(device, array, &m->d), GLB_OK);
    assert_int_equal(glb_sampler_new(g, m->p, m->d, &m->s), GLB_OK);
}

static void close_machine(struct machine *m) {
    glb_sampler_close(m->s);
    glb_device_close(m->d);
    glb_program_free(m->p);
}

/* The result's means are those of its counts. */
static void take(const struct glb_graph *g, const struct glb_result *r, struct counts *c) {
    double energy = 0;
    assert_non_null(r->up_counts);
    c->counted = r->counted;
    memcpy(c->up, r->up_counts, sizeof c->up);
    memcpy(c->agree, r->agree_counts, sizeof c->agree);
    for (int i = 0; i < N; i++) {
        const double mean = 2.0 * (double)c->up[i] / (double)c->counted - 1;
        assert_true(r->magnetization[i] == mean);
        energy -= glb_graph_bias_values(g)[i] * mean;
    }
    for (int e = 0; e < M; e++) {
        const double mean = 2.0 * (double)c->agree[e] / (double)c->counted - 1;
        assert_true(r->correlations[e] == mean);
        energy -= glb_graph_coupling_values(g)[e] * mean;
    }
    assert_true(fabs(r->mean_energy - energy) < 1e-9);
}

static void same(const struct counts *a, const struct counts *b, const char *what, size_t k) {
    if (memcmp(a, b, sizeof *a) != 0)
        fail_msg("%s, case %zu: %lld samples, %lld and %lld up, %lld and %lld equal", what, k,
                 (long long)a->counted, (long long)a->up[0], (long long)b->up[0],
                 (long long)a->agree[0], (long long)b->agree[0]);
}

/* A run of the array's counts, and the same with samples. */
static void compare(const struct glb_graph *g, const struct machine *m, struct glb_settings set,
                    const char *what, size_t k, struct counts *out) {
    struct seen seen = {.g = g};
    struct counts streamed;
    set.statistics = 1;
    assert_int_equal(glb_sampler_run(m->s, &set), GLB_OK);
    const struct glb_result *r = glb_sampler_result(m->s);
    assert_null(r->host_counts);
    assert_true(isnan(r->best_energy) && isnan(r->mean_energy_stderr) && !r->stopped);
    assert_int_equal(r->counted, glb_sampler_samples(m->s, &set) * r->chains);
    assert_int_equal(r->samples, glb_sampler_samples(m->s, &set));
    take(g, r, out);
    const double energy = r->mean_energy;
    set.on_sample = on_sample;
    set.user = &seen;
    assert_int_equal(glb_sampler_run(m->s, &set), GLB_OK);
    assert_string_equal(r->host_counts, "the samples come to the host");
    assert_true(r->best_energy <= r->mean_energy && r->mean_energy_stderr >= 0);
    take(g, r, &streamed);
    same(&streamed, &seen.c, "the host", k);
    same(out, &seen.c, what, k);
    assert_true(energy == r->mean_energy);
    assert_true(fabs(energy - seen.energy / (double)seen.c.counted) < 1e-9);
}

static struct glb_step ramp[STEPS];
static int8_t clamp[N][2], init[N];

/* Long runs first: on the slow devices only the others. */
static size_t make_cases(struct glb_settings *set, size_t *slow) {
    size_t k = 0;
    for (int i = 0; i < 8; i++)
        glb_settings_init(&set[i], sizeof set[i]);
    for (int i = 0; i < STEPS; i++)
        ramp[i] = (struct glb_step){0.2 + 0.001 * i, 3};
    for (int i = 0; i < N; i++)
        init[i] = (int8_t)(i % 3 ? 1 : -1);
    clamp[3][0] = clamp[7][0] = clamp[7][1] = 1;
    clamp[3][1] = -1;
    set[k].samples = 9000; /* three jobs */
    set[k++].interval = 2;
    set[k].samples = 4096; /* two */
    set[k++].chains = 100;
    *slow = k;
    set[k].samples = 4095;
    set[k++].seed = 77;
    set[k].samples = 100; /* jobs of 256 steps, some of which begin between two sampling points */
    set[k].burn_in = 10;
    set[k].interval = 13;
    set[k].schedule = ramp;
    set[k++].steps = STEPS;
    set[k].samples = 0; /* all that there is room for */
    set[k].interval = 1;
    set[k].schedule = ramp;
    set[k++].steps = STEPS;
    set[k].samples = 50;
    set[k].chains = 48;
    set[k].burn_in = 0;
    set[k].init = init;
    set[k].init_columns = 1;
    set[k].clamp = clamp[0];
    set[k++].clamp_columns = 2;
    return k;
}

static void array_and_host(void **state) {
    static const char *const devices[] = {"emu", "emu-port"};
    struct glb_settings set[8];
    struct glb_graph *g = make_graph();
    size_t slow;
    const size_t cases = make_cases(set, &slow);
    (void)state;
    for (size_t k = 0; k < cases; k++) {
        struct counts first, c;
        for (size_t d = 0; d < (k < slow ? 1 : 2); d++) {
            struct machine m;
            open_machine(g, devices[d], "small", 1, &m);
            compare(g, &m, set[k], devices[d], k, d ? &c : &first);
            if (d)
                same(&first, &c, "emu and emu-port", k);
            close_machine(&m);
        }
        struct machine m; /* that cannot count */
        open_machine(g, "emu", "small", 0, &m);
        set[k].statistics = 1;
        assert_int_equal(glb_sampler_run(m.s, &set[k]), GLB_OK);
        const struct glb_result *r = glb_sampler_result(m.s);
        assert_string_equal(r->host_counts, "the program has no counting segments");
        assert_true(isnan(r->best_energy) && isnan(r->mean_energy_stderr));
        take(g, r, &c);
        same(&first, &c, "without counting segments", k);
        close_machine(&m);
    }
    glb_graph_free(g);
}

/* Samples of a run of one job are those of a run without statistics. */
static void samples_are_those_of_plain_runs(void **state) {
    struct glb_graph *g = make_graph();
    struct glb_settings set;
    struct machine m;
    struct counts c;
    struct seen seen = {.g = g};
    (void)state;
    open_machine(g, "emu", "tiny", 1, &m);
    glb_settings_init(&set, sizeof set);
    set.samples = 16383; /* 65535 / 4 chains */
    set.statistics = 1;
    assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
    take(g, glb_sampler_result(m.s), &c);
    set.statistics = 0;
    set.on_sample = on_sample;
    set.user = &seen;
    assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
    same(&c, &seen.c, "plain", 0);
    const struct glb_result *r = glb_sampler_result(m.s);
    assert_true(!r->up_counts && !r->agree_counts && !r->correlations && !r->host_counts);
    assert_int_equal(r->counted, 0);
    close_machine(&m);
    glb_graph_free(g);
}

static struct glb_sampler *running;
static double stop_at;

static int on_progress(void *user, double fraction, double best) {
    (void)best;
    if (fraction > stop_at && fraction < 1) {
        if (user) /* ends it by its answer */
            return 1;
        glb_sampler_cancel(running);
    }
    return 0;
}

/* What a run that is cut short has counted is what one of so many samples counts. */
static void ended_early(void **state) {
    static const struct {
        const char *device;
        int chains, answer;
        double at;
    } c[] = {{"emu", 16, 0, 0},
             {"emu", 16, 1, 0.3},
             {"emu", 4096, 0, 0.01},
             {"emu-port", 16, 0, 0},
             {"emu-port", 16, 1, 0}};
    struct glb_graph *g = make_graph();
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++) {
        struct glb_settings set;
        struct machine m;
        struct counts early, whole;
        int answer;
        open_machine(g, c[k].device, "small", 1, &m);
        glb_settings_init(&set, sizeof set);
        set.samples = strcmp(c[k].device, "emu") ? 20000 : c[k].chains > 16 ? 20000 : 500000;
        set.interval = 3;
        set.chains = c[k].chains;
        set.statistics = 1;
        set.on_progress = on_progress;
        set.user = c[k].answer ? &answer : NULL;
        running = m.s;
        stop_at = c[k].at;
        assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
        const struct glb_result *r = glb_sampler_result(m.s);
        assert_true(r->stopped && !r->host_counts);
        assert_in_range(r->samples, 1, set.samples - 1);
        assert_int_equal(r->counted, r->samples * c[k].chains);
        take(g, r, &early);
        set.samples = r->samples;
        set.on_progress = NULL;
        assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
        assert_false(r->stopped);
        take(g, r, &whole);
        same(&early, &whole, "ended early", k);
        close_machine(&m);
    }
    glb_graph_free(g);
}

/* Cancelled before its first sweep: nothing, and that is what it says. */
static void nothing_counted(void **state) {
    struct glb_graph *g = make_graph();
    struct glb_settings set;
    struct machine m;
    (void)state;
    open_machine(g, "emu", "small", 1, &m);
    glb_settings_init(&set, sizeof set);
    set.statistics = 1;
    glb_sampler_cancel(m.s);
    assert_int_equal(glb_sampler_run(m.s, &set), GLB_OK);
    const struct glb_result *r = glb_sampler_result(m.s);
    assert_true(r->stopped && r->counted == 0 && isnan(r->correlations[0]));
    assert_true(isnan(r->mean_energy) && isnan(r->magnetization[0]));
    close_machine(&m);
    glb_graph_free(g);
}

static void who_counts(void **state) {
    struct glb_graph *g = make_graph(), *large;
    struct glb_settings set;
    struct glb_sampler *s;
    struct glb_program *p;
    struct glb_compile_options o;
    (void)state;
    glb_settings_init(&set, sizeof set);
    set.statistics = 1;
    assert_int_equal(glb_sampler_open(g, "emu", "tiny", &s), GLB_OK); /* makes its own segments */
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_null(glb_sampler_result(s)->host_counts);
    set.stop_energy = -1e9; /* needs energies */
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_non_null(glb_sampler_result(s)->host_counts);
    assert_false(isnan(glb_sampler_result(s)->best_energy));
    set.statistics = 2;
    assert_int_equal(glb_sampler_run(s, &set), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "statistics = 2"));
    glb_sampler_close(s);
    set.statistics = 1;
    set.stop_energy = NAN;
    assert_int_equal(glb_graph_generate("complete", "n=22", 1, &large), GLB_OK);
    assert_int_equal(glb_sampler_open(large, "emu", "tiny", &s), GLB_OK);
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    assert_string_equal(glb_sampler_result(s)->host_counts, "coupling memory");
    glb_sampler_close(s);
    glb_compile_options_init(&o, sizeof o);
    o.count = 1;
    assert_int_equal(glb_program_compile(large, "tiny", &o, &p), GLB_OK);
    const struct glb_compile_report *r = glb_program_report(p);
    assert_int_equal(r->sums_wanted, 22 * 21 / 2 + 22);
    assert_int_equal(r->sums_room, (128 - r->coupling_used) * 4);
    glb_program_free(p);
    glb_graph_free(large);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(array_and_host), cmocka_unit_test(samples_are_those_of_plain_runs),
        cmocka_unit_test(ended_early),    cmocka_unit_test(nothing_counted),
        cmocka_unit_test(who_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
