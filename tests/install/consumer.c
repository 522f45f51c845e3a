/* Samples, anneals, trains on 8 x 8 digits and classifies. SPDX-License-Identifier: Apache-2.0 */
#include <glauber/learn.h>
#include <stdio.h>
#define TRY(call)                                                                                  \
    if (call)                                                                                      \
    return printf("%s: %s\n", #call, glb_error()), 1

int main(void) {
    static const uint64_t digit[] = {0x3c66666666663c00, 0x1838181818187e00, 0x3c66060c18307e00};
    static uint8_t grey[1024][64], label[1024], seen[512];
    const struct glb_step ramp[] = {{0.2, 100}, {0.6, 100}, {2, 100}};
    struct glb_settings set;
    struct glb_trainer_options o;
    struct glb_graph *g;
    struct glb_sampler *s;
    struct glb_dataset *images;
    struct glb_topology *topology;
    struct glb_trainer *trainer;
    struct glb_model *model;
    int right = 0;
    glb_settings_init(&set, sizeof set);
    TRY(glb_graph_generate("torus2d", "lx=8,weights=const", 1, &g));
    TRY(glb_sampler_open(g, "emu", "small", &s));
    TRY(glb_sampler_run(s, &set));
    printf("sampled: mean energy %g\n", glb_sampler_result(s)->mean_energy);
    set.schedule = ramp, set.steps = 3, set.samples = 0;
    TRY(glb_sampler_run(s, &set) || glb_sampler_result(s)->best_energy != -128); /* all agree */
    for (unsigned k = 0; k < 1024 * 64; k++) { /* one pixel in 16 is wrong */
        label[k / 64] = k / 64 % 3;
        grey[k / 64][k % 64] =
            (digit[k / 64 % 3] >> (63 - k % 64) & 1) == (k * 2654435761u >> 28 > 0) ? 255 : 0;
    }
    TRY(glb_dataset_from_arrays(*grey, label, 512, 8, 8, 3, NULL, &images));
    TRY(glb_topology_generate("local:hidden=40,fan=16,window=5", images, 1, &topology));
    glb_trainer_options_init(&o, sizeof o, topology, GLB_TRAIN_CONDITIONAL);
    o.batch = 64, o.epochs = 6;
    TRY(glb_trainer_open(topology, images, &o, &trainer));
    TRY(glb_train(trainer, NULL, NULL) || glb_model_from_trainer(trainer, &model));
    TRY(glb_model_predict(model, grey[512], 512, 8, 8, NULL, seen, NULL));
    for (int i = 0; i < 512; i++)
        right += seen[i] == label[512 + i];
    return printf("classified: %d of 512 right\n", right), right < 460;
}
