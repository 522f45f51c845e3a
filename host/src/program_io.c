/* Program files (.glbp): HDF5, one dataset per table, the array's parameters beside them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "program.h"

enum { FORMAT = 1, HEADER = 16, READ_COLUMNS = 5, BIAS_COLUMNS = 7, SEGMENT_COLUMNS = 5 };

static bool put(hid_t file, const char *name, hid_t type, size_t count, const void *data) {
    const hsize_t dims = count;
    const hid_t space = H5Screate_simple(1, &dims, NULL);
    const hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const bool ok = set >= 0 && H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
    if (set >= 0)
        H5Dclose(set);
    H5Sclose(space);
    return ok;
}

/* Reads exactly `count` values into new memory; NULL if the dataset is missing or of another size.
 */
static void *get(hid_t file, const char *name, hid_t type, size_t count) {
    void *data = NULL;
    if (H5Lexists(file, name, H5P_DEFAULT) <= 0)
        return NULL;
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    if (set < 0)
        return NULL;
    const hid_t space = H5Dget_space(set);
    if (H5Sget_simple_extent_npoints(space) == (hssize_t)count) {
        data = calloc(count + 1, H5Tget_size(type));
        if (data && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0) {
            free(data);
            data = NULL;
        }
    }
    H5Sclose(space);
    H5Dclose(set);
    return data;
}

static size_t chunks_of(const struct glb_program *p) {
    return (size_t)(p->array.nb + 15) / 16;
}

static bool put_tables(hid_t f, const struct glb_program *p) {
    const size_t nodes = (size_t)p->n * (size_t)p->copies, reads = (size_t)p->nreads;
    int32_t *t = malloc(sizeof *t * (reads * READ_COLUMNS + (size_t)p->nbias * BIAS_COLUMNS +
                                     nodes * 3 + GLB_SEGMENTS * SEGMENT_COLUMNS));
    if (!t)
        return false;
    for (size_t i = 0; i < reads; i++) {
        const struct glb_read_ref *r = &p->reads[i];
        const int32_t row[READ_COLUMNS] = {r->edge, r->to, r->tile, r->lane, r->entry};
        memcpy(&t[i * READ_COLUMNS], row, sizeof row);
    }
    bool ok = put(f, "reads", H5T_NATIVE_INT32, reads * READ_COLUMNS, t);
    for (int i = 0; i < p->nbias; i++) {
        const struct glb_bias_ref *b = &p->bias[i];
        const int32_t row[BIAS_COLUMNS] = {b->to,       b->tile,  b->lane,  b->entry,
                                           b->constant, b->tile2, b->entry2};
        memcpy(&t[i * BIAS_COLUMNS], row, sizeof row);
    }
    ok = ok && put(f, "bias", H5T_NATIVE_INT32, (size_t)p->nbias * BIAS_COLUMNS, t);
    for (size_t i = 0; i < nodes; i++) {
        t[3 * i] = p->slot[i].tile;
        t[3 * i + 1] = p->slot[i].lane;
        t[3 * i + 2] = p->slot[i].g;
    }
    ok = ok && put(f, "slot", H5T_NATIVE_INT32, nodes * 3, t);
    for (int i = 0; i < p->nseg; i++) {
        const struct glb_segment *s = &p->seg[i];
        const int32_t row[SEGMENT_COLUMNS] = {s->s_start, s->s_len, s->c_start, s->wp_start,
                                              (int32_t)s->flips};
        memcpy(&t[i * SEGMENT_COLUMNS], row, sizeof row);
    }
    ok = ok && put(f, "segments", H5T_NATIVE_INT32, (size_t)p->nseg * SEGMENT_COLUMNS, t);
    free(t);
    return ok;
}

enum glb_status glb_program_save(const struct glb_program *p, const char *path) {
    const size_t length = strlen(path) + 8;
    char *part = malloc(length);
    if (!part)
        return glb_fail(GLB_ERR_MEMORY, "%s: out of memory", path);
    snprintf(part, length, "%s.part", path);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    const hid_t f = H5Fcreate(part, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const struct glb_array *a = &p->array;
    const int64_t header[HEADER] = {FORMAT,     a->tiles,  a->lanes,  a->chains, a->jw, a->acc,
                                    a->gw,      a->sdepth, a->cdepth, p->n,      p->m,  p->copies,
                                    p->colours, p->nseg,   p->s_used, p->c_used};
    const int64_t counts[2] = {p->nreads, p->nbias};
    const size_t n = (size_t)p->n;
    uint8_t *clamped = malloc(n + 1);
    bool ok = f >= 0 && clamped;
    for (size_t i = 0; clamped && i < n; i++)
        clamped[i] = p->clamped[i];
    ok = ok && put(f, "header", H5T_NATIVE_INT64, HEADER, header) &&
         put(f, "counts", H5T_NATIVE_INT64, 2, counts) &&
         put(f, "array", H5T_NATIVE_CHAR, strlen(a->name), a->name) &&
         put(f, "u", H5T_NATIVE_DOUBLE, 1, &p->u) &&
         put(f, "graph_hash", H5T_NATIVE_UINT64, 1, &p->graph_hash) &&
         put(f, "schedule", H5T_NATIVE_UINT32, (size_t)p->s_used * (size_t)a->tiles, p->sched) &&
         put(f, "network", H5T_NATIVE_UINT16, (size_t)p->s_used * chunks_of(p), p->net) &&
         put(f, "coupling", H5T_NATIVE_UINT64, (size_t)a->tiles * (size_t)p->c_used, p->coupling) &&
         put(f, "weight", H5T_NATIVE_INT16, (size_t)p->m, p->weight) &&
         put(f, "qbias", H5T_NATIVE_INT32, n, p->qbias) &&
         put(f, "clamped", H5T_NATIVE_UINT8, n, clamped) && put_tables(f, p);
    if (f >= 0)
        ok = H5Fclose(f) >= 0 && ok;
    ok = ok && rename(part, path) == 0;
    if (!ok)
        remove(part);
    free(clamped);
    free(part);
    return ok ? GLB_OK
              : glb_fail(
                    GLB_ERR_FILE,
                    "%s: the program cannot be written; is the folder there and is there room?",
                    path);
}

/* A read or bias outside of the tables would make set_weights() write anywhere. */
static bool entry_exists(const struct glb_program *p, int tile, int32_t entry) {
    return tile >= 0 && tile < p->array.tiles && entry >= 0 && entry < p->c_used;
}

static bool get_tables(hid_t f, struct glb_program *p) {
    const size_t nodes = (size_t)p->n * (size_t)p->copies, reads = (size_t)p->nreads;
    int32_t *r = get(f, "reads", H5T_NATIVE_INT32, reads * READ_COLUMNS);
    int32_t *b = get(f, "bias", H5T_NATIVE_INT32, (size_t)p->nbias * BIAS_COLUMNS);
    int32_t *s = get(f, "slot", H5T_NATIVE_INT32, nodes * 3);
    int32_t *g = get(f, "segments", H5T_NATIVE_INT32, (size_t)p->nseg * SEGMENT_COLUMNS);
    p->reads = calloc(reads + 1, sizeof *p->reads);
    p->bias = calloc((size_t)p->nbias + 1, sizeof *p->bias);
    p->slot = calloc(nodes + 1, sizeof *p->slot);
    bool ok = r && b && s && g && p->reads && p->bias && p->slot;
    for (size_t i = 0; ok && i < reads; i++) {
        const int32_t *x = &r[i * READ_COLUMNS];
        p->reads[i] = (struct glb_read_ref){x[0], x[1], (int16_t)x[2], (int16_t)x[3], x[4]};
        ok = x[0] >= 0 && x[0] < p->m && x[1] >= 0 && x[1] < p->n && x[3] >= 0 &&
             x[3] < p->array.lanes && entry_exists(p, x[2], x[4]);
    }
    for (int i = 0; ok && i < p->nbias; i++) {
        const int32_t *x = &b[i * BIAS_COLUMNS];
        p->bias[i] = (struct glb_bias_ref){x[0], (int16_t)x[1], (int16_t)x[2], x[3],
                                           x[4], (int16_t)x[5], x[6]};
        ok = x[0] >= 0 && x[0] < p->n && entry_exists(p, x[1], x[3]) &&
             (x[6] < 0 || entry_exists(p, x[5], x[6]));
    }
    for (size_t i = 0; ok && i < nodes; i++) {
        const int32_t *x = &s[3 * i];
        p->slot[i] = (struct glb_slot){(int16_t)x[0], (int16_t)x[1], (int16_t)x[2]};
        ok = x[0] >= 0 && x[0] < p->array.tiles && x[1] >= 0 && x[1] < p->array.lanes &&
             x[2] >= 0 && x[2] < 1 << p->array.gw;
    }
    for (int i = 0; ok && i < p->nseg; i++) {
        const int32_t *x = &g[i * SEGMENT_COLUMNS];
        p->seg[i] = (struct glb_segment){x[0], x[1], x[2], x[3], (uint32_t)x[4]};
        ok = x[0] >= 0 && x[1] >= 0 && x[1] <= p->s_used - x[0] && x[2] >= 0 && x[2] <= p->c_used &&
             x[3] >= 0;
    }
    free(r);
    free(b);
    free(s);
    free(g);
    return ok;
}

/* The description in the header must be one of ours: files travel between versions. */
static enum glb_status get_array(const int64_t *h, const char *path, struct glb_program *p) {
    int n;
    const struct glb_array *all = glb_arrays(&n);
    for (int i = 0; i < n; i++) {
        const struct glb_array *a = &all[i];
        if (a->tiles == h[1] && a->lanes == h[2] && a->chains == h[3] && a->jw == h[4] &&
            a->acc == h[5] && a->gw == h[6] && a->sdepth == h[7] && a->cdepth == h[8]) {
            p->array = *a;
            return GLB_OK;
        }
    }
    return glb_fail(GLB_ERR_FORMAT,
                    "%s: made for an array of %lld tiles, %lld lanes, %lld chains that this "
                    "version does not have; "
                    "compile the graph again",
                    path, (long long)h[1], (long long)h[2], (long long)h[3]);
}

static enum glb_status load(hid_t f, const char *path, struct glb_program *p) {
    int64_t *h = get(f, "header", H5T_NATIVE_INT64, HEADER);
    int64_t *counts = get(f, "counts", H5T_NATIVE_INT64, 2);
    double *u = get(f, "u", H5T_NATIVE_DOUBLE, 1);
    uint64_t *hash = get(f, "graph_hash", H5T_NATIVE_UINT64, 1);
    enum glb_status s = GLB_OK;
    if (!h || !counts || !u || !hash)
        s = glb_fail(GLB_ERR_FORMAT, "%s: not a program file; `glauber compile` makes one", path);
    else if (h[0] != FORMAT)
        s = glb_fail(GLB_ERR_FORMAT,
                     "%s: program format %lld, this version reads %d; compile the graph again",
                     path, (long long)h[0], FORMAT);
    else
        s = get_array(h, path, p);
    bool ok = s == GLB_OK;
    if (ok) {
        const struct glb_array *a = &p->array;
        ok = h[9] >= 1 && h[11] >= 1 && h[9] * h[11] <= glb_array_capacity(a) && h[10] >= 0 &&
             h[10] < INT32_MAX && h[13] >= 1 && h[13] <= GLB_SEGMENTS && h[14] >= 0 &&
             h[14] <= a->sdepth && h[15] >= 0 && h[15] <= a->cdepth && counts[0] >= 0 &&
             counts[0] < INT32_MAX && counts[1] >= 0 && counts[1] <= h[9] * h[11] && *u > 0;
    }
    if (ok) {
        p->n = (int)h[9];
        p->m = (int)h[10];
        p->copies = (int)h[11];
        p->colours = (int)h[12];
        p->nseg = (int)h[13];
        p->s_used = (int)h[14];
        p->c_used = (int)h[15];
        p->nreads = (int)counts[0];
        p->nbias = (int)counts[1];
        p->u = *u;
        p->graph_hash = *hash;
        const size_t tiles = (size_t)p->array.tiles, n = (size_t)p->n;
        p->sched = get(f, "schedule", H5T_NATIVE_UINT32, (size_t)p->s_used * tiles);
        p->net = get(f, "network", H5T_NATIVE_UINT16, (size_t)p->s_used * chunks_of(p));
        p->coupling = get(f, "coupling", H5T_NATIVE_UINT64, (size_t)p->c_used * tiles);
        p->weight = get(f, "weight", H5T_NATIVE_INT16, (size_t)p->m);
        p->qbias = get(f, "qbias", H5T_NATIVE_INT32, n);
        p->clamped = calloc(n + 1, sizeof *p->clamped);
        uint8_t *clamped = get(f, "clamped", H5T_NATIVE_UINT8, n);
        ok = p->sched && p->net && p->coupling && p->weight && p->qbias && p->clamped && clamped &&
             get_tables(f, p);
        for (size_t i = 0; ok && i < n; i++)
            p->clamped[i] = clamped[i] != 0;
        free(clamped);
    }
    if (s == GLB_OK && !ok)
        s = glb_fail(GLB_ERR_FORMAT, "%s: damaged program file; compile the graph again", path);
    free(h);
    free(counts);
    free(u);
    free(hash);
    return s;
}

enum glb_status glb_program_load(const char *path, struct glb_program **out) {
    *out = NULL;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    const hid_t f = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (f < 0) {
        FILE *there = fopen(path, "rb");
        if (!there)
            return glb_fail(GLB_ERR_FILE, "%s: cannot be read", path);
        fclose(there);
        return glb_fail(GLB_ERR_FORMAT,
                        "%s: not a program file (HDF5); `glauber compile` makes one", path);
    }
    struct glb_program *p = calloc(1, sizeof *p);
    enum glb_status s = p ? load(f, path, p) : glb_fail(GLB_ERR_MEMORY, "%s: out of memory", path);
    H5Fclose(f);
    if (s == GLB_OK)
        *out = p;
    else
        glb_program_free(p);
    return s;
}
