/* Sample files beyond 32 bits: samples of 4 GiB each, and numbers of samples of 2^32 and more. HDF5
 * leaves holes where nothing was written, so the files are small.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include <hdf5.h>
#include <glauber.h>
#include "files/sample_file.h"

static char path[] = "/tmp/glb-test-large-XXXXXX";

static void finish(struct glb_sample_file *f, int n, int64_t samples) {
    static const struct glb_sample_file_info info = {.command = "sample",
                                                     .graph = "graph.mtx",
                                                     .array = "big",
                                                     .device = "emu",
                                                     .convention = "boltzmann"};
    double *m = calloc((size_t)n, sizeof *m);
    int8_t *best = calloc((size_t)n, 1);
    struct glb_settings set;
    glb_settings_init(&set, sizeof set);
    const struct glb_result r = {
        .pbits = n, .samples = samples, .best_spins = best, .magnetization = m};
    const enum glb_status s = glb_sample_file_close(f, &info, &set, &r);
    free(m);
    free(best);
    assert_int_equal(s, GLB_OK);
}

static void samples_of_gigabytes(void **state) {
    enum { N = 65536, CHAINS = 1 << 20 };
    struct glb_sample_file *f;
    hsize_t dims[3], chunk[3];
    (void)state;
    const enum glb_status s = glb_sample_file_open(path, N, CHAINS, 1, &f);
    if (s == GLB_ERR_MEMORY)
        skip();
    if (s != GLB_OK)
        fail_msg("%s", glb_error());
    finish(f, N, 0);
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t d = H5Dopen2(file, "spins", H5P_DEFAULT), space = H5Dget_space(d);
    const hid_t props = H5Dget_create_plist(d);
    assert_int_equal(H5Sget_simple_extent_dims(space, dims, NULL), 3);
    assert_true(dims[1] == CHAINS && dims[2] == N / 8);
    assert_int_equal(H5Pget_chunk(props, 3, chunk), 3);
    assert_true(chunk[0] * chunk[1] * chunk[2] <= UINT32_MAX && chunk[2] == N / 8);
    H5Pclose(props);
    H5Sclose(space);
    H5Dclose(d);
    H5Fclose(file);
}

/* The last sample before 2^32 and those behind it, each in its place. */
static void samples_beyond_32_bits(void **state) {
    static const int64_t at[] = {INT64_C(4294967295), INT64_C(4294967296), INT64_C(4294967299)};
    struct glb_sample_file *f;
    hsize_t dims[3];
    (void)state;
    assert_int_equal(glb_sample_file_open(path, 8, 1, 0, &f), GLB_OK);
    for (int k = 0; k < 3; k++) {
        const uint8_t row = (uint8_t)(0x5a + k);
        assert_int_equal(glb_sample_file_sample(f, at[k], 0, &row, 1.5 + k), 0);
    }
    finish(f, 8, at[2] + 1);
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t spins = H5Dopen2(file, "spins", H5P_DEFAULT);
    const hid_t energies = H5Dopen2(file, "energies", H5P_DEFAULT);
    const hid_t space = H5Dget_space(spins), plane = H5Dget_space(energies);
    assert_int_equal(H5Sget_simple_extent_dims(space, dims, NULL), 3);
    assert_true(dims[0] == (hsize_t)at[2] + 1 && dims[1] == 1 && dims[2] == 1);
    for (int k = 0; k < 4; k++) {
        const hsize_t start[3] = {k < 3 ? (hsize_t)at[k] : 3, 0, 0}, one[3] = {1, 1, 1};
        const hid_t memory = H5Screate_simple(1, one, NULL);
        uint8_t row;
        double energy;
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, one, NULL);
        H5Sselect_hyperslab(plane, H5S_SELECT_SET, start, NULL, one, NULL);
        assert_true(H5Dread(spins, H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT, &row) >= 0);
        assert_true(H5Dread(energies, H5T_NATIVE_DOUBLE, memory, plane, H5P_DEFAULT, &energy) >= 0);
        assert_int_equal(row, k < 3 ? 0x5a + k : 0); /* row 3: never written */
        assert_true(k < 3 ? energy == 1.5 + k : isnan(energy));
        H5Sclose(memory);
    }
    int64_t samples;
    const hid_t a = H5Aopen(file, "samples", H5P_DEFAULT);
    assert_true(H5Aread(a, H5T_NATIVE_INT64, &samples) >= 0);
    assert_true(samples == at[2] + 1);
    H5Aclose(a);
    H5Sclose(space);
    H5Sclose(plane);
    H5Dclose(spins);
    H5Dclose(energies);
    H5Fclose(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_of_gigabytes),
        cmocka_unit_test(samples_beyond_32_bits),
    };
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
