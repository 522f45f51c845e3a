/* Correlations of the noise n between lanes, tiles, chains and times, over 1e8 draws of all lanes
 * of an array; of the decisions n >= -K, 0, K too, which see what a linear correlation does not;
 * and the proof that no seed locks a generator up. Every number is a z value: its distance from 0
 * in standard errors. Usage: noise_corr [array [seed [million draws]]].
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array/array.h"
#include "array/noise.h"

enum { LANES = GLB_MAX_TILES * GLB_MAX_LANES, ROWS = 1024, MAX_LAG = 64, SCALE = 16 };

static int lanes;
/* 2 n + 1: n's mean is -1/2, because a p-bit asks for acc + n >= 0. A row is a word of every
 * lane, twice, for distances beyond the end. */
static int16_t n[MAX_LAG + ROWS][2 * LANES];
static uint64_t lfsr[LANES];
static uint8_t tail[LANES];
static int16_t table[1024];

enum { LEVELS = 3 }; /* decisions: n >= -K, 0, K */
static uint8_t above[LEVELS][MAX_LAG + ROWS][LANES];
static uint64_t joint[LEVELS][LEVELS]
                     [MAX_LAG + 1]; /* lag 0, equal levels: the decision's own count */

/* Distances in lanes times lags in words. Chains of a lane are 1 .. CHAINS - 1 words apart. */
struct test {
    int distance, lag;
    double sum;
};

static void fill(int from) {
    for (int w = from; w < MAX_LAG + ROWS; w++)
        for (int l = 0; l < lanes; l++)
            n[w][l] = n[w][l + lanes] =
                (int16_t)(2 * glb_noise_word(&lfsr[l], &tail[l], table) + 1);
    for (int t = 0; t < LEVELS; t++)
        for (int w = 0; w < MAX_LAG + ROWS; w++)
            for (int l = 0; l < lanes; l++)
                above[t][w][l] = n[w][l] > 2 * (t - 1) * SCALE;
}

/* Adds this block's joint decisions of one lane at two times, for every lag and pair of levels. */
static void count_decisions(void) {
    for (int t = 0; t < LEVELS; t++)
        for (int v = 0; v < LEVELS; v++)
            for (int lag = t == v ? 0 : 1; lag <= MAX_LAG; lag++)
                for (int w = 0; w < ROWS; w++) {
                    uint32_t both = 0;
                    for (int l = 0; l < lanes; l++)
                        both += above[t][w][l] & above[v][w + lag][l];
                    joint[t][v][lag] += both;
                }
}

/* Largest |z| of the decisions' covariances; prints it. Returns it. */
static double decisions(double draws) {
    double most = 0;
    int at = 0, ta = 0, va = 0;
    for (int t = 0; t < LEVELS; t++)
        for (int v = 0; v < LEVELS; v++)
            for (int lag = 1; lag <= MAX_LAG; lag++) {
                const double p = (double)joint[t][t][0] / draws, q = (double)joint[v][v][0] / draws;
                const double z = ((double)joint[t][v][lag] / draws - p * q) /
                                 sqrt(p * (1 - p) * q * (1 - q) / draws);
                if (fabs(z) > most)
                    most = fabs(z), at = lag, ta = t - 1, va = v - 1;
            }
    const int tests = LEVELS * LEVELS * MAX_LAG;
    printf(
        "%d correlations of decisions n >= -K, 0, K of a lane, lags 1-%d: largest |z| %.2f at lag "
        "%d, levels %d and %d K; limit 5, by chance %.4f\n",
        tests, MAX_LAG, most, at, ta, va, tests * erfc(5 / sqrt(2)));
    return most;
}

static double products(int distance, int lag) {
    int64_t sum = 0;
    for (int w = 0; w < ROWS; w++) {
        const int16_t *a = n[w], *b = n[w + lag] + distance;
        int32_t row = 0; /* |n| stays below 2^9 at this K: 512 products fit */
        for (int l = 0; l < lanes; l++)
            row += (int32_t)a[l] * b[l];
        sum += row;
    }
    return (double)sum;
}

static uint64_t times(uint64_t a, uint64_t b) { /* modulo x^64 + x^31 + x^19 + x^9 + 1 */
    uint64_t r = 0;
    for (; b; b >>= 1) {
        if (b & 1)
            r ^= a;
        a = a << 1 ^ (a >> 63 ? 1u << 31 | 1 << 19 | 1 << 9 | 1 : 0);
    }
    return r;
}

static uint64_t power(uint64_t e) { /* x^e */
    uint64_t r = 1, x = 2;
    for (; e; e >>= 1, x = times(x, x))
        if (e & 1)
            r = times(r, x);
    return r;
}

/* Order of x: 2^64 - 1 exactly, so that every state but 0 lies on one cycle; and 16 steps at once
 * keep it (16 is odd to it). */
static int one_cycle(void) {
    static const uint64_t prime[] = {3, 5, 17, 257, 641, 65537, 6700417};
    uint64_t product = 1;
    int ok = power(UINT64_MAX) == 1;
    for (int i = 0; i < 7; i++) {
        product *= prime[i];
        ok &= power(UINT64_MAX / prime[i]) != 1;
    }
    return ok && product == UINT64_MAX;
}

/* Whether the 32 bits of any two words of a lane up to max_lag words apart are linearly independent
 * functions of the state, so that over the cycle the two are exactly independent: rank of
 * x^(16 lag + 0..15) without the coordinates x^0..15. */
static int independent(int max_lag) {
    uint64_t x[16];
    for (int j = 0; j < 16; j++)
        x[j] = 1ull << j;
    for (int lag = 1; lag <= max_lag; lag++) {
        uint64_t row[16];
        for (int j = 0; j < 16; j++) {
            x[j] = times(x[j], 1u << 16);
            row[j] = x[j] >> 16;
        }
        for (int i = 0; i < 16; i++) {
            if (!row[i])
                return 0;
            for (int j = i + 1; j < 16; j++)
                if (row[j] & (row[i] & -row[i]))
                    row[j] ^= row[i];
        }
    }
    return 1;
}

int main(int argc, char **argv) {
    static struct test tests[512];
    static double pair[LANES][LANES];
    int count = 0, worst = 0;
    const struct glb_array *a = glb_array_find(argc > 1 ? argv[1] : "ulx3s-85");
    const double draws = (argc > 3 ? atof(argv[3]) : 100) * 1e6;
    if (!a) {
        fprintf(stderr, "noise_corr: no such array\n");
        return 1;
    }
    lanes = a->tiles * a->lanes;
    glb_noise_seed(argc > 2 ? strtoull(argv[2], NULL, 0) : 1, lanes, lfsr);
    glb_noise_table(SCALE << 16, a->acc, table);
    for (int lag = 1; lag <= MAX_LAG; lag++)
        tests[count++] = (struct test){0, lag, 0};
    for (int d = 1; d <= lanes / 2 && d <= 64; d++)
        tests[count++] = (struct test){d, 0, 0};
    for (int d = 1; d <= 8 && d < lanes; d++)
        for (int lag = 1; lag <= 16; lag++)
            tests[count++] = (struct test){d, lag, 0};

    double rows = 0, square = 0, sum = 0;
    fill(0);
    while (rows * lanes < draws) {
        for (int i = 0; i < count; i++)
            tests[i].sum += products(tests[i].distance, tests[i].lag);
        square += products(0, 0);
        count_decisions();
        for (int w = 0; w < ROWS; w++)
            for (int l = 0; l < lanes; l++) {
                sum += n[w][l];
                for (int k = l + 1; k < lanes && w % 16 == 0; k++)
                    pair[l][k] += (double)n[w][l] * n[w][k];
            }
        rows += ROWS;
        memmove(n[0], n[ROWS], MAX_LAG * sizeof n[0]);
        fill(MAX_LAG);
    }
    const double all = rows * lanes, variance = square / all;
    printf("array %s: %d lanes, %.3g draws of n, K = %d LSB\n", a->name, lanes, all, SCALE);
    printf("mean of n + 1/2: %+.5f, z %+.2f; standard deviation %.4f, logistic %.4f\n",
           sum / all / 2, sum / sqrt(all * variance), sqrt(variance) / 2, SCALE * M_PI / sqrt(3));
    for (int i = 0; i < count; i++)
        if (fabs(tests[i].sum) > fabs(tests[worst].sum))
            worst = i;
    const double z = fabs(tests[worst].sum) / (sqrt(all) * variance);
    printf("%d correlations over all draws (lags 1-64 of a lane, i.e. chains and updates; lanes "
           "1-64 apart; 1-8 apart "
           "with lags 1-16):\n",
           count);
    printf("  largest |z| %.2f at distance %d lanes, lag %d words; limit 4. By chance one of %d "
           "exceeds 4 "
           "with probability %.3f (Bonferroni)\n",
           z, tests[worst].distance, tests[worst].lag, count, count * erfc(4 / sqrt(2)));
    double most = 0;
    const int pairs = lanes * (lanes - 1) / 2;
    for (int l = 0; l < lanes; l++)
        for (int k = l + 1; k < lanes; k++)
            most = fmax(most, fabs(pair[l][k]));
    const double zp = most / (sqrt(rows / 16) * variance);
    printf("%d pairs of lanes, each over %.0f words: largest |z| %.2f, probability of that by "
           "chance %.2f "
           "(Bonferroni)\n",
           pairs, rows / 16, zp, fmin(1, pairs * erfc(zp / sqrt(2))));
    const double zd = decisions(all);
    const int cycle = one_cycle();
    printf("x^64 + x^31 + x^19 + x^9 + 1 is %sprimitive: %s\n", cycle ? "" : "NOT ",
           cycle ? "every state but 0 is on one cycle of 2^64 - 1, and seeding never gives 0"
                 : "some seeds have short cycles");
    const int max_lag = 100000, free = independent(max_lag);
    printf("two words of a lane up to %d words apart: %s\n", max_lag,
           free ? "no linear relation, so exactly independent over the cycle"
                : "a linear relation ties some");
    return !cycle || !free || z > 4 || zd > 5 || pairs * erfc(zp / sqrt(2)) < 0.01;
}
