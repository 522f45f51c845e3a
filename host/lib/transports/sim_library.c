/* Finding and loading simulated gateware. SPDX-License-Identifier: Apache-2.0 */
#include "transports/sim_library.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_UP = 5 }; /* folders above the program: build/tests/unit/ROOM/x, PREFIX/bin/glauber */

/* Opens DIR/FOLDER/FILE (folder NULL: DIR/FILE) if there is such a file; *found ends the search
 * even if it does not open. */
static void *try_open(const char *dir, const char *folder, const char *file, int *found) {
    char path[2 * PATH_MAX];
    if (folder)
        snprintf(path, sizeof path, "%s/%s/%s", dir, folder, file);
    else
        snprintf(path, sizeof path, "%s/%s", dir, file);
    if (*found || access(path, F_OK) != 0)
        return NULL;
    *found = 1;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

void *glb_sim_library_open(const char *folder, const char *file) {
    char exe[PATH_MAX], sim[PATH_MAX + 8], lib[PATH_MAX + 8];
    const char *dir = getenv("GLAUBER_SIM_DIR");
    void *so = NULL;
    int found = 0;
    if (dir) {
        so = try_open(dir, NULL, file, &found);
        so = so ? so : try_open(dir, folder, file, &found);
    }
    const ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[n > 0 ? n : 0] = 0;
    for (int up = 0; up < MAX_UP && !found; up++) {
        char *slash = strrchr(exe, '/');
        if (!slash)
            break;
        *slash = 0;
        snprintf(sim, sizeof sim, "%s/sim", exe);
        snprintf(lib, sizeof lib, "%s/lib", exe);
        so = try_open(sim, folder, file, &found);
        so = so ? so : try_open(lib, NULL, file, &found);
    }
    return found ? so : dlopen(file, RTLD_NOW | RTLD_LOCAL);
}

int glb_sim_library_symbols(void *so, const struct glb_symbol *symbols, size_t n) {
    for (size_t i = 0; i < n; i++) {
        void *p = dlsym(so, symbols[i].name);
        if (!p)
            return 0;
        memcpy(symbols[i].to, &p, sizeof p);
    }
    return 1;
}
