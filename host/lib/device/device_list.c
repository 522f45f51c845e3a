/* Which devices there are. SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/status.h"
#include "transports/transports.h"

struct glb_device_list {
    int count, capacity;
    struct glb_device_info *info;
};

static char *copy(const char *text, bool *ok) {
    char *c = text ? strdup(text) : NULL;
    *ok &= !text || c;
    return c;
}

static void free_info(const struct glb_device_info *i) {
    free((char *)i->name);
    free((char *)i->array);
    free((char *)i->serial);
    free((char *)i->about);
    free((char *)i->problem);
}

static enum glb_status add(void *user, const struct glb_found_device *f) {
    struct glb_device_list *l = user;
    bool ok = true;
    if (l->count == l->capacity) {
        const int more = l->capacity ? 2 * l->capacity : 8;
        struct glb_device_info *grown = realloc(l->info, (size_t)more * sizeof *grown);
        if (!grown)
            return glb_fail(GLB_ERR_MEMORY, "no memory for a list of devices");
        l->info = grown;
        l->capacity = more;
    }
    const struct glb_device_info info = {.size = sizeof info,
                                         .name = copy(f->name, &ok),
                                         .array = copy(f->array, &ok),
                                         .serial = copy(f->serial, &ok),
                                         .about = copy(f->about, &ok),
                                         .available = !f->problem[0],
                                         .problem = copy(f->problem, &ok)};
    if (!ok) {
        free_info(&info);
        return glb_fail(GLB_ERR_MEMORY, "no memory for a list of devices");
    }
    l->info[l->count++] = info;
    return GLB_OK;
}

enum glb_status glb_device_list_make(struct glb_device_list **out) {
    static const struct glb_found_device emu = {
        .name = "emu", .about = "emulator of every array, bit-exact", .problem = ""};
    struct glb_device_list *l = calloc(1, sizeof *l);
    *out = NULL;
    if (!l)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a list of devices");
    enum glb_status s = add(l, &emu);
    if (!s)
        s = glb_transport_list(add, l);
    if (s)
        glb_device_list_free(l);
    else
        *out = l;
    return s;
}

int glb_device_list_count(const struct glb_device_list *l) {
    return l->count;
}

const struct glb_device_info *glb_device_list_at(const struct glb_device_list *l, int index) {
    return index >= 0 && index < l->count ? &l->info[index] : NULL;
}

void glb_device_list_free(struct glb_device_list *l) {
    if (!l)
        return;
    for (int k = 0; k < l->count; k++)
        free_info(&l->info[k]);
    free(l->info);
    free(l);
}
