/* IDX reader and data set: good files, and every way in which a file can be wrong.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "learn/data/dataset.h"
#include "files/idx.h"

static char folder[] = "/tmp/glb-test-idx-XXXXXX";

static const char *write_file(const char *name, const void *bytes, size_t n) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
    return path;
}

static int set_up(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state) {
    static const char *const names[] = {"a", "two-images-idx3-ubyte", "two-labels-idx1-ubyte"};
    char path[256];
    (void)state;
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void reads_what_was_written(void **state) {
    const uint8_t file[] = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6};
    struct glb_idx x;
    (void)state;
    assert_int_equal(glb_idx_read(write_file("a", file, sizeof file), 2, &x), GLB_OK);
    assert_int_equal(x.ndim, 2);
    assert_int_equal(x.dim[0], 2);
    assert_int_equal(x.dim[1], 3);
    assert_memory_equal(x.data, file + 12, 6);
    glb_idx_free(&x);
    assert_null(x.data);
}

static void refuse(const void *bytes, size_t n, int ndim, enum glb_status status,
                   const char *word) {
    struct glb_idx x;
    assert_int_equal(glb_idx_read(write_file("a", bytes, n), ndim, &x), status);
    assert_non_null(strstr(glb_error(), word));
    assert_non_null(strstr(glb_error(), "/a"));
    assert_null(x.data);
}

static void refuses_bad_files(void **state) {
    (void)state;
    const uint8_t magic[] = {1, 0, 8, 1, 0, 0, 0, 1, 9}, type[] = {0, 0, 0x0d, 1, 0, 0, 0, 1, 9};
    const uint8_t with_sign[] = {0, 0, 9, 1, 0, 0, 0, 1, 9};
    const uint8_t dims[] = {0, 0, 8, 1, 0, 0, 0, 1, 9}, zipped[] = {0x1f, 0x8b, 8, 0};
    const uint8_t cut[] = {0, 0, 8, 1, 0, 0, 0, 3, 9}, long_[] = {0, 0, 8, 1, 0, 0, 0, 1, 9, 9};
    const uint8_t zero[] = {0, 0, 8, 1, 0, 0, 0, 0}, header[] = {0, 0, 8, 1, 0, 0};
    const uint8_t huge[] = {0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    refuse(magic, sizeof magic, 1, GLB_ERR_FORMAT, "not an IDX file");
    refuse(type, sizeof type, 1, GLB_ERR_FORMAT, "element type 0x0d");
    refuse(dims, sizeof dims, 3, GLB_ERR_FORMAT, "these are labels, give images");
    refuse(with_sign, sizeof with_sign, 1, GLB_ERR_FORMAT, "element type 0x09");
    refuse(zipped, sizeof zipped, 1, GLB_ERR_FORMAT, "damaged");
    refuse(cut, sizeof cut, 1, GLB_ERR_FORMAT, "cut off");
    refuse(long_, sizeof long_, 1, GLB_ERR_FORMAT, "too long");
    refuse(zero, sizeof zero, 1, GLB_ERR_FORMAT, "dimension 0");
    refuse(header, sizeof header, 1, GLB_ERR_FORMAT, "inside the IDX header");
    refuse(huge, sizeof huge, 3, GLB_ERR_FORMAT, "cannot be right");
    refuse("", 0, 1, GLB_ERR_FORMAT, "shorter");
}

static void names_a_missing_file(void **state) {
    struct glb_idx x;
    (void)state;
    assert_int_equal(glb_idx_read("/nowhere/x", 1, &x), GLB_ERR_FILE);
    assert_non_null(strstr(glb_error(), "/nowhere/x"));
    assert_non_null(strstr(glb_error(), "make data"));
}

static const struct glb_binarise above_127 = {GLB_BINARISE_THRESHOLD, 1, {127}};

static void lays_images_over_chains(void **state) {
    /* two images of 2 x 3 pixels, the threshold is 127 */
    const uint8_t images[] = {0, 0, 8,   3, 0, 0, 0,   2, 0, 0, 0,   2, 0, 0,
                              0, 3, 255, 0, 0, 0, 128, 0, 0, 0, 127, 0, 0, 200};
    const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 7, 3};
    const int32_t index[] = {1, 0, 0};
    const int8_t dx[] = {0, 1, 0}, dy[] = {0, 0, -1};
    struct glb_dataset d;
    uint64_t plane[6], label[10];
    (void)state;
    write_file("two-images-idx3-ubyte", images, sizeof images);
    write_file("two-labels-idx1-ubyte", labels, sizeof labels);
    assert_int_equal(glb_dataset_load(folder, "two", above_127, &d), GLB_OK);
    assert_int_equal(d.count, 2);
    assert_int_equal(d.classes, 8); /* the largest label is 7 */
    glb_dataset_lay_images(&d, index, dx, dy, 3, 1, plane);
    /* chain 0: image 1 as it is; 1: image 0 one to the right; 2: image 0 one up */
    assert_int_equal(plane[0] & 7, 0);
    assert_int_equal(plane[1] & 7, 2 | 4);
    assert_int_equal(plane[2] & 7, 0);
    assert_int_equal(plane[3] & 7, 0);
    assert_int_equal(plane[4] & 7, 0);
    assert_int_equal(plane[5] & 7, 1 | 2);
    assert_int_equal(plane[5] >> 3 & 7, 1 | 2); /* the rest repeats the first three */
    glb_dataset_lay_labels(&d, index, 3, 1, 10, 1, label);
    assert_int_equal(label[3] & 7, 1);
    assert_int_equal(label[7] & 7, 6);
    assert_int_equal(label[0] & 7, 0);
    glb_dataset_clear(&d);
}

/* A warp of strength 0 is the image as it is; a whole pixel's shift moves it. */
static void warps_images(void **state) {
    enum { SIDE = 5, PIXELS = SIDE * SIDE };
    uint8_t grey[PIXELS], label[1] = {0};
    uint32_t row[SIDE] = {0};
    int32_t index[64] = {0};
    struct glb_warp warp[64];
    uint64_t plain[PIXELS], warped[PIXELS];
    (void)state;
    for (int p = 0; p < PIXELS; p++) {
        grey[p] = (uint8_t)(p * 37);
        row[p / SIDE] |= (uint32_t)(grey[p] > 127) << p % SIDE;
    }
    const struct glb_dataset d = {.count = 1,
                                  .height = SIDE,
                                  .width = SIDE,
                                  .classes = 2,
                                  .binarise = above_127,
                                  .label = label,
                                  .grey = grey,
                                  .row = row};
    for (int c = 0; c < 64; c++)
        warp[c] = glb_warp_random(0, 0, 1, (uint64_t)c);
    warp[1].x0 = 65536; /* every pixel comes from the one right of it */
    glb_dataset_lay_images(&d, index, NULL, NULL, 64, 1, plain);
    glb_dataset_lay_warped(&d, index, warp, 64, 1, 0, 1, warped);
    for (int p = 0; p < PIXELS; p++) {
        assert_true((plain[p] | 2) == (warped[p] | 2));
        assert_int_equal(warped[p] >> 1 & 1, p % SIDE == SIDE - 1 ? 0 : plain[p + 1] >> 1 & 1);
    }
    for (int c = 0; c < 64; c++) {
        warp[c] = glb_warp_random(1, 1, 1, (uint64_t)c);
        assert_true(abs(warp[c].xx - 65536) < 12000 && abs(warp[c].yy - 65536) < 12000);
        assert_true(abs(warp[c].x0) <= 65536 && warp[c].xy != warp[(c + 1) % 64].xy);
    }
}

static void binarises_by_name(void **state) {
    struct glb_binarise b;
    (void)state;
    assert_int_equal(glb_binarise_parse("threshold", &b), GLB_OK);
    assert_int_equal(b.threshold[0], 127);
    assert_int_equal(glb_binarise_parse("threshold=64", &b), GLB_OK);
    assert_int_equal(b.threshold[0], 64);
    assert_int_equal(glb_binarise_parse("nonzero", &b), GLB_OK);
    assert_int_equal(b.threshold[0], 0);
    assert_int_equal(glb_binarise_parse("stochastic", &b), GLB_OK);
    assert_int_equal(b.kind, GLB_BINARISE_STOCHASTIC);
    assert_int_equal(glb_binarise_parse("threshold=10+20+30", &b), GLB_OK);
    assert_int_equal(b.planes, 3);
    assert_int_equal(b.threshold[2], 30);
    assert_int_equal(glb_binarise_parse("threshold=1+", &b), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_binarise_parse("threshold=1+2+3+4+5", &b), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_binarise_parse("threshold=255", &b), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "nonzero"));
}

static void refuses_unfit_labels(void **state) {
    const uint8_t bad[] = {0, 0, 8, 1, 0, 0, 0, 2, 7, 64}, few[] = {0, 0, 8, 1, 0, 0, 0, 1, 7};
    struct glb_dataset d;
    (void)state;
    write_file("two-labels-idx1-ubyte", bad, sizeof bad);
    assert_int_equal(glb_dataset_load(folder, "two", above_127, &d), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), "label 1 is 64; labels must be 0 to 63"));
    write_file("two-labels-idx1-ubyte", few, sizeof few);
    assert_int_equal(glb_dataset_load(folder, "two", above_127, &d), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(), "1 labels for 2 images"));
    assert_null(d.row);
}

/* Arrays in memory are the same data set as files of them. */
static void copies_arrays(void **state) {
    const uint8_t grey[] = {255, 0, 0, 0, 128, 0, 0, 0, 127, 0, 0, 200}, label[] = {7, 3};
    const uint32_t rows[] = {1, 2, 0, 4};
    struct glb_dataset d;
    (void)state;
    assert_int_equal(glb_dataset_copy(grey, label, 2, 2, 3, 0, above_127, &d), GLB_OK);
    assert_int_equal(d.classes, 8);
    assert_int_equal(d.height, 2);
    assert_int_equal(d.width, 3);
    assert_memory_equal(d.row, rows, sizeof rows);
    assert_memory_equal(d.grey, grey, sizeof grey);
    assert_memory_equal(d.label, label, sizeof label);
    assert_int_equal(glb_dataset_fits(&d, 3, 2, 8), GLB_OK);
    assert_int_equal(glb_dataset_fits(&d, 3, 2, 7), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "7 classes"));
    assert_int_equal(glb_dataset_fits(&d, 2, 3, 8), GLB_ERR_ARGUMENT);
    glb_dataset_clear(&d);
    assert_int_equal(glb_dataset_copy(grey, NULL, 2, 2, 3, 5, above_127, &d), GLB_OK);
    assert_null(d.label);
    assert_int_equal(d.classes, 5);
    assert_int_equal(glb_dataset_fits(&d, 3, 2, 2), GLB_OK); /* no labels, none too large */
    glb_dataset_clear(&d);
    const struct {
        int count, height, width, classes;
        const char *word;
    } bad[] = {{0, 2, 3, 0, "0 images"},   {2, 0, 3, 0, "0 x 3"},      {2, 2, 33, 0, "2 x 33"},
               {2, 2, 3, 7, "label 0 is"}, {2, 2, 3, 65, "2 to 64"},   {2, 2, 3, 1, "1 classes"},
               {-1, 2, 3, 0, "-1 images"}, {2, 2, -3, 0, "at most 32"}};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        assert_int_equal(glb_dataset_copy(grey, label, bad[k].count, bad[k].height, bad[k].width,
                                          bad[k].classes, above_127, &d),
                         GLB_ERR_ARGUMENT);
        assert_non_null(strstr(glb_error(), bad[k].word));
        assert_null(d.grey);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_written), cmocka_unit_test(refuses_bad_files),
        cmocka_unit_test(names_a_missing_file),   cmocka_unit_test(lays_images_over_chains),
        cmocka_unit_test(refuses_unfit_labels),   cmocka_unit_test(warps_images),
        cmocka_unit_test(binarises_by_name),      cmocka_unit_test(copies_arrays),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
