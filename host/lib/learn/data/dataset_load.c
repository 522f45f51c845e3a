/* Finds a data set's files and reads them. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "learn/data/dataset.h"
#include "learn/data/image_files.h"

enum { MOST_PATH = 1024 };

static int is_folder(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The first name that exists, of those in which sets come; else the first of all. */
static int find(const char *folder, const char *part, const char *what, char *path, size_t size) {
    static const char *const ends[] = {"-ubyte", "-ubyte.gz", ".npy"};
    for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++)
        for (int dot = 0; dot < 2; dot++) {
            const int idx = ends[k][0] == '-';
            snprintf(path, size, "%s/%s-%.6s%s%s%s", folder, part, what,
                     idx ? (dot ? "." : "-") : "", idx ? what + 7 : "", ends[k]);
            if (access(path, F_OK) == 0)
                return 1;
        }
    snprintf(path, size, "%s/%s-%s-ubyte", folder, part, what);
    return 0;
}

/* The folder of a part's classes: that of its name, "test" for "t10k", or the set itself. */
static int find_classes(const char *folder, const char *part, char *path, size_t size) {
    snprintf(path, size, "%s/%s", folder, part);
    if (is_folder(path) && glb_image_folder_is(path))
        return 1;
    snprintf(path, size, "%s/test", folder);
    if (strcmp(part, "t10k") == 0 && is_folder(path) && glb_image_folder_is(path))
        return 1;
    snprintf(path, size, "%s/train", folder);
    const int parts = is_folder(path);
    snprintf(path, size, "%s", folder);
    return !parts && is_folder(path) && glb_image_folder_is(path);
}

void glb_dataset_files(const char *source, const char *part, char *images, char *labels,
                       size_t size) {
    const char *comma = strchr(source, ',');
    if (comma) {
        snprintf(images, size, "%.*s", (int)(comma - source), source);
        snprintf(labels, size, "%s", comma + 1);
        return;
    }
    const int found = find(source, part, "images-idx3", images, size);
    find(source, part, "labels-idx1", labels, size);
    char folder[MOST_PATH];
    if (!found && find_classes(source, part, folder, sizeof folder)) {
        snprintf(images, size, "%s", folder);
        labels[0] = 0;
    }
}

/* Of a set in parts the classes are those of its training part. */
static enum glb_status read_folder(const char *source, const char *folder, struct glb_images *x) {
    char train[MOST_PATH];
    snprintf(train, sizeof train, "%s/train", source);
    const int parts = strcmp(source, folder) != 0 && is_folder(train);
    return glb_image_folder_read(folder, parts ? train : folder, GLB_DATASET_MAX_SIDE, x);
}

static enum glb_status read_pair(const char *images, const char *labels, struct glb_images *x) {
    int count = 0;
    enum glb_status s = glb_images_read(images, 0, 0, GLB_DATASET_MAX_SIDE, x);
    if (s == GLB_OK)
        s = glb_image_labels_read(labels, &count, &x->label);
    if (s == GLB_OK && count != x->count)
        s = glb_fail(GLB_ERR_FORMAT, "%s: %d labels for %d images; give files that belong together",
                     labels, count, x->count);
    return s;
}

enum glb_status glb_dataset_load(const char *source, const char *part, struct glb_binarise binarise,
                                 struct glb_dataset *out) {
    char path[MOST_PATH], label_path[MOST_PATH];
    struct glb_images x = {0};
    memset(out, 0, sizeof *out);
    glb_dataset_files(source, part, path, label_path, sizeof path);
    const int folder = !strchr(source, ',') && !label_path[0];
    if (!folder && (!path[0] || !label_path[0]))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "--data %s: the name of a file is empty; give IMAGES,LABELS or a folder",
                        source);
    enum glb_status s = folder ? read_folder(source, path, &x) : read_pair(path, label_path, &x);
    if (s == GLB_OK)
        s = glb_dataset_adopt(&x, binarise, folder ? path : label_path, out);
    glb_images_clear(&x);
    return s;
}
