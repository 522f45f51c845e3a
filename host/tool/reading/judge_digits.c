/* Drawn digits before an independent classifier. SPDX-License-Identifier: Apache-2.0 */
#include "tool/reading/judge_digits.h"

#include <stdlib.h>
#include "learn/labels/nearest_images.h"

static double mean(const int *x, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += x[i];
    return count ? sum / count : 0;
}

static void to_rows(const uint8_t *grey, int count, int width, int height, uint32_t *rows) {
    for (int r = 0; r < count * height; r++) {
        rows[r] = 0;
        for (int x = 0; x < width; x++)
            rows[r] |= (uint32_t)(grey[(size_t)r * width + x] > 127) << x;
    }
}

struct room {
    uint32_t *rows;
    uint8_t *predicted;
    int *near, *apart;
};

static enum glb_status judge_drawn(const struct glb_dataset *train, const struct room *m, int count,
                                   int columns, int threads, struct cli_verdict *v) {
    enum glb_status s = glb_nearest_read(train, m->rows, count, threads, m->predicted, m->near);
    if (s == GLB_OK)
        s = glb_nearest_apart(m->rows, count, train->height, threads, m->apart);
    if (s != GLB_OK)
        return s;
    int right[GLB_MAX_CLASSES] = {0}, all = 0;
    for (int i = 0; i < count; i++) {
        right[i / columns] += m->predicted[i] == i / columns;
        v->copies += m->near[i] == 0 || m->apart[i] == 0;
    }
    for (int k = 0; k < v->classes; k++) {
        v->by_class[k] = (double)right[k] / columns;
        all += right[k];
    }
    v->agreement = (double)all / count;
    v->drawn_to_train = mean(m->near, count);
    v->drawn_apart = mean(m->apart, count);
    return GLB_OK;
}

static enum glb_status judge_test(const struct glb_dataset *train, const struct glb_dataset *test,
                                  const struct room *m, int count, int threads,
                                  struct cli_verdict *v) {
    const int some = count < test->count ? count : test->count;
    enum glb_status s =
        glb_nearest_read(train, test->row, test->count, threads, m->predicted, m->near);
    if (s == GLB_OK)
        s = glb_nearest_apart(test->row, some, test->height, threads, m->apart);
    if (s != GLB_OK)
        return s;
    int right = 0;
    for (int i = 0; i < test->count; i++)
        right += m->predicted[i] == test->label[i];
    v->judge_accuracy = (double)right / test->count;
    v->test_to_train = mean(m->near, test->count);
    v->test_apart = mean(m->apart, some);
    return GLB_OK;
}

static void print(const struct cli_verdict *v, int count) {
    printf("%d nearest neighbours (%.2f %% of the test images right) read %.1f %% of %d drawn "
           "digits as the clamped label\n",
           GLB_NEAREST_K, 100 * v->judge_accuracy, 100 * v->agreement, count);
    printf("by class:");
    for (int k = 0; k < v->classes; k++)
        printf("  %d: %.0f %%", k, 100 * v->by_class[k]);
    printf("\npixels to the nearest training image: drawn %.1f, test images %.1f; to the nearest "
           "of the same set: drawn %.1f, as many test images %.1f; copies: %d\n",
           v->drawn_to_train, v->test_to_train, v->drawn_apart, v->test_apart, v->copies);
}

enum glb_status cli_judge(const struct glb_dataset *train, const struct glb_dataset *test,
                          const struct glb_model *m, const uint8_t *grey, int columns, int threads,
                          struct cli_verdict *out) {
    const int count = m->t.classes * columns, most = count > test->count ? count : test->count;
    enum glb_status s = GLB_OK;
    *out = (struct cli_verdict){.classes = m->t.classes};
    struct room r = {malloc((size_t)count * m->t.height * sizeof *r.rows), malloc((size_t)most + 1),
                     malloc((size_t)(most + 1) * sizeof *r.near),
                     malloc((size_t)(most + 1) * sizeof *r.apart)};
    if (!r.rows || !r.predicted || !r.near || !r.apart)
        s = glb_fail(GLB_ERR_MEMORY, "no memory to judge %d digits", count);
    if (s == GLB_OK) {
        to_rows(grey, count, m->t.width, m->t.height, r.rows);
        s = judge_drawn(train, &r, count, columns, threads, out);
    }
    if (s == GLB_OK)
        s = judge_test(train, test, &r, count, threads, out);
    if (s == GLB_OK)
        print(out, count);
    free(r.rows);
    free(r.predicted);
    free(r.near);
    free(r.apart);
    return s;
}

void cli_judge_json(const struct cli_verdict *v, struct json *j) {
    double worst = 1;
    for (int k = 0; k < v->classes; k++)
        worst = v->by_class[k] < worst ? v->by_class[k] : worst;
    json_real(j, "judge_accuracy", v->judge_accuracy);
    json_real(j, "agreement", v->agreement);
    json_real(j, "worst_class", worst);
    json_reals(j, "agreement_by_class", v->by_class, v->classes);
    json_real(j, "drawn_to_train", v->drawn_to_train);
    json_real(j, "test_to_train", v->test_to_train);
    json_real(j, "drawn_apart", v->drawn_apart);
    json_real(j, "test_apart", v->test_apart);
    json_int(j, "copies", v->copies);
}
