/* Trains a machine on noisy 8 x 8 glyphs, reads the labels of new ones, and draws one of each
 * class. gcc train.c $(pkg-config --cflags --libs glauber); SPDX-License-Identifier: Apache-2.0 */
#include <glauber/learn.h>
#include <stdio.h>
#include <stdlib.h>

enum { CLASSES = 5, SIDE = 8, PIXELS = SIDE * SIDE, TRAIN = 2000, TEST = 500 };

/* The classes beside each other. */
static const char glyphs[] = "..####.. ...##... #......# ######## ...##... "
                             ".#....#. ..###... .#....#. ......#. ...##... "
                             "#......# ...##... ..#..#.. .....#.. ...##... "
                             "#......# ...##... ...##... ....#... ######## "
                             "#......# ...##... ...##... ...#.... ######## "
                             "#......# ...##... ..#..#.. ..#..... ...##... "
                             ".#....#. ...##... .#....#. .#...... ...##... "
                             "..####.. ..####.. #......# ######## ...##... ";
static uint8_t train[TRAIN][PIXELS], train_label[TRAIN], test[TEST][PIXELS], test_label[TEST];
static uint8_t read_as[TEST], drawn[CLASSES][PIXELS];

/* Images of random classes with a twelfth of their pixels wrong. */
static void make_images(uint8_t (*image)[PIXELS], uint8_t *label, int count) {
    for (int i = 0; i < count; i++) {
        label[i] = (uint8_t)(rand() % CLASSES);
        for (int p = 0; p < PIXELS; p++) {
            const int on = glyphs[(p / SIDE * CLASSES + label[i]) * (SIDE + 1) + p % SIDE] == '#';
            image[i][p] = on != (rand() % 12 == 0) ? 255 : 0;
        }
    }
}

int main(void) {
    struct glb_dataset *images;
    struct glb_topology *topology;
    struct glb_trainer_options options;
    struct glb_trainer *trainer;
    struct glb_model *model;
    int right = 0;
    make_images(train, train_label, TRAIN);
    make_images(test, test_label, TEST);
    if (glb_dataset_from_arrays(*train, train_label, TRAIN, SIDE, SIDE, 0, NULL, &images) ||
        glb_topology_generate("local:hidden=60,fan=16,window=5", images, 1, &topology))
        return fprintf(stderr, "%s\n", glb_error()), 1;
    glb_trainer_options_init(&options, sizeof options, topology, GLB_TRAIN_DRAWING);
    options.batch = 64;
    options.epochs = 10;
    if (glb_trainer_open(topology, images, &options, &trainer) || glb_train(trainer, NULL, NULL) ||
        glb_model_from_trainer(trainer, &model) ||
        glb_model_predict(model, *test, TEST, SIDE, SIDE, NULL, read_as, NULL) ||
        glb_model_draw(model, 1, NULL, *drawn))
        return fprintf(stderr, "%s\n", glb_error()), 1;
    for (int i = 0; i < TEST; i++)
        right += read_as[i] == test_label[i];
    printf("%d of %d new images read right\n", right, TEST);
    for (int y = 0; y < SIDE; y++, puts(""))
        for (int p = 0; p < CLASSES * SIDE; p++)
            printf("%c%s", drawn[p / SIDE][y * SIDE + p % SIDE] > 127 ? '#' : '.',
                   p % SIDE == SIDE - 1 ? " " : "");
    glb_model_free(model);
    glb_trainer_close(trainer);
    glb_topology_free(topology);
    glb_dataset_free(images);
    return right > TEST * 9 / 10 ? 0 : 1;
}
