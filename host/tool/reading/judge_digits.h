/* Drawn digits before an independent classifier. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_JUDGE_DIGITS_H
#define GLB_TOOL_JUDGE_DIGITS_H

#include "learn/data/dataset.h"
#include "tool/output/json.h"
#include "learn/model/model.h"

struct cli_verdict {
    double judge_accuracy; /* of the classifier on the test images */
    int classes;
    double agreement,
        by_class[GLB_MAX_CLASSES]; /* drawn digits that it reads as the clamped label */
    /* mean number of differing pixels to the nearest training image and to the nearest other of the
     * same set: of the drawn digits, and of as many test images */
    double drawn_to_train, drawn_apart, test_to_train, test_apart;
    int copies; /* drawn digits that are a training image or another drawn digit, pixel by pixel */
};

/* train, test: labelled images that fit the model; grey: [classes][columns] tiles, a pixel is on
 * above 127. Prints the verdict. */
enum glb_status cli_judge(const struct glb_dataset *train, const struct glb_dataset *test,
                          const struct glb_model *m, const uint8_t *grey, int columns, int threads,
                          struct cli_verdict *out);
void cli_judge_json(const struct cli_verdict *v, struct json *j);

#endif
