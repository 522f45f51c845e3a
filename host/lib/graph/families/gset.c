/* The families rudy and gset: what can be asked of rudy's graphs, and the parameters of the G-set
 * (Helmberg and Rendl 2000), which give the published files edge for edge.
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/families/rudy.h"

#include <string.h>
#include <strings.h>
#include "base/number.h"

static struct rudy rudy_request(struct glb_arguments *a) {
    struct rudy q;
    q.kind = (enum rudy_kind)glb_argument_choice(
        a, "kind", 0, "rnd_graph|planar|toroidal_grid_2D|spinglass2pm|spinglass3pm");
    const bool grid = q.kind >= RUDY_TORUS, glass = q.kind >= RUDY_PM2;
    q.n = grid ? 0 : glb_argument_int(a, "n", 800, 3, 1 << 16);
    q.rows = grid ? glb_argument_int(a, "rows", 20, 3, 4096) : 1;
    q.columns = grid ? glb_argument_int(a, "columns", q.rows, 3, 4096) : 1;
    q.layers = q.kind == RUDY_PM3 ? glb_argument_int(a, "layers", q.rows, 3, 256) : 1;
    q.density = q.kind == RUDY_TORUS ? 0
                                     : glb_argument_real(a, "density",
                                                         glass                   ? 50
                                                         : q.kind == RUDY_PLANAR ? 99
                                                                                 : 6,
                                                         0, 100);
    q.seed = q.kind == RUDY_TORUS ? 0 : glb_argument_int(a, "seed", 8001, 0, 0x7fffffff);
    q.seed2 = q.kind == RUDY_PLANAR ? glb_argument_int(a, "seed2", -1, -1, 0x7fffffff) : -1;
    q.random = glass ? -1 : glb_argument_int(a, "random", -1, -1, 0x7fffffff);
    if (grid)
        q.n = (int64_t)q.rows * q.columns * q.layers > 1 << 22 ? -1 : q.rows * q.columns * q.layers;
    if (q.kind == RUDY_RND && !a->status && q.density > 50 && q.n > 3)
        a->status = glb_fail(GLB_ERR_ARGUMENT,
                             "%s: density above 50 %% is not offered for "
                             "rnd_graph (it draws with repetition)",
                             a->of);
    return q;
}

/* The G-set's parameters: rows of five instances each, seeds counting up from `seed`. */
static struct rudy gset_request(struct glb_arguments *a) {
    static const struct {
        int first, n, density, seed;
        bool random;
    } rnd[] = {{1, 800, 6, 8001, false},
               {6, 800, 6, 8001, true},
               {22, 2000, 1, 20001, false},
               {27, 2000, 1, 20001, true},
               {43, 1000, 2, 10001, false}};
    static const struct {
        int first, n, density, seed;
        bool random;
    } planar[] = {{14, 800, 99, 8001, false},
                  {18, 800, 99, 8001, true},
                  {35, 2000, 99, 20001, false},
                  {39, 2000, 99, 20001, true},
                  {51, 1000, 100, 10001, false}};
    static const struct {
        int name, rows, columns, random;
    } torus[] = {{11, 100, 8, 8001},   {12, 50, 16, 8002},  {13, 25, 32, 8003},
                 {32, 100, 20, 20003}, {33, 80, 25, 20002}, {34, 50, 40, 20001},
                 {48, 50, 60, -1},     {49, 30, 100, -1},   {50, 25, 120, -1}};
    const char *text = glb_argument_text(a, "name"); /* G22 or 22 */
    int64_t name = 1;
    if (text) {
        text += *text == 'G' || *text == 'g';
        if ((!glb_parse_int(text, strlen(text), &name) || name < 1 || name > 54) && !a->status)
            a->status = glb_fail(GLB_ERR_ARGUMENT, "gset: name=%s must be G1 to G54", text);
    }
    struct rudy q = {.rows = 1, .columns = 1, .layers = 1, .seed2 = -1, .random = -1};
    for (size_t k = 0; k < sizeof rnd / sizeof rnd[0]; k++)
        if (name >= rnd[k].first && name < rnd[k].first + 5) {
            q.kind = RUDY_RND;
            q.n = rnd[k].n;
            q.density = rnd[k].density;
            q.seed = rnd[k].seed + (int)name - rnd[k].first;
            q.random = rnd[k].random ? q.seed : -1;
        }
    if (name == 23)
        q.seed = 2002; /* not 20002: so is the published file */
    for (size_t k = 0; k < sizeof planar / sizeof planar[0]; k++)
        if (name >= planar[k].first && name < planar[k].first + 4) {
            const int index = (int)name - planar[k].first;
            q.kind = RUDY_PLANAR;
            q.n = planar[k].n;
            q.density = planar[k].density;
            q.seed = planar[k].seed + 2 * index;
            q.seed2 = q.seed + 1;
            q.random = planar[k].random ? planar[k].seed + index : -1;
        }
    for (size_t k = 0; k < sizeof torus / sizeof torus[0]; k++)
        if (name == torus[k].name) {
            q.kind = RUDY_TORUS;
            q.rows = torus[k].rows;
            q.columns = torus[k].columns;
            q.n = q.rows * q.columns;
            q.random = torus[k].random;
        }
    return q;
}

static struct rudy request(struct glb_arguments *a) {
    return strcasecmp(a->of, "gset") == 0 ? gset_request(a) : rudy_request(a);
}

static bool edges(struct builder *b) {
    const struct rudy q = request(b->args);
    return builder_begin(b, q.n) && rudy_edges(&q, b);
}

const struct family rudy_families[] = {
    {.name = "rudy",
     .build = edges,
     .maxcut = true,
     .own_weights = true,
     .help =
         "kind [rnd_graph]|planar|toroidal_grid_2D|spinglass2pm|spinglass3pm, seed [8001]\n"
         "                 (n [800], density [6; planar 99, spinglass 50] percent; grids: rows "
         "[20],\n"
         "                 columns, layers [rows]; seed2: union of two planar; random=SEED: +-1)"},
    {.name = "gset",
     .build = edges,
     .maxcut = true,
     .own_weights = true,
     .help = "name [G1] .. G54: the G-set's graphs, edge for edge"},
    {.name = NULL},
};
