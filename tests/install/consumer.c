/* Samples, anneals, trains on 8 x 8 digits and classifies, with the installed header alone. SPDX-License-Identifier: Apache-2.0 */
#include <glauber/learn.h>
#include <stdio.h>

int main(void) {
    struct glb_graph *g;
    struct glb_sampler *s;
    struct glb_settings set;
    const struct glb_step ramp[] = {{0.2, 100}, {0.6, 100}, {2, 100}};
    glb_settings_init(&set, sizeof set);
    if (glb_graph_generate("torus2d", "lx=8,weights=const", 1, &g) || glb_sampler_open(g, "emu", "small", &s) || glb_sampler_run(s, &set))
        return fprintf(stderr, "%s\n", glb_error()), 1;
    printf("sampled: mean energy %g\n", glb_sampler_result(s)->mean_energy);
    set.schedule = ramp, set.steps = 3, set.samples = 0;
    if (glb_sampler_run(s, &set) || glb_sampler_result(s)->best_energy != -128) /* all spins of the 8 x 8 ferromagnet agree */
        return fprintf(stderr, "annealed to %g: %s\n", glb_sampler_result(s)->best_energy, glb_error()), 1;
    static const uint64_t shape[] = {0x3c66666666663c00, 0x1838181818187e00, 0x3c66060c18307e00}; /* 0, 1, 2 */
    static uint8_t grey[1024][64], label[1024], read_as[512];
    for (int k = 0; k < 1024 * 64; k++) /* one pixel in 16 is wrong */
        label[k / 64] = k / 64 % 3, grey[k / 64][k % 64] = ((shape[k / 64 % 3] >> (63 - k % 64) ^ (k * 2654435761u >> 28 == 0)) & 1) * 255;
    struct glb_dataset *images;
    struct glb_topology *topology;
    struct glb_trainer *trainer;
    struct glb_model *model;
    struct glb_trainer_options o;
    if (glb_dataset_from_arrays(*grey, label, 512, 8, 8, 3, NULL, &images) || glb_topology_generate("local:hidden=40,fan=16,window=5", images, 1, &topology))
        return fprintf(stderr, "%s\n", glb_error()), 1;
    glb_trainer_options_init(&o, sizeof o, topology, GLB_TRAIN_CONDITIONAL);
    o.batch = 64, o.epochs = 6;
    int right = 0;
    if (glb_trainer_open(topology, images, &o, &trainer) || glb_train(trainer, NULL, NULL) || glb_model_from_trainer(trainer, &model) ||
        glb_model_predict(model, grey[512], 512, 8, 8, NULL, read_as, NULL))
        return fprintf(stderr, "%s\n", glb_error()), 1;
    for (int i = 0; i < 512; i++)
        right += read_as[i] == label[512 + i];
    return printf("classified: %d of 512 right\n", right), right < 460;
}
