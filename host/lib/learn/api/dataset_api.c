/* Data sets of the public interface. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "learn/data/dataset.h"

static enum glb_status keep(enum glb_status s, struct glb_dataset *d, struct glb_dataset **out) {
    if (s != GLB_OK)
        return s;
    *out = malloc(sizeof **out);
    if (!*out) {
        glb_dataset_clear(d);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a data set");
    }
    **out = *d;
    return GLB_OK;
}

enum glb_status glb_dataset_read(const char *source, const char *part, const char *binarise,
                                 struct glb_dataset **out) {
    struct glb_binarise b;
    struct glb_dataset d = {0};
    *out = NULL;
    enum glb_status s = glb_binarise_parse(binarise ? binarise : "threshold", &b);
    if (s == GLB_OK)
        s = glb_dataset_load(source, part, b, &d);
    return keep(s, &d, out);
}

enum glb_status glb_dataset_from_arrays(const uint8_t *grey, const uint8_t *label, int count,
                                        int height, int width, int classes, const char *binarise,
                                        struct glb_dataset **out) {
    struct glb_binarise b;
    struct glb_dataset d = {0};
    *out = NULL;
    enum glb_status s = glb_binarise_parse(binarise ? binarise : "threshold", &b);
    if (s == GLB_OK)
        s = glb_dataset_copy(grey, label, count, height, width, classes, b, &d);
    return keep(s, &d, out);
}

void glb_dataset_free(struct glb_dataset *d) {
    if (!d)
        return;
    glb_dataset_clear(d);
    free(d);
}

int glb_dataset_count(const struct glb_dataset *d) {
    return d->count;
}

int glb_dataset_height(const struct glb_dataset *d) {
    return d->height / d->binarise.planes;
}

int glb_dataset_width(const struct glb_dataset *d) {
    return d->width;
}

int glb_dataset_planes(const struct glb_dataset *d) {
    return d->binarise.planes;
}

int glb_dataset_classes(const struct glb_dataset *d) {
    return d->classes;
}

const uint8_t *glb_dataset_grey(const struct glb_dataset *d) {
    return d->grey;
}

const uint8_t *glb_dataset_labels(const struct glb_dataset *d) {
    return d->label;
}
