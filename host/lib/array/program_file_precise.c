/* Program files: the beta and the helpers of precise programs. SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "array/program_file.h"

enum { HELPER_COLUMNS = 4 };

void program_file_put_precise(struct glb_hdf5_store *f, const struct glb_program *p) {
    const size_t helpers = (size_t)p->nhelpers;
    int32_t *t = malloc((helpers + 1) * HELPER_COLUMNS * sizeof *t);
    if (!t) {
        glb_hdf5_fail(f, GLB_ERR_MEMORY, "helpers", "needs more memory than there is");
        return;
    }
    for (size_t i = 0; i < helpers; i++) {
        const struct glb_bias_ref *b = &p->helper[i];
        const int32_t row[HELPER_COLUMNS] = {b->to, b->tile, b->lane, b->entry};
        memcpy(&t[i * HELPER_COLUMNS], row, sizeof row);
    }
    const int64_t count = p->nhelpers;
    glb_hdf5_put_array(f, "beta", GLB_ELEMENT_DOUBLE, 1, &p->beta);
    glb_hdf5_put_array(f, "helper_count", GLB_ELEMENT_INT64, 1, &count);
    glb_hdf5_put_array(f, "helpers", GLB_ELEMENT_INT32, helpers * HELPER_COLUMNS, t);
    free(t);
}

static void get_helpers(struct glb_hdf5_store *f, struct glb_program *p, int count) {
    int32_t *h =
        glb_hdf5_new_array(f, "helpers", GLB_ELEMENT_INT32, (size_t)count * HELPER_COLUMNS);
    p->helper = h ? calloc((size_t)count + 1, sizeof *p->helper) : NULL;
    p->nhelpers = p->helper ? count : 0;
    for (int i = 0; i < p->nhelpers; i++) {
        const int32_t *x = &h[i * HELPER_COLUMNS];
        p->helper[i] = (struct glb_bias_ref){x[0], (int16_t)x[1], (int16_t)x[2], x[3], 0, -1, -1};
        if (x[0] < 0 || x[0] >= p->n || x[2] < 0 || x[2] >= p->array.lanes || x[1] < 0 ||
            x[1] >= p->array.tiles || x[3] < 0 || x[3] >= p->c_used)
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "helpers", PROGRAM_FILE_OUTSIDE);
    }
    free(h);
}

void program_file_get_precise(struct glb_hdf5_store *f, struct glb_program *p) {
    int64_t helpers = 0;
    glb_hdf5_get_array(f, "beta", GLB_ELEMENT_DOUBLE, 1, &p->beta);
    glb_hdf5_get_array(f, "helper_count", GLB_ELEMENT_INT64, 1, &helpers);
    if (f->status == GLB_OK && (!(p->beta > 0) || !isfinite(p->beta) || p->copies > 1))
        glb_hdf5_fail(f, GLB_ERR_FORMAT, "beta",
                      "is that of no precise program; compile the graph again");
    if (f->status == GLB_OK && (helpers < 0 || helpers > p->n))
        glb_hdf5_fail(f, GLB_ERR_FORMAT, "helper_count", PROGRAM_FILE_OUTSIDE);
    if (f->status == GLB_OK)
        get_helpers(f, p, (int)helpers);
}
