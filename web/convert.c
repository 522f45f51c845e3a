/* Writes a model file (HDF5) as the compact one that the page loads. Usage: convert MODEL.h5
 * OUTPUT. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include "base/atomic_file.h"
#include "core/compact.h"

static enum glb_status write_model(const void *user, FILE *to) {
    return compact_write(user, to);
}

int main(int argc, char **argv) {
    struct glb_model m;
    if (argc != 3) {
        fprintf(stderr, "usage: convert MODEL.h5 OUTPUT\n");
        return 2;
    }
    enum glb_status s = glb_model_read(argv[1], &m);
    if (!s) {
        s = glb_atomic_write(argv[2], write_model, &m);
        glb_model_clear(&m);
    }
    if (s)
        fprintf(stderr, "convert: %s\n", glb_error());
    return s != GLB_OK;
}
