/* Images of any files, as a model takes them. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_READING_GATHER_H
#define GLB_TOOL_READING_GATHER_H

#include <stdint.h>
#include "learn/model/model.h"

struct gathered {
    int files, *count;       /* of each file: its images */
    struct glb_dataset data; /* all of them, in the files' order, without labels */
};

/* Reads the images of some files. Those of another size than the model's are refused, or with
 * resize scaled to it: a pixel is the mean of the part of the image that it covers. invert: grey
 * values are 255 minus those read. The result is freed also after an error. */
enum glb_status gather_images(const char *const *path, int files, const struct glb_model *m,
                              int resize, int invert, struct gathered *out);
void gathered_clear(struct gathered *g);

#endif
