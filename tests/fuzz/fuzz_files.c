/* libFuzzer harness of the other files that the tool reads: IDX, .npy, clamps and start values,
 * schedules. The first byte picks the reader. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tool/value_files.h"
#include "files/idx.h"
#include "files/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int fd = -1;
    static volatile double total;
    static char path[64];
    struct glb_idx x;
    struct glb_step *steps = NULL;
    int8_t *values = NULL;
    int n = 0;
    enum glb_status s = GLB_OK;
    if (fd < 0) {
        fd = memfd_create("fuzz", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (size < 1 || fd < 0 || ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET) < 0 ||
        write(fd, data + 1, size - 1) != (ssize_t)(size - 1))
        return 0;
    if (data[0] & 4) {
        struct glb_npy a;
        s = glb_npy_read(path, &a);
        double sum = 0;
        for (size_t i = 0; !s && i < a.count; i++)
            sum += glb_npy_value(&a, i);
        glb_npy_free(&a);
        total += sum;
        return s && strlen(glb_error()) == 0 ? (abort(), 0) : 0;
    }
    switch (data[0] & 3) {
    case 0:
    case 1:
        s = glb_idx_read(path, data[0] & 1 ? 3 : 1, &x);
        if (!s) {
            size_t sum = 0;
            for (size_t i = 0; i < x.size; i++)
                sum += x.data[i];
            if (sum > 255 * x.size)
                abort();
            glb_idx_free(&x);
        }
        break;
    case 2:
        s = cli_read_values(path, 100, &values, &n);
        for (int i = 0; i < 100 * n && !s; i++)
            if (values[i] < -1 || values[i] > 1)
                abort();
        break;
    default:
        s = cli_read_schedule(path, &steps, &n);
        for (int i = 0; i < n && !s; i++)
            if (!(steps[i].beta >= 0) || steps[i].sweeps < 1)
                abort();
    }
    free(values);
    free(steps);
    return s && strlen(glb_error()) == 0 ? (abort(), 0) : 0; /* every refusal has a message */
}
