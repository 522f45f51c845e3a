/* Images as bit planes: thresholds, slices, random maps and their bilinear values against plain
 * floating point. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/counter_rng.h"
#include "learn/data/dataset.h"

enum { COUNT = 7, HIGH = 5, WIDE = 6, PIXELS = HIGH * WIDE, CHAINS = 128, WORDS = CHAINS / 64 };

static const struct glb_warp identity = {65536, 0, 0, 65536, 0, 0};
static uint8_t grey[COUNT][HIGH][WIDE], label[COUNT];

static struct glb_dataset set(const char *binarise) {
    struct glb_dataset d;
    struct glb_binarise b;
    assert_int_equal(glb_binarise_parse(binarise, &b), GLB_OK);
    assert_int_equal(glb_dataset_copy(**grey, label, COUNT, HIGH, WIDE, 0, b, &d), GLB_OK);
    return d;
}

static int bit(const uint64_t *planes, int pixel, int chain) {
    return planes[pixel * WORDS + chain / 64] >> chain % 64 & 1;
}

/* A pixel is on above its threshold, not at it, in every plane, warped or not. */
static void on_above_the_threshold(void **state) {
    static const struct {
        const char *text;
        int planes, above[3];
    } want[] = {{"threshold", 1, {127}},
                {"nonzero", 1, {0}},
                {"threshold=254", 1, {254}},
                {"threshold=9+60+200", 3, {9, 60, 200}}};
    uint64_t plain[3 * PIXELS * WORDS], warped[3 * PIXELS * WORDS];
    int32_t index[CHAINS];
    struct glb_warp warp[CHAINS];
    (void)state;
    for (int c = 0; c < CHAINS; c++) {
        index[c] = c % COUNT;
        warp[c] = identity;
    }
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        struct glb_dataset d = set(want[k].text);
        assert_int_equal(d.height, HIGH * want[k].planes);
        glb_dataset_lay_images(&d, index, NULL, NULL, COUNT, WORDS, plain);
        glb_dataset_lay_warped(&d, index, warp, CHAINS, 3, 0, 2, warped);
        for (int c = 0; c < CHAINS; c++)
            for (int p = 0; p < want[k].planes * PIXELS; p++) {
                const int on = (&grey[c % COUNT][0][0])[p % PIXELS] > want[k].above[p / PIXELS];
                assert_int_equal(bit(plain, p, c), on);
                assert_int_equal(bit(warped, p, c), on);
            }
        glb_dataset_clear(&d);
    }
}

/* Image k of a slice is image first + k of the whole, in bits, grey values and label. */
static void slices_keep_images_and_labels_together(void **state) {
    enum { FIRST = 3, SOME = 3, SIZE = 2 * PIXELS * WORDS };
    static const int32_t of_slice[SOME] = {2, 0, 1};
    static const int32_t of_whole[SOME] = {FIRST + 2, FIRST, FIRST + 1};
    struct glb_dataset d = set("threshold=60+200");
    const struct glb_dataset s = glb_dataset_slice(&d, FIRST, SOME);
    uint64_t part[SIZE], whole[SIZE];
    int32_t a[CHAINS], b[CHAINS];
    struct glb_warp warp[CHAINS];
    (void)state;
    assert_int_equal(s.count, SOME);
    glb_dataset_lay_images(&s, of_slice, NULL, NULL, SOME, WORDS, part);
    glb_dataset_lay_images(&d, of_whole, NULL, NULL, SOME, WORDS, whole);
    assert_memory_equal(part, whole, sizeof part);
    for (int c = 0; c < CHAINS; c++) {
        a[c] = of_slice[c % SOME];
        b[c] = of_whole[c % SOME];
        warp[c] = glb_warp_random(1, 1, 5, (uint64_t)c);
    }
    glb_dataset_lay_warped(&s, a, warp, CHAINS, 3, 0, 1, part);
    glb_dataset_lay_warped(&d, b, warp, CHAINS, 3, 0, 1, whole);
    assert_memory_equal(part, whole, sizeof part);
    memset(part, 0, sizeof part);
    glb_dataset_lay_labels(&s, of_slice, SOME, WORDS, d.classes, 1, part);
    for (int k = 0; k < d.classes; k++)
        for (int c = 0; c < CHAINS; c++)
            assert_int_equal(bit(part, k, c), label[of_whole[c % SOME]] == k);
    glb_dataset_clear(&d);
}

struct range {
    double least, most;
};

static void widen(struct range *r, double v) {
    r->least = v < r->least ? v : r->least;
    r->most = v > r->most ? v : r->most;
}

/* Values of -most .. most that come near both ends.
 * Chance: 32 * 0.99 ** 1900 | none of 1,900 uniform values in the outer 1 % at either end, 16 times
 */
static void assert_fills(const struct range *r, double most) {
    if (r->most > most * 1.001 + 1e-3 || r->most < most * 0.98 - 1e-3 ||
        r->least < -most * 1.001 - 1e-3 || r->least > -most * 0.98 + 1e-3)
        fail_msg("%g .. %g instead of %g .. %g", r->least, r->most, -most, most);
}

/* Turn, scales and shear, solved for from the map, fill what the header states. */
static void maps_are_as_large_as_stated(void **state) {
    static const double strength[] = {0, 0.25, 1, 2};
    const double degree = acos(-1) / 180;
    (void)state;
    for (int k = 0; k < 4; k++) {
        const double f = strength[k];
        struct range turn = {0, 0}, wide = {0, 0}, high = {0, 0}, sheared = {0, 0}, x = {0, 0};
        for (uint64_t at = 0; at < 2000; at++) {
            const struct glb_warp w = glb_warp_random(f, 2, 11, at);
            widen(&x, w.x0 / 65536.0);
            widen(&x, w.y0 / 65536.0);
            if (f == 0) {
                assert_int_equal(w.xx, 65536);
                assert_int_equal(w.yy, 65536);
                assert_true(w.xy == 0 && w.yx == 0);
            }
            if (abs(w.yx) < 200) /* too little of a turn to be solved for */
                continue;
            /* xy / xx = shear - t and yy / yx = shear + 1 / t with t = tan(turn) */
            const double q = (double)w.yy / w.yx - (double)w.xy / w.xx;
            const double t = (q - copysign(sqrt(q * q - 4), q)) / 2;
            widen(&turn, atan(t));
            widen(&sheared, (double)w.xy / w.xx + t);
            widen(&wide, 65536 * cos(atan(t)) / w.xx - 1);
            widen(&high, 65536 * sin(atan(t)) / w.yx - 1);
        }
        assert_fills(&x, 2);
        assert_fills(&turn, f * 10 * degree);
        assert_fills(&wide, f * 0.1);
        assert_fills(&sheared, f * 0.1);
        assert_true(high.most < f * 0.1 + 0.01 && high.least > -f * 0.1 - 0.01);
    }
}

static double grey_at(int image, int x, int y) {
    return x < 0 || y < 0 || x >= WIDE || y >= HIGH ? 0 : grey[image][y][x];
}

/* The grey value between pixels, in floating point. */
static double between(int image, double x, double y) {
    const int left = (int)floor(x), top = (int)floor(y);
    const double fx = x - left, fy = y - top;
    return (1 - fy) * ((1 - fx) * grey_at(image, left, top) + fx * grey_at(image, left + 1, top)) +
           fy * ((1 - fx) * grey_at(image, left, top + 1) + fx * grey_at(image, left + 1, top + 1));
}

static void warped_pixels_are_bilinear(void **state) {
    enum { ABOVE = 60 };
    struct glb_dataset d = set("threshold=60");
    uint64_t planes[PIXELS * WORDS];
    int32_t index[CHAINS];
    struct glb_warp warp[CHAINS];
    int sure = 0, moved = 0;
    (void)state;
    for (int c = 0; c < CHAINS; c++) {
        index[c] = c % COUNT;
        warp[c] = glb_warp_random(3, 3, 5, (uint64_t)c);
    }
    glb_dataset_lay_warped(&d, index, warp, CHAINS, 1, 0, 2, planes);
    for (int c = 0; c < CHAINS; c++)
        for (int p = 0; p < PIXELS; p++) {
            const struct glb_warp *w = &warp[c];
            const double u = p % WIDE - (WIDE - 1) / 2.0, v = p / WIDE - (HIGH - 1) / 2.0;
            const double x = (w->xx * u + w->xy * v + w->x0) / 65536 + (WIDE - 1) / 2.0;
            const double y = (w->yx * u + w->yy * v + w->y0) / 65536 + (HIGH - 1) / 2.0;
            const double value = between(index[c], x, y);
            if (fabs(value - (ABOVE + 0.5)) < 2.5) /* positions have 8 bits behind the point */
                continue;
            sure++;
            moved += (value > ABOVE) != (grey[index[c]][p / WIDE][p % WIDE] > ABOVE);
            assert_int_equal(bit(planes, p, c), value > ABOVE);
        }
    /* Chance: measured(0.984, 0.0015, 0.9) | pixels far from the threshold
     * Chance: measured(0.509, 0.01, 0.1) | pixels that a warp turns over */
    assert_true(sure > CHAINS * PIXELS * 9 / 10 && moved > CHAINS * PIXELS / 10);
    glb_dataset_clear(&d);
}

/* Halfway between two pixels: rounded as a grey value would be. */
static void halves_round_up(void **state) {
    static const uint8_t ramp[] = {60, 60, 61, 61};
    const struct glb_binarise b = {GLB_BINARISE_THRESHOLD, 1, {60}};
    struct glb_warp warp[64];
    int32_t index[64] = {0};
    uint64_t planes[4];
    struct glb_dataset d;
    (void)state;
    for (int c = 0; c < 64; c++) {
        warp[c] = identity;
        warp[c].x0 = 32768;
    }
    assert_int_equal(glb_dataset_copy(ramp, NULL, 1, 1, 4, 2, b, &d), GLB_OK);
    glb_dataset_lay_warped(&d, index, warp, 64, 1, 0, 1, planes);
    assert_true(planes[0] == 0);  /* 60 */
    assert_true(~planes[1] == 0); /* 60.5 */
    assert_true(~planes[2] == 0); /* 61 */
    assert_true(planes[3] == 0);  /* 30.5: nothing is beside the image */
    glb_dataset_clear(&d);
}

/* On with probability grey / 255, drawn anew for every chain and place. */
static void stochastic_pixels_are_as_likely_as_grey(void **state) {
    enum { RUNS = 200 };
    static const uint8_t ramp[] = {0, 20, 128, 255};
    const struct glb_binarise b = {GLB_BINARISE_STOCHASTIC, 1, {127}};
    struct glb_warp warp[CHAINS];
    int32_t index[CHAINS] = {0};
    uint64_t planes[4 * WORDS];
    int on[4] = {0}, drawn[4] = {0};
    struct glb_dataset d, many;
    (void)state;
    for (int c = 0; c < CHAINS; c++)
        warp[c] = identity;
    assert_int_equal(glb_dataset_copy(ramp, NULL, 1, 1, 4, 2, b, &d), GLB_OK);
    for (int run = 0; run < RUNS; run++) {
        glb_dataset_lay_warped(&d, index, warp, CHAINS, 1, (uint64_t)run * CHAINS, 1, planes);
        for (int p = 0; p < 4; p++)
            for (int w = 0; w < WORDS; w++)
                on[p] += __builtin_popcountll(planes[p * WORDS + w]);
    }
    uint8_t *copies = malloc(sizeof ramp * RUNS * CHAINS);
    for (int k = 0; k < RUNS * CHAINS; k++)
        memcpy(copies + k * (int)sizeof ramp, ramp, sizeof ramp);
    assert_int_equal(glb_dataset_copy(copies, NULL, RUNS * CHAINS, 1, 4, 2, b, &many), GLB_OK);
    for (int k = 0; k < RUNS * CHAINS; k++)
        for (int p = 0; p < 4; p++)
            drawn[p] += many.row[k] >> p & 1;
    /* Chance: 4 * beyond(5) | pixels on, of 25,600; black and white ones are certain */
    for (int p = 0; p < 4; p++) {
        const double want = ramp[p] / 255.0, n = RUNS * CHAINS;
        const double most = 5 * sqrt(n * want * (1 - want));
        assert_true(fabs(on[p] - n * want) <= most);
        assert_true(fabs(drawn[p] - n * want) <= most);
    }
    free(copies);
    glb_dataset_clear(&d);
    glb_dataset_clear(&many);
}

int main(void) {
    static const uint8_t edge[] = {0, 1, 9, 10, 60, 61, 127, 128, 200, 201, 254, 255};
    for (int k = 0; k < COUNT * PIXELS; k++)
        grey[k / PIXELS][k % PIXELS / WIDE][k % WIDE] =
            k < PIXELS ? edge[k % 12] : (uint8_t)glb_random_at(5, 1, (uint64_t)k, 0);
    for (int k = 0; k < COUNT; k++)
        label[k] = (uint8_t)(k * 3 % 5);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_above_the_threshold),
        cmocka_unit_test(slices_keep_images_and_labels_together),
        cmocka_unit_test(maps_are_as_large_as_stated),
        cmocka_unit_test(warped_pixels_are_bilinear),
        cmocka_unit_test(halves_round_up),
        cmocka_unit_test(stochastic_pixels_are_as_likely_as_grey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
