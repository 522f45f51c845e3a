/* Folders of PNG pictures, a sub-folder a class. SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include "files/png_file.h"
#include "learn/data/dataset.h"
#include "learn/data/image_files.h"

enum { MOST_PATH = 4096 };

struct names {
    int count;
    char **name; /* sorted */
};

static void clear(struct names *n) {
    for (int k = 0; k < n->count; k++)
        free(n->name[k]);
    free(n->name);
    memset(n, 0, sizeof *n);
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int is_folder(const char *folder, const char *name) {
    char path[MOST_PATH];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int is_png(const char *name) {
    const size_t n = strlen(name);
    return n > 4 && strcasecmp(name + n - 4, ".png") == 0;
}

/* The sub-folders, or the pictures; hidden entries do not count. */
static enum glb_status list(const char *folder, int folders, struct names *out) {
    memset(out, 0, sizeof *out);
    DIR *d = opendir(folder);
    if (!d)
        return glb_fail(GLB_ERR_FILE, "%s: cannot be read: %s; give a folder of pictures", folder,
                        strerror(errno));
    enum glb_status s = GLB_OK;
    for (struct dirent *e; s == GLB_OK && (e = readdir(d));) {
        if (e->d_name[0] == '.' || is_folder(folder, e->d_name) != folders)
            continue;
        if (!folders && !is_png(e->d_name)) {
            s = glb_fail(GLB_ERR_FORMAT,
                         "%s/%s: not a PNG picture by its name; convert it, or take it away",
                         folder, e->d_name);
            break;
        }
        char **grown = realloc(out->name, sizeof *grown * ((size_t)out->count + 1));
        if (grown)
            out->name = grown;
        if (!grown || !(grown[out->count++] = strdup(e->d_name)))
            s = glb_fail(GLB_ERR_MEMORY, "%s: no memory for its names", folder);
    }
    closedir(d);
    if (s != GLB_OK)
        clear(out);
    else if (out->count)
        qsort(out->name, (size_t)out->count, sizeof *out->name, compare);
    return s;
}

int glb_image_folder_is(const char *folder) {
    struct names n;
    const int some = list(folder, 1, &n) == GLB_OK && n.count > 0;
    clear(&n);
    return some;
}

static int has(const struct names *n, const char *name) {
    return n->count && bsearch(&name, n->name, (size_t)n->count, sizeof name, compare) != NULL;
}

/* A sub-folder of a part that the classes do not have would shift their numbers. */
static enum glb_status check_classes(const char *folder, const char *classes,
                                     const struct names *known) {
    struct names here;
    enum glb_status s = list(folder, 1, &here);
    for (int k = 0; s == GLB_OK && k < here.count; k++)
        if (!has(known, here.name[k]))
            s = glb_fail(GLB_ERR_FORMAT,
                         "%s/%s: no class, since %s has no folder of this name; take it away, or "
                         "make that folder",
                         folder, here.name[k], classes);
    clear(&here);
    if (s == GLB_OK && known->count > GLB_MAX_CLASSES)
        s = glb_fail(GLB_ERR_FORMAT,
                     "%s: %d sub-folders are classes; at most %d are possible; "
                     "join some",
                     classes, known->count, GLB_MAX_CLASSES);
    return s;
}

/* Room for more pictures of `size` pixels; 0 without memory. */
static int grow(struct glb_images *x, size_t *room, size_t size) {
    const size_t more = *room ? 2 * *room : 256;
    uint8_t *grey = realloc(x->grey, more * size);
    if (grey)
        x->grey = grey;
    uint8_t *label = grey ? realloc(x->label, more) : NULL;
    if (label)
        x->label = label;
    *room = label ? more : *room;
    return label != NULL;
}

/* Appends a picture. */
static enum glb_status add(const char *path, int label, int most, size_t *room,
                           struct glb_images *x) {
    int height, width;
    uint8_t *grey;
    enum glb_status s = glb_png_read(path, most, &height, &width, &grey);
    if (s == GLB_OK && x->count && (height != x->height || width != x->width))
        s = glb_fail(GLB_ERR_FORMAT,
                     "%s: %d x %d pixels, but the pictures before it have %d x %d; give all the "
                     "same size",
                     path, height, width, x->height, x->width);
    if (s == GLB_OK && (size_t)x->count == *room && !grow(x, room, (size_t)height * (size_t)width))
        s = glb_fail(GLB_ERR_MEMORY, "%s: no memory for so many pictures", path);
    if (s == GLB_OK) {
        const size_t size = (size_t)height * (size_t)width;
        x->height = height;
        x->width = width;
        memcpy(x->grey + (size_t)x->count * size, grey, size);
        x->label[x->count++] = (uint8_t)label;
    }
    free(grey);
    return s;
}

static enum glb_status read_all(const char *folder, const struct names *classes,
                                const struct names *picture, int most, struct glb_images *x) {
    char path[MOST_PATH];
    size_t room = 0;
    enum glb_status s = GLB_OK;
    int left = 1;
    for (int i = 0; s == GLB_OK && left; i++) {
        left = 0;
        for (int k = 0; s == GLB_OK && k < classes->count; k++) {
            if (i >= picture[k].count)
                continue;
            left = 1;
            snprintf(path, sizeof path, "%s/%s/%s", folder, classes->name[k], picture[k].name[i]);
            s = add(path, k, most, &room, x);
        }
    }
    if (s == GLB_OK && x->count == 0)
        s = glb_fail(GLB_ERR_FORMAT, "%s: no PNG picture in its sub-folders; put some there",
                     folder);
    return s;
}

enum glb_status glb_image_folder_read(const char *folder, const char *classes, int most,
                                      struct glb_images *out) {
    struct names class, picture[GLB_MAX_CLASSES] = {{0}};
    struct glb_images x = {0};
    memset(out, 0, sizeof *out);
    enum glb_status s = list(classes, 1, &class);
    if (s == GLB_OK)
        s = check_classes(folder, classes, &class);
    for (int k = 0; s == GLB_OK && k < class.count; k++) {
        char path[MOST_PATH];
        snprintf(path, sizeof path, "%s/%s", folder, class.name[k]);
        if (is_folder(folder, class.name[k]))
            s = list(path, 0, &picture[k]);
    }
    if (s == GLB_OK)
        s = read_all(folder, &class, picture, most, &x);
    x.classes = class.count;
    for (int k = 0; k < GLB_MAX_CLASSES; k++)
        clear(&picture[k]);
    clear(&class);
    if (s == GLB_OK)
        *out = x;
    else
        glb_images_clear(&x);
    return s;
}
