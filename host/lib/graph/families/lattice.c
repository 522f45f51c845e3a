/* Lattices: annealer topologies and tori. SPDX-License-Identifier: Apache-2.0 */
#include "graph/families/builder.h"

#include <stdlib.h>

/* Pegasus: vertical qubits are the columns x = 12 w + k, cut into pieces of 12 rows at an offset
 * that k sets; horizontal qubits the rows, likewise. A vertical and a horizontal qubit are coupled
 * where they cross. Qubits that cross nothing (at the rim) are left out. Numbers follow
 * dwave_networkx's linear order of (u, w, k, z), closed up. */
static const int vertical_offset[12] = {2, 2, 2, 2, 10, 10, 10, 10, 6, 6, 6, 6};
static const int horizontal_offset[12] = {6, 6, 6, 6, 2, 2, 2, 2, 10, 10, 10, 10};

/* Piece of the line that covers position p, or -1: pieces start at offset, are 12 long, and there
 * are m - 1. */
static int piece(int p, int offset, int m) {
    return p < offset || p >= offset + 12 * (m - 1) ? -1 : (p - offset) / 12;
}

/* A column crosses something unless every row misses it; by symmetry of the offsets the two rims
 * have the same width. */
static int rim(const int *other) {
    int least = 12;
    for (int k = 0; k < 12; k++)
        least = other[k] < least ? other[k] : least;
    return least;
}

static bool pegasus_edges(struct builder *b) {
    const int m = glb_argument_int(b->args, "m", 14, 2, 64), lines = 12 * m, z = m - 1;
    const int low = rim(horizontal_offset), high = lines - rim(vertical_offset);
    if (!builder_begin(b, 2 * (high - low) * z))
        return false;
        /* node of (u, line, z) */
#define NODE(u, line, piece) (((u) * (high - low) + (line)-low) * z + (piece))
    for (int u = 0; u < 2; u++)
        for (int line = low; line < high; line++)
            for (int k = 0; k < z; k++) {
                if (k + 1 < z && !builder_edge(b, NODE(u, line, k), NODE(u, line, k + 1), 1))
                    return false;
                if (line % 2 == 0 && !builder_edge(b, NODE(u, line, k), NODE(u, line + 1, k), 1))
                    return false;
            }
    for (int x = low; x < high; x++)
        for (int y = low; y < high; y++) {
            const int zv = piece(y, vertical_offset[x % 12], m);
            const int zh = piece(x, horizontal_offset[y % 12], m);
            if (zv >= 0 && zh >= 0 && !builder_edge(b, NODE(0, x, zv), NODE(1, y, zh), 1))
                return false;
        }
    return true;
#undef NODE
}

/* Cells of K_t,t; the left halves are joined down the columns, the right halves along the rows. */
static bool chimera_edges(struct builder *b) {
    const int m = glb_argument_int(b->args, "m", 16, 1, 256),
              n = glb_argument_int(b->args, "n", m, 1, 256);
    const int t = glb_argument_int(b->args, "t", 4, 1, 32);
    if (!builder_begin(b, (int64_t)m * n * 2 * t))
        return false;
    for (int row = 0; row < m; row++)
        for (int column = 0; column < n; column++)
            for (int k = 0; k < t; k++) {
                const int left = (row * n + column) * 2 * t + k, right = left + t;
                for (int other = 0; other < t; other++)
                    if (!builder_edge(b, left, right - k + other, 1))
                        return false;
                if (row + 1 < m && !builder_edge(b, left, left + n * 2 * t, 1))
                    return false;
                if (column + 1 < n && !builder_edge(b, right, right + 2 * t, 1))
                    return false;
            }
    return true;
}

/* Zephyr: line w of direction u has 2t tracks (k, j); a track is cut into m pieces of two cells,
 * starting at cell j. Pieces of both directions are coupled where they cross, a piece with its
 * follower, and with the pieces it overlaps on its partner track. */
static bool zephyr_edges(struct builder *b) {
    const int m = glb_argument_int(b->args, "m", 4, 1, 64),
              t = glb_argument_int(b->args, "t", 4, 1, 16);
    const int lines = 2 * m + 1;
    if (!builder_begin(b, 4 * t * m * lines))
        return false;
#define NODE(u, w, k, j, z) (((((u)*lines + (w)) * t + (k)) * 2 + (j)) * m + (z))
    for (int u = 0; u < 2; u++)
        for (int w = 0; w < lines; w++)
            for (int k = 0; k < t; k++)
                for (int z = 0; z < m; z++) {
                    const int even = NODE(u, w, k, 0, z), odd = NODE(u, w, k, 1, z);
                    if (z + 1 < m &&
                        (!builder_edge(b, even, even + 1, 1) || !builder_edge(b, odd, odd + 1, 1) ||
                         !builder_edge(b, even + 1, odd, 1)))
                        return false;
                    if (!builder_edge(b, even, odd, 1))
                        return false;
                }
    for (int x = 0; x < lines; x++)
        for (int y = 0; y < lines; y++)
            for (int tracks = 0; tracks < 4 * t * t; tracks++) {
                const int k = tracks / 4 % t, h = tracks / 4 / t, j = tracks & 1,
                          i = tracks >> 1 & 1;
                /* the vertical piece must cover row y, the horizontal one column x */
                if (y < j || x < i || (y - j) / 2 >= m || (x - i) / 2 >= m)
                    continue;
                if (!builder_edge(b, NODE(0, x, k, j, (y - j) / 2), NODE(1, y, h, i, (x - i) / 2),
                                  1))
                    return false;
            }
    return true;
#undef NODE
}

/* Grid with periodic boundaries; a side of 2 gives one coupling, not two, a side of 1 none. */
static bool torus(struct builder *b, int lx, int ly, int lz) {
    if (!builder_begin(b, (int64_t)lx * ly * lz))
        return false;
    for (int z = 0; z < lz; z++)
        for (int y = 0; y < ly; y++)
            for (int x = 0; x < lx; x++) {
                const int here = (z * ly + y) * lx + x;
                const int nx = (z * ly + y) * lx + (x + 1) % lx;
                const int ny = (z * ly + (y + 1) % ly) * lx + x;
                const int nz = ((z + 1) % lz * ly + y) * lx + x;
                if ((lx > 2 || (lx == 2 && x == 0)) && !builder_edge(b, here, nx, 1))
                    return false;
                if ((ly > 2 || (ly == 2 && y == 0)) && !builder_edge(b, here, ny, 1))
                    return false;
                if ((lz > 2 || (lz == 2 && z == 0)) && !builder_edge(b, here, nz, 1))
                    return false;
            }
    return true;
}

static bool torus2d_edges(struct builder *b) {
    const int lx = glb_argument_int(b->args, "lx", 16, 1, 2048);
    return torus(b, lx, glb_argument_int(b->args, "ly", lx, 1, 2048), 1);
}

static bool torus3d_edges(struct builder *b) {
    const int lx = glb_argument_int(b->args, "lx", 8, 1, 256);
    const int ly = glb_argument_int(b->args, "ly", lx, 1, 256);
    return torus(b, lx, ly, glb_argument_int(b->args, "lz", lx, 1, 256));
}

const struct family lattice_families[] = {
    {.name = "pegasus", .build = pegasus_edges, .help = "m [14]"},
    {.name = "chimera",
     .build = chimera_edges,
     .help = "m [16] rows, n [m] columns of cells K_t,t, t [4]"},
    {.name = "zephyr", .build = zephyr_edges, .help = "m [4], t [4]"},
    {.name = "torus2d",
     .build = torus2d_edges,
     .help = "lx [16], ly [lx]: periodic square lattice"},
    {.name = "torus3d",
     .build = torus3d_edges,
     .help = "lx [8], ly [lx], lz [lx]: periodic cubic lattice"},
    {.name = NULL},
};
