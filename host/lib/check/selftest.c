/* The self-test: one device against another bit by bit, and against exact enumeration.
 * SPDX-License-Identifier: Apache-2.0 */
#include "check/selftest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "device/device.h"

/* Samples of one device in one buffer: [sample][chain][row]. */
struct tape {
    uint8_t *bits;
    size_t row;
    int chains;
    long samples;
};

static int record(void *user, int64_t sample, int chain, const uint8_t *bits, double energy) {
    struct tape *t = user;
    (void)energy;
    if (sample >= t->samples || chain >= t->chains)
        return 1;
    memcpy(t->bits + ((size_t)sample * t->chains + chain) * t->row, bits, t->row);
    return 0;
}

static enum glb_status run_on(const struct glb_graph *g, struct glb_program *p, const char *device,
                              const struct glb_settings *settings, struct tape *t,
                              struct glb_result *result) {
    struct glb_device *d = NULL;
    struct glb_sampler *s = NULL;
    struct glb_settings set = *settings;
    enum glb_status st = glb_device_open(device, p->array.name, &d);
    if (!st)
        st = glb_sampler_new(g, p, d, &s);
    if (!st) {
        t->row = (size_t)(g->n + 7) / 8;
        t->chains = glb_sampler_chains(s, &set);
        t->samples = set.samples;
        t->bits = calloc((size_t)t->samples * t->chains + 1, t->row);
        if (!t->bits)
            st = glb_fail(GLB_ERR_MEMORY, "no memory for %ld samples", t->samples);
    }
    if (!st) {
        set.on_sample = record;
        set.user = t;
        st = glb_sampler_run(s, &set);
    }
    if (!st)
        *result = *glb_sampler_result(s);
    result->best_spins = NULL; /* die with the sampler */
    result->magnetization = NULL;
    glb_sampler_close(s);
    glb_device_close(d);
    return st;
}

enum glb_status glb_compare_devices(const struct glb_graph *g, struct glb_program *p,
                                    const char *one, const char *other,
                                    const struct glb_settings *set, long *samples,
                                    struct glb_result *result) {
    struct tape a = {0}, b = {0};
    struct glb_result ra = {0}, rb = {0};
    enum glb_status s = run_on(g, p, one, set, &a, &ra);
    if (!s)
        s = run_on(g, p, other, set, &b, &rb);
    for (long k = 0; k < a.samples && !s; k++)
        for (int c = 0; c < a.chains && !s; c++) {
            const size_t at = ((size_t)k * a.chains + c) * a.row;
            for (size_t i = 0; i < a.row; i++)
                if (a.bits[at + i] != b.bits[at + i]) {
                    const int bit = __builtin_ctz(a.bits[at + i] ^ b.bits[at + i]);
                    s = glb_fail(
                        GLB_ERR_DEVICE,
                        "%s and %s differ first in sample %ld, chain %d, p-bit %zu (seed %llu)",
                        one, other, k, c, 8 * i + bit + 1, (unsigned long long)set->seed);
                    break;
                }
        }
    if (!s && (ra.updates != rb.updates || ra.clocks != rb.clocks))
        s = glb_fail(GLB_ERR_DEVICE, "%s counts %llu flips and %llu clocks, %s %llu and %llu", one,
                     (unsigned long long)ra.updates, (unsigned long long)ra.clocks, other,
                     (unsigned long long)rb.updates, (unsigned long long)rb.clocks);
    *samples = a.samples;
    *result = rb;
    free(a.bits);
    free(b.bits);
    return s;
}

struct histogram {
    uint64_t *count; /* [2^n] */
    size_t row;      /* bytes of a sample, 1 or 2 */
};

static int tally(void *user, int64_t sample, int chain, const uint8_t *bits, double energy) {
    struct histogram *h = user;
    (void)sample, (void)chain, (void)energy;
    h->count[bits[0] | (h->row > 1 ? (size_t)bits[1] << 8 : 0)]++;
    return 0;
}

/* Probabilities of all states at the settings' beta, clamped p-bits fixed (column 0); [2^n]. */
static void enumerate(const struct glb_graph *g, const struct glb_settings *set, double *p) {
    int8_t m[16];
    double total = 0, lowest = INFINITY;
    for (size_t x = 0; x < (size_t)1 << g->n; x++) {
        p[x] = INFINITY;
        int allowed = 1;
        for (int i = 0; i < g->n; i++) {
            m[i] = x >> i & 1 ? 1 : -1;
            const int fixed = set->clamp ? set->clamp[(size_t)i * set->clamp_columns] : 0;
            allowed &= !fixed || fixed == m[i];
        }
        if (allowed)
            p[x] = glb_graph_energy(g, m);
        if (p[x] < lowest)
            lowest = p[x];
    }
    for (size_t x = 0; x < (size_t)1 << g->n; x++)
        total += p[x] = exp(-set->beta * (p[x] - lowest));
    for (size_t x = 0; x < (size_t)1 << g->n; x++)
        p[x] /= total;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* States with few expected samples share a bin with their neighbours in probability. */
static void chi_square(const double *p, const uint64_t *count, size_t states, double total,
                       double *chi2, int *dof) {
    enum { MIN_EXPECTED = 20 };
    double(*pair)[2] = malloc(states * sizeof *pair), expected = 0, seen = 0;
    int bins = 0;
    *chi2 = pair ? 0 : NAN;
    for (size_t x = 0; x < states && pair; x++) {
        pair[x][0] = p[x];
        pair[x][1] = (double)count[x];
    }
    if (pair)
        qsort(pair, states, sizeof *pair, by_value);
    for (size_t x = 0; x < states && pair; x++) {
        expected += pair[x][0] * total;
        seen += pair[x][1];
        if (expected >= MIN_EXPECTED || x + 1 == states) {
            if (expected > 0)
                *chi2 += (seen - expected) * (seen - expected) / expected;
            else if (seen > 0)
                *chi2 = INFINITY; /* a state that cannot be */
            bins++;
            expected = seen = 0;
        }
    }
    free(pair);
    *dof = bins - 1;
}

enum glb_status glb_compare_exact(const struct glb_graph *g, struct glb_program *p,
                                  struct glb_device *d, const struct glb_settings *settings,
                                  double *chi2, int *dof, double *z) {
    if (g->n > 16)
        return glb_fail(GLB_ERR_ARGUMENT, "%d p-bits are too many to enumerate; 16 are possible",
                        g->n);
    const size_t states = (size_t)1 << g->n;
    struct histogram h = {calloc(states, sizeof *h.count), (size_t)(g->n + 7) / 8};
    double *exact = malloc(states * sizeof *exact);
    struct glb_sampler *s = NULL;
    struct glb_settings set = *settings;
    enum glb_status st =
        h.count && exact ? glb_sampler_new(g, p, d, &s) : glb_fail(GLB_ERR_MEMORY, "no memory");
    if (!st) {
        set.on_sample = tally;
        set.user = &h;
        st = glb_sampler_run(s, &set);
    }
    if (!st) {
        enumerate(g, &set, exact);
        chi_square(exact, h.count, states, (double)set.samples * glb_sampler_chains(s, &set), chi2,
                   dof);
        const double k = *dof > 0 ? *dof : 1;
        *z = (cbrt(*chi2 / k) - (1 - 2 / (9 * k))) / sqrt(2 / (9 * k));
    }
    glb_sampler_close(s);
    free(exact);
    free(h.count);
    return st;
}

static const struct glb_compile_options quick = {.size = sizeof quick, .seed = 1};

static enum glb_status check_bits(const char *device, const char *array, uint64_t seed,
                                  const struct report *to) {
    const struct glb_array *a = glb_array_find(array);
    const char *other = glb_device_is_emu(device) ? "emu-port" : "emu";
    struct glb_graph *g;
    struct glb_program *p = NULL;
    struct glb_settings set;
    struct glb_result r;
    long samples = 0;
    glb_settings_init(&set, sizeof set);
    set.seed = seed;
    set.burn_in = 3;
    set.interval = 2;
    set.samples = 20;
    enum glb_status s = glb_graph_generate("regular",
                                           glb_array_capacity(a) >= 256 ? "n=100,d=5,weights=gauss"
                                                                        : "n=32,d=3,weights=gauss",
                                           seed, &g);
    if (!s)
        s = glb_program_compile(g, array, &quick, &p);
    if (!s)
        s = glb_compare_devices(g, p, other, device, &set, &samples, &r);
    if (!s)
        report_line(to, "bits       ok: %ld samples of %d chains x %d p-bits agree with %s",
                    samples, r.chains, g->n, other);
    glb_program_free(p);
    glb_graph_free(g);
    return s;
}

static enum glb_status check_distribution(const char *device, const char *array, uint64_t seed,
                                          const struct report *to) {
    struct glb_graph *g;
    struct glb_program *p = NULL;
    struct glb_device *d = NULL;
    struct glb_settings set;
    double chi2, z;
    int dof;
    glb_settings_init(&set, sizeof set);
    set.seed = seed;
    set.beta = 0.5;
    set.interval = 16; /* apart enough to count as independent */
    set.samples = glb_device_is_emu(device) ? 20000 : 2000;
    enum glb_status s =
        glb_graph_generate("regular", "n=8,d=3,weights=pm1,bias=pm1,bias-scale=0.5", seed, &g);
    if (!s)
        s = glb_program_compile(g, array, &quick, &p);
    if (!s)
        s = glb_device_open(device, array, &d);
    if (!s)
        s = glb_compare_exact(g, p, d, &set, &chi2, &dof, &z);
    if (!s && !(z < 5))
        s = glb_fail(
            GLB_ERR_DEVICE,
            "the distribution is wrong: chi-square %.1f at %d degrees of freedom, %.1f sigma", chi2,
            dof, z);
    if (!s)
        report_line(
            to, "statistics ok: chi-square %.1f at %d degrees of freedom, %+.1f sigma (limit 5)",
            chi2, dof, z);
    glb_device_close(d);
    glb_program_free(p);
    glb_graph_free(g);
    return s;
}

enum glb_status glb_selftest(const char *device, const char *array, uint64_t seed, glb_line_fn fn,
                             void *user) {
    const struct report report = {fn, user}, *to = &report;
    struct glb_device *d;
    enum glb_status s = glb_device_open(device, array, &d);
    if (s)
        return s;
    report_line(to, "identity   ok: %s", glb_device_describe(d));
    s = glb_selftest_memory(d, seed, to);
    glb_device_close(d);
    if (!s)
        s = check_bits(device, array, seed, to);
    return s ? s : check_distribution(device, array, seed, to);
}
