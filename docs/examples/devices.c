/* Lists arrays and devices, opens the emulator and checks it. gcc devices.c $(pkg-config --cflags
 * --libs glauber); SPDX-License-Identifier: Apache-2.0 */
#include <glauber.h>
#include <stdio.h>

static void print_line(void *user, const char *line) {
    fprintf((FILE *)user, "  %s\n", line);
}

int main(void) {
    struct glb_device_list *list = NULL;
    struct glb_device *device = NULL;
    printf("glauber %s\n", glb_version());
    for (int k = 0; k < glb_array_count(); k++) {
        const struct glb_array_info *a = glb_array_at(k);
        printf("array %-10s %5d p-bits x %2d chains%s\n", a->name, a->capacity, a->chains,
               a->fits_chip ? "" : ", for the emulator only");
    }
    if (glb_device_list_make(&list)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    for (int k = 0; k < glb_device_list_count(list); k++) {
        const struct glb_device_info *d = glb_device_list_at(list, k);
        printf("device %s: %s%s%s\n", d->name, d->about, d->available ? "" : "; ", d->problem);
    }
    glb_device_list_free(list);
    if (glb_device_open("emu", "tiny", &device) ||
        glb_selftest("emu", "tiny", 1, print_line, stdout)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    const struct glb_device_identity *i = glb_device_identify(device);
    printf("opened %s: %s\n", i->name, i->description);
    glb_device_close(device);
    return 0;
}
