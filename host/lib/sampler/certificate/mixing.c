/* Autocorrelation time by Sokal's window, split R-hat, correlation of chains.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sampler/certificate/mixing.h"

#include <math.h>
#include <stdlib.h>
#include "sampler/certificate/student.h"

enum {
    LAGS = 32,   /* of blocks; a longer memory is looked at in longer blocks */
    LEAST = 16,  /* blocks */
    PAIRED = 64, /* chains that are compared with each other */
    WINDOW = 5,  /* in autocorrelation times */
    LENGTH = 20  /* autocorrelation times that a chain should have */
};

/* All chains over their common blocks, around the common mean. */
struct table {
    int chains, blocks;
    double length;  /* samples of a block */
    double samples; /* of a chain */
    double mean, variance;
    double within; /* mean variance of a half chain */
    double rho2;   /* sum of the squared autocorrelations of blocks, both signs of the lag */
    double *x;     /* [chains][blocks] */
};

static const struct series *longest_of(const struct series *series, int count) {
    const struct series *longest = series;
    for (int k = 1; k < count; k++)
        longest = series[k].count > longest->count ? &series[k] : longest;
    return longest;
}

static bool used(const struct series *s, const struct series *longest) {
    return s->count * 2 >= longest->count && s->count > 0;
}

/* Block b of `ratio` times its length. */
static double merged(const struct series *s, int chain, int b, int ratio) {
    double sum = 0;
    for (int k = 0; k < ratio; k++)
        sum += s->block[((size_t)b * ratio + k) * s->chains + chain];
    return s->shift[chain] + sum / ratio;
}

static enum glb_status fill(const struct series *series, int count, struct table *t) {
    const struct series *longest = longest_of(series, count);
    *t = (struct table){.length = (double)longest->length, .samples = (double)longest->count};
    t->blocks = longest->blocks;
    for (int k = 0; k < count; k++) {
        if (!used(&series[k], longest))
            continue;
        const int ratio = (int)(longest->length / series[k].length);
        const int blocks = series[k].blocks / ratio;
        t->chains += series[k].chains;
        t->blocks = blocks < t->blocks ? blocks : t->blocks;
        t->samples = fmin(t->samples, (double)series[k].count);
    }
    t->x = malloc(((size_t)t->chains * (size_t)t->blocks + 1) * sizeof *t->x);
    if (!t->x)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the series of %d chains", t->chains);
    double *row = t->x, total = 0, samples = 0, between = 0;
    for (int k = 0; k < count; k++)
        for (int c = 0; c < series[k].chains && used(&series[k], longest); c++) {
            const struct series *s = &series[k];
            const int ratio = (int)(longest->length / s->length);
            for (int b = 0; b < t->blocks; b++)
                *row++ = merged(s, c, b, ratio);
            total += s->sum[c] + s->shift[c] * (double)s->count;
            samples += (double)s->count;
            t->within += series_spread(s, c) / (double)s->count / t->chains;
        }
    t->mean = total / samples;
    for (int k = 0; k < count; k++)
        for (int c = 0; c < series[k].chains && used(&series[k], longest); c++)
            between +=
                pow(series[k].shift[c] + series[k].sum[c] / (double)series[k].count - t->mean, 2) /
                t->chains;
    t->variance = t->within + between;
    for (size_t k = 0; k < (size_t)t->chains * (size_t)t->blocks; k++)
        t->x[k] -= t->mean;
    return GLB_OK;
}

/* Spread of the chains' means, which are independent. */
static void measure_mean(const struct table *t, struct glb_observable *o) {
    double square = 0;
    o->mean = t->mean;
    for (int c = 0; c < t->chains && t->blocks; c++) {
        double sum = 0;
        for (int b = 0; b < t->blocks; b++)
            sum += t->x[(size_t)c * t->blocks + b];
        square += sum / t->blocks * (sum / t->blocks);
    }
    const int freedom = t->chains - 1;
    o->half_width = freedom > 0 && t->blocks
                        ? student_quantile(0.05, freedom) * sqrt(square / freedom / t->chains)
                        : NAN;
}

/* Gelman and Rubin's R-hat over half chains. Within: the samples' variance of a chain, less that of
 * the means of its halves. */
static double r_hat(const struct table *t) {
    const int half = t->blocks / 2;
    const double samples = half * t->length;
    double sum = 0, squares = 0, apart = 0;
    if (half < 2)
        return NAN;
    for (int c = 0; c < t->chains; c++) {
        const double *x = t->x + (size_t)c * t->blocks;
        double a = 0, b = 0;
        for (int k = 0; k < half; k++) {
            a += x[k] / half;
            b += x[t->blocks - half + k] / half;
        }
        sum += a + b;
        squares += a * a + b * b;
        apart += (a - b) * (a - b) / 4 / t->chains;
    }
    const int halves = 2 * t->chains;
    const double between = (squares - sum * sum / halves) / (halves - 1);
    const double within = (t->within - apart) * samples / (samples - 1);
    if (between <= 0)
        return within > 0 ? sqrt((samples - 1) / samples) : NAN;
    return within > 1e-12 * between ? sqrt((samples - 1) / samples + between / within) : INFINITY;
}

static double covariance(const struct table *t, int lag) {
    double sum = 0;
    for (int c = 0; c < t->chains; c++) {
        const double *x = t->x + (size_t)c * t->blocks;
        double row = 0;
        for (int b = 0; b + lag < t->blocks; b++)
            row += x[b] * x[b + lag];
        sum += row;
    }
    return sum / ((double)t->chains * (t->blocks - lag));
}

static void double_blocks(struct table *t) {
    const int blocks = t->blocks / 2;
    for (int c = 0; c < t->chains; c++)
        for (int b = 0; b < blocks; b++) {
            const double *x = t->x + (size_t)c * t->blocks + 2 * b;
            t->x[(size_t)c * blocks + b] = (x[0] + x[1]) / 2;
        }
    t->blocks = blocks;
    t->length *= 2;
}

/* The least window W >= WINDOW max(tau(W), 1), tau(W) = 1/2 + sum of the autocorrelations up to W.
 * False if there is none in these blocks. */
static bool window(const struct table *t, double *tau, double *relative_error, double *variance,
                   double *rho2) {
    const int most = t->blocks / 2 < LAGS ? t->blocks / 2 : LAGS;
    *variance = covariance(t, 0);
    *tau = 0.5;
    *rho2 = 1;
    *relative_error = NAN;
    for (int lag = 1; lag <= most && *variance > 0; lag++) {
        const double rho = covariance(t, lag) / *variance;
        *tau += rho;
        *rho2 += 2 * rho * rho;
        *relative_error = sqrt(2.0 * (2 * lag + 1) / ((double)t->blocks * t->chains));
        if (lag >= WINDOW * fmax(*tau, 1))
            return true;
    }
    return false;
}

/* In samples: the variance of a chain's mean is that of its blocks' mean, and 2 tau / samples times
 * the samples' variance. */
static void measure_memory(struct table *t, struct mixing *m) {
    double tau, error, variance, rho2;
    bool found;
    while (!(found = window(t, &tau, &error, &variance, &rho2)) && t->blocks / 2 >= LEAST)
        double_blocks(t);
    if (t->variance <= 0 || variance <= 0)
        return;
    tau = fmax(tau, 0.01);
    m->value.tau = t->length * variance * tau / t->variance;
    m->value.tau_error = m->value.tau * error;
    m->value.ess = t->samples * t->chains / (2 * m->value.tau);
    m->too_short = !found || t->samples < LENGTH * m->value.tau;
}

static bool centre(double *x, int blocks, double *kurtosis) {
    double mean = 0, square = 0, fourth = 0;
    bool constant = true; /* exactly: the rounded mean of equal values differs from them */
    for (int b = 1; b < blocks; b++)
        constant &= x[b] == x[0];
    for (int b = 0; b < blocks; b++)
        mean += x[b] / blocks;
    for (int b = 0; b < blocks; b++) {
        const double d = x[b] - mean;
        square += d * d / blocks;
        fourth += d * d * d * d / blocks;
    }
    for (int b = 0; b < blocks; b++)
        x[b] = constant ? 0 : (x[b] - mean) / sqrt(square);
    *kurtosis = constant ? INFINITY : fourth / (square * square);
    return !constant;
}

/* r of independent chains is normal with variance (sum of rho^2) / blocks (Bartlett), if no few
 * blocks make up the moments; the largest of all pairs is looked at. */
static void compare_chains(struct table *t, struct mixing *m) {
    const int chains = t->chains < PAIRED ? t->chains : PAIRED;
    const double blocks = t->blocks / fmax(t->rho2, 1);
    double kurtosis[PAIRED];
    m->correlation = NAN;
    if (chains < 2 || blocks < 8)
        return;
    const double limit = student_quantile(1e-4 / (chains * (chains - 1) / 2.0), 1 << 20);
    for (int c = 0; c < chains; c++)
        centre(t->x + (size_t)c * t->blocks, t->blocks, &kurtosis[c]);
    for (int a = 0; a < chains; a++)
        for (int b = 0; b < a; b++) {
            const double *x = t->x + (size_t)a * t->blocks, *y = t->x + (size_t)b * t->blocks;
            double r = 0;
            if (!(kurtosis[a] * kurtosis[b] < 0.25 * blocks))
                continue;
            for (int k = 0; k < t->blocks; k++)
                r += x[k] * y[k];
            r /= t->blocks;
            if (isnan(m->correlation) || fabs(r) > fabs(m->correlation))
                m->correlation = r;
            m->correlated |= fabs(r) > 1 - 1e-9 || fabs(atanh(r)) * sqrt(blocks - 3) > limit;
        }
}

enum glb_status mixing_measure(const struct series *series, int count, struct mixing *out) {
    struct table t;
    *out = (struct mixing){.correlation = NAN};
    out->value = (struct glb_observable){NAN, NAN, NAN, NAN, NAN, NAN};
    if (count == 0 || longest_of(series, count)->count == 0)
        return GLB_OK;
    const enum glb_status s = fill(series, count, &t);
    if (s)
        return s;
    measure_mean(&t, &out->value);
    out->value.r_hat = r_hat(&t);
    double tau, error, variance;
    window(&t, &tau, &error, &variance, &t.rho2);
    struct table blocks = t; /* compare_chains() changes the rows */
    blocks.x = malloc(((size_t)t.chains * (size_t)t.blocks + 1) * sizeof *blocks.x);
    if (blocks.x) {
        for (size_t k = 0; k < (size_t)t.chains * (size_t)t.blocks; k++)
            blocks.x[k] = t.x[k];
        compare_chains(&blocks, out);
        measure_memory(&t, out);
    }
    const bool ok = blocks.x != NULL;
    free(blocks.x);
    free(t.x);
    return ok ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory to compare %d chains", t.chains);
}
