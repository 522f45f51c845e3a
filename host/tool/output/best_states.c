/* The best distinct states of a run. SPDX-License-Identifier: Apache-2.0 */
#include "tool/output/best_states.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/atomic_file.h"

static size_t row_bytes(const struct best_states *b) {
    return ((size_t)b->n + 7) / 8;
}

enum glb_status best_states_open(struct best_states *b, int n, int most) {
    *b = (struct best_states){.n = n, .most = most};
    b->state = calloc((size_t)most + 1, sizeof *b->state);
    for (int k = 0; b->state && k < most; k++)
        if (!(b->state[k].bits = malloc(row_bytes(b) + 1)))
            return glb_fail(GLB_ERR_MEMORY, "no memory for %d states of %d p-bits", most, n);
    return b->state ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for %d states", most);
}

void best_states_close(struct best_states *b) {
    for (int k = 0; b->state && k < b->most; k++)
        free(b->state[k].bits);
    free(b->state);
    *b = (struct best_states){0};
}

void best_states_add(struct best_states *b, const uint8_t *bits, double energy) {
    int at = b->count;
    if (b->count == b->most && energy > b->state[b->most - 1].energy)
        return;
    for (; at > 0 && b->state[at - 1].energy >= energy; at--)
        if (b->state[at - 1].energy == energy &&
            memcmp(b->state[at - 1].bits, bits, row_bytes(b)) == 0) {
            b->state[at - 1].count++;
            return;
        }
    while (at < b->count && b->state[at].energy <= energy)
        at++;
    if (at == b->most)
        return;
    b->count += b->count < b->most;
    uint8_t *row = b->state[b->count - 1].bits;
    memmove(&b->state[at + 1], &b->state[at], (size_t)(b->count - 1 - at) * sizeof *b->state);
    memcpy(row, bits, row_bytes(b));
    b->state[at] = (struct best_state){energy, 1, row};
}

static bool is_csv(const char *path) {
    const size_t n = strlen(path);
    return n >= 4 && strcasecmp(path + n - 4, ".csv") == 0;
}

struct writing {
    const struct best_states *b;
    int sign;
    bool csv;
};

static enum glb_status write_states(const void *user, FILE *to) {
    const struct writing *w = user;
    if (w->csv) {
        fputs("energy,count", to);
        for (int i = 0; i < w->b->n; i++)
            fprintf(to, ",%d", i + 1);
        fputc('\n', to);
    }
    for (int k = 0; k < w->b->count; k++) {
        const struct best_state *s = &w->b->state[k];
        fprintf(to, w->csv ? "%.17g,%lld" : "%.17g %lld ", w->sign * s->energy,
                (long long)s->count);
        for (int i = 0; i < w->b->n; i++) {
            const bool up = s->bits[i / 8] >> i % 8 & 1;
            if (w->csv)
                fputs(up ? ",1" : ",-1", to);
            else
                fputc(up ? '+' : '-', to);
        }
        fputc('\n', to);
    }
    return GLB_OK;
}

enum glb_status best_states_write(const struct best_states *b, const char *path, int sign) {
    const struct writing w = {b, sign, is_csv(path)};
    return glb_atomic_write(path, write_states, &w);
}

void best_states_print(const struct best_states *b, FILE *to, int sign) {
    for (int k = 0; k < b->count; k++)
        fprintf(to, "state %-4d %.9g, seen %lld times\n", k + 1, sign * b->state[k].energy,
                (long long)b->state[k].count);
}
