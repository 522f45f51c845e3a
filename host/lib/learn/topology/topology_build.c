/* Topologies by name. SPDX-License-Identifier: Apache-2.0 */
#include "learn/topology/topology_build.h"

#include <string.h>
#include "learn/data/dataset.h"

static const struct {
    const char *name;
    enum glb_status (*build)(const char *args, struct glb_topology *t);
} builder[] = {{"local", topology_local}, {"blocks", topology_blocks}, {"deep", topology_deep},
               {"pegasus", NULL}, /* lattices */
               {"zephyr", NULL},          {"chimera", NULL},           {"file", topology_file}};
enum { BUILDERS = sizeof builder / sizeof builder[0] };

static enum glb_status build(const char *spec, int width, int height, int classes, uint64_t seed,
                             const struct glb_dataset *images, struct glb_topology *out) {
    struct glb_topology t = {.seed = seed, .width = width, .height = height, .classes = classes};
    memset(out, 0, sizeof *out);
    if (width < 1 || height < 1 || width > GLB_DATASET_MAX_SIDE ||
        height > GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_PLANES)
        return glb_fail(GLB_ERR_ARGUMENT, "topology: images of %d x %d pixels; 1 to %d a side",
                        width, height, GLB_DATASET_MAX_SIDE);
    if (classes < GLB_MIN_CLASSES || classes > GLB_MAX_CLASSES)
        return glb_fail(GLB_ERR_ARGUMENT, "topology: %d classes; %d to %d", classes,
                        GLB_MIN_CLASSES, GLB_MAX_CLASSES);
    const char *colon = strchr(spec, ':');
    const size_t len = colon ? (size_t)(colon - spec) : strlen(spec);
    const char *args = colon ? colon + 1 : NULL;
    enum glb_status s;
    int k = 0;
    while (k < BUILDERS &&
           (strlen(builder[k].name) != len || strncmp(spec, builder[k].name, len) != 0))
        k++;
    if (k == BUILDERS)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology '%.*s' is not known; known: local, blocks, deep, pegasus, "
                        "zephyr, chimera, file",
                        (int)len, spec);
    s = builder[k].build ? builder[k].build(args, &t)
                         : topology_lattice(builder[k].name, args, images, &t);
    if (s == GLB_OK)
        s = topology_finish(&t);
    if (s != GLB_OK) {
        glb_topology_clear(&t);
        return s;
    }
    *out = t;
    return GLB_OK;
}

enum glb_status glb_topology_build(const char *spec, int width, int height, int classes,
                                   uint64_t seed, struct glb_topology *out) {
    return build(spec, width, height, classes, seed, NULL, out);
}

enum glb_status glb_topology_build_for(const char *spec, const struct glb_dataset *images,
                                       uint64_t seed, struct glb_topology *out) {
    return build(spec, images->width, images->height, images->classes, seed, images, out);
}

const char *glb_topology_help(void) {
    return "Topologies, with their keys and defaults:\n"
           "  local      pixels - hidden - labels: hidden=1005 units, each coupled to\n"
           "             fan=20 pixels of a square of window=9; planes=1 of the images\n"
           "  blocks     the same, four hidden units share their pixels: hidden=632,\n"
           "             fan=36, window=10\n"
           "  deep       pixels - h1 - h2 (- h3) - labels: h1=1005, h2=(classes), h3=0,\n"
           "             fan=20, window=9, planes=1; h2 and h3 are multiples of the classes\n"
           "  pegasus    pixels, labels and hidden units on the Pegasus graph: m=14;\n"
           "             placement=random: anywhere, with copies=5 of labels; structured:\n"
           "             pixels several times, in windows of the image along the lines;\n"
           "             strict: each pixel once. These two have groups=(size) of lines, as\n"
           "             many copies as they hold, window=(quarter) of a side, planes=1;\n"
           "             seed=(train) of the places\n"
           "  zephyr     the same on the Zephyr graph: m=11, t=4\n"
           "  chimera    the same on the Chimera graph: m=23, n=(m), t=4\n"
           "  file:PATH  a graph file: its first p-bits are the pixels, the last\n"
           "             labels=(classes) the labels";
}
