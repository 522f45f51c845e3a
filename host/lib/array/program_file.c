/* Program files (.glbp): HDF5, one dataset per table, the array's parameters beside them. Format 1
 * has what samples; format 2 is the same with further segments (program_file_extra.c), format 3
 * that of precise programs, with or without such segments. Each is used only where it is needed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "array/program_file.h"

#include <stdlib.h>
#include <string.h>

enum {
    FORMAT = 1,
    FORMAT_EXTRA = 2,
    FORMAT_PRECISE = 3,
    HEADER = 16,
    READ_COLUMNS = 5,
    BIAS_COLUMNS = 7,
    SEGMENT_COLUMNS = 5,
    MOST_BIAS = 1 << 24,
    HELPER = 256 /* added to the lane of a helper's read */
};

static const char OUTSIDE[] = PROGRAM_FILE_OUTSIDE;

static size_t chunks_of(const struct glb_program *p) {
    return (size_t)glb_array_chunks(&p->array);
}

static void put_tables(struct glb_hdf5_store *f, const struct glb_program *p) {
    const size_t nodes = (size_t)p->n * (size_t)p->copies, reads = (size_t)p->nreads;
    int32_t *t = malloc(sizeof *t * (reads * READ_COLUMNS + (size_t)p->nbias * BIAS_COLUMNS +
                                     nodes * 3 + GLB_SEGMENTS * SEGMENT_COLUMNS));
    if (!t) {
        glb_hdf5_fail(f, GLB_ERR_MEMORY, "reads", "needs more memory than there is");
        return;
    }
    for (size_t i = 0; i < reads; i++) {
        const struct glb_read_ref *r = &p->reads[i];
        const int32_t row[READ_COLUMNS] = {r->edge, r->to, r->tile,
                                           r->helper ? r->lane + HELPER : r->lane, r->entry};
        memcpy(&t[i * READ_COLUMNS], row, sizeof row);
    }
    glb_hdf5_put_array(f, "reads", GLB_ELEMENT_INT32, reads * READ_COLUMNS, t);
    for (int i = 0; i < p->nbias; i++) {
        const struct glb_bias_ref *b = &p->bias[i];
        const int32_t row[BIAS_COLUMNS] = {b->to,       b->tile,  b->lane,  b->entry,
                                           b->constant, b->tile2, b->entry2};
        memcpy(&t[i * BIAS_COLUMNS], row, sizeof row);
    }
    glb_hdf5_put_array(f, "bias", GLB_ELEMENT_INT32, (size_t)p->nbias * BIAS_COLUMNS, t);
    for (size_t i = 0; i < nodes; i++) {
        t[3 * i] = p->slot[i].tile;
        t[3 * i + 1] = p->slot[i].lane;
        t[3 * i + 2] = p->slot[i].g;
    }
    glb_hdf5_put_array(f, "slot", GLB_ELEMENT_INT32, nodes * 3, t);
    for (int i = 0; i < p->nseg; i++) {
        const struct glb_segment *s = &p->seg[i];
        const int32_t row[SEGMENT_COLUMNS] = {s->s_start, s->s_len, s->c_start, s->wp_start,
                                              (int32_t)s->flips};
        memcpy(&t[i * SEGMENT_COLUMNS], row, sizeof row);
    }
    glb_hdf5_put_array(f, "segments", GLB_ELEMENT_INT32, (size_t)p->nseg * SEGMENT_COLUMNS, t);
    free(t);
}

enum glb_status glb_program_save(const struct glb_program *p, const char *path) {
    const struct glb_array *a = &p->array;
    const int64_t format = p->beta > 0 ? FORMAT_PRECISE : p->nextra ? FORMAT_EXTRA : FORMAT;
    const int64_t header[HEADER] = {format,     a->tiles,  a->lanes,  a->chains, a->jw, a->acc,
                                    a->gw,      a->sdepth, a->cdepth, p->n,      p->m,  p->copies,
                                    p->colours, p->nseg,   p->s_used, p->c_used};
    const int64_t counts[2] = {p->nreads, p->nbias};
    const size_t n = (size_t)p->n, tiles = (size_t)a->tiles;
    uint8_t *clamped = malloc(n + 1);
    if (!clamped)
        return glb_fail(GLB_ERR_MEMORY, "%s: out of memory", path);
    for (size_t i = 0; i < n; i++)
        clamped[i] = p->clamped[i];
    struct glb_hdf5_store f;
    glb_hdf5_create(&f, path);
    glb_hdf5_put_array(&f, "header", GLB_ELEMENT_INT64, HEADER, header);
    glb_hdf5_put_array(&f, "counts", GLB_ELEMENT_INT64, 2, counts);
    glb_hdf5_put_array(&f, "array", GLB_ELEMENT_CHAR, strlen(a->name), a->name);
    glb_hdf5_put_array(&f, "u", GLB_ELEMENT_DOUBLE, 1, &p->u);
    glb_hdf5_put_array(&f, "graph_hash", GLB_ELEMENT_UINT64, 1, &p->graph_hash);
    glb_hdf5_put_array(&f, "schedule", GLB_ELEMENT_UINT32, (size_t)p->s_used * tiles, p->sched);
    glb_hdf5_put_array(&f, "network", GLB_ELEMENT_UINT16, (size_t)p->s_used * chunks_of(p), p->net);
    glb_hdf5_put_array(&f, "coupling", GLB_ELEMENT_UINT64, tiles * (size_t)p->c_used, p->coupling);
    glb_hdf5_put_array(&f, "weight", GLB_ELEMENT_INT16, (size_t)p->m, p->weight);
    glb_hdf5_put_array(&f, "qbias", GLB_ELEMENT_INT32, n, p->qbias);
    glb_hdf5_put_array(&f, "clamped", GLB_ELEMENT_UINT8, n, clamped);
    put_tables(&f, p);
    if (p->beta > 0)
        program_file_put_precise(&f, p);
    if (p->nextra)
        program_file_put_extra(&f, p);
    free(clamped);
    return glb_hdf5_close(&f);
}

/* A read or bias outside of the tables would make set_weights() write anywhere. */
static bool entry_exists(const struct glb_program *p, int tile, int32_t entry) {
    return tile >= 0 && tile < p->array.tiles && entry >= 0 && entry < p->c_used;
}

static void get_reads(struct glb_hdf5_store *f, struct glb_program *p) {
    const size_t reads = (size_t)p->nreads;
    int32_t *r = glb_hdf5_new_array(f, "reads", GLB_ELEMENT_INT32, reads * READ_COLUMNS);
    p->reads = r ? calloc(reads + 1, sizeof *p->reads) : NULL;
    for (size_t i = 0; p->reads && i < reads; i++) {
        const int32_t *x = &r[i * READ_COLUMNS];
        const bool helper = p->beta > 0 && x[3] >= HELPER;
        const int32_t lane = helper ? x[3] - HELPER : x[3];
        p->reads[i] = (struct glb_read_ref){x[0], x[1], (int16_t)x[2], (int16_t)lane, x[4], helper};
        if (x[0] < 0 || x[0] >= p->m || x[1] < 0 || x[1] >= p->n || lane < 0 ||
            lane >= p->array.lanes || !entry_exists(p, x[2], x[4]))
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "reads", OUTSIDE);
    }
    free(r);
}

static void get_biases(struct glb_hdf5_store *f, struct glb_program *p) {
    const size_t count = (size_t)p->nbias;
    int32_t *b = glb_hdf5_new_array(f, "bias", GLB_ELEMENT_INT32, count * BIAS_COLUMNS);
    p->bias = b ? calloc(count + 1, sizeof *p->bias) : NULL;
    for (size_t i = 0; p->bias && i < count; i++) {
        const int32_t *x = &b[i * BIAS_COLUMNS];
        p->bias[i] = (struct glb_bias_ref){x[0], (int16_t)x[1], (int16_t)x[2], x[3],
                                           x[4], (int16_t)x[5], x[6]};
        if (x[0] < 0 || x[0] >= p->n || !entry_exists(p, x[1], x[3]) ||
            (x[6] >= 0 && !entry_exists(p, x[5], x[6])) || x[4] < -MOST_BIAS || x[4] > MOST_BIAS)
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "bias", OUTSIDE);
    }
    free(b);
}

static void get_slots(struct glb_hdf5_store *f, struct glb_program *p) {
    const size_t nodes = (size_t)p->n * (size_t)p->copies;
    int32_t *s = glb_hdf5_new_array(f, "slot", GLB_ELEMENT_INT32, nodes * 3);
    p->slot = s ? calloc(nodes + 1, sizeof *p->slot) : NULL;
    for (size_t i = 0; p->slot && i < nodes; i++) {
        const int32_t *x = &s[3 * i];
        p->slot[i] = (struct glb_slot){(int16_t)x[0], (int16_t)x[1], (int16_t)x[2]};
        if (x[0] < 0 || x[0] >= p->array.tiles || x[1] < 0 || x[1] >= p->array.lanes || x[2] < 0 ||
            x[2] >= 1 << p->array.gw)
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "slot", OUTSIDE);
    }
    free(s);
}

static void get_segments(struct glb_hdf5_store *f, struct glb_program *p) {
    int32_t x[GLB_SEGMENTS * SEGMENT_COLUMNS] = {0};
    glb_hdf5_get_array(f, "segments", GLB_ELEMENT_INT32, (size_t)p->nseg * SEGMENT_COLUMNS, x);
    for (int i = 0; i < p->nseg; i++) {
        const int32_t *g = &x[i * SEGMENT_COLUMNS];
        p->seg[i] =
            (struct glb_segment){g[0], g[1], g[2], g[3], (uint32_t)g[4], GLB_SEGMENT_SAMPLES, 0};
        if (g[0] < 0 || g[1] < 0 || g[0] > p->s_used || g[1] > p->s_used - g[0] || g[2] < 0 ||
            g[2] > p->c_used || g[3] < 0 || g[3] > 1 << p->array.gw)
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "segments", OUTSIDE);
    }
}

/* The description in the header must be in this version's table. */
static void get_array(struct glb_hdf5_store *f, const int64_t *h, struct glb_program *p) {
    int n;
    const struct glb_array *all = glb_arrays(&n);
    for (int i = 0; i < n; i++) {
        const struct glb_array *a = &all[i];
        if (a->tiles == h[1] && a->lanes == h[2] && a->chains == h[3] && a->jw == h[4] &&
            a->acc == h[5] && a->gw == h[6] && a->sdepth == h[7] && a->cdepth == h[8]) {
            p->array = *a;
            return;
        }
    }
    if (f->status == GLB_OK)
        f->status = glb_fail(GLB_ERR_FORMAT,
                             "%s: made for an array of %lld tiles, %lld lanes, %lld chains that "
                             "this version does not have; compile the graph again",
                             f->path, (long long)h[1], (long long)h[2], (long long)h[3]);
}

/* The file's format, or 0. */
static int64_t get_header(struct glb_hdf5_store *f, struct glb_program *p) {
    int64_t h[HEADER] = {0}, counts[2] = {0};
    if (f->status == GLB_OK && !glb_hdf5_has(f, "header"))
        glb_hdf5_fail(f, GLB_ERR_FORMAT, "header",
                      "is missing: not a program file; `glauber compile` makes one");
    glb_hdf5_get_array(f, "header", GLB_ELEMENT_INT64, HEADER, h);
    glb_hdf5_get_array(f, "counts", GLB_ELEMENT_INT64, 2, counts);
    glb_hdf5_get_array(f, "u", GLB_ELEMENT_DOUBLE, 1, &p->u);
    glb_hdf5_get_array(f, "graph_hash", GLB_ELEMENT_UINT64, 1, &p->graph_hash);
    if (f->status != GLB_OK)
        return 0;
    if (h[0] < FORMAT || h[0] > FORMAT_PRECISE) {
        f->status = glb_fail(GLB_ERR_FORMAT,
                             "%s: program format %lld, this version reads %d to %d; compile the "
                             "graph again",
                             f->path, (long long)h[0], FORMAT, FORMAT_PRECISE);
        return 0;
    }
    get_array(f, h, p);
    if (f->status != GLB_OK)
        return 0;
    const struct glb_array *a = &p->array;
    const int64_t places = glb_array_capacity(a);
    /* n and copies apart first: their product may overflow */
    if (h[9] < 1 || h[9] > places || h[11] < 1 || h[11] > places || h[9] * h[11] > places ||
        h[10] < 0 || h[10] >= INT32_MAX || h[12] < 0 || h[12] > places || h[13] < 1 ||
        h[13] > GLB_SEGMENTS || h[14] < 0 || h[14] > a->sdepth || h[15] < 0 || h[15] > a->cdepth ||
        counts[0] < 0 || counts[0] > h[15] * a->tiles * a->lanes || counts[1] < 0 ||
        counts[1] > h[9] * h[11] || !(p->u > 0)) {
        glb_hdf5_fail(f, GLB_ERR_FORMAT, "header", OUTSIDE);
        return 0;
    }
    p->n = (int)h[9];
    p->m = (int)h[10];
    p->copies = (int)h[11];
    p->colours = (int)h[12];
    p->nseg = (int)h[13];
    p->s_used = (int)h[14];
    p->c_used = (int)h[15];
    p->nreads = (int)counts[0];
    p->nbias = (int)counts[1];
    return h[0];
}

static void get_images(struct glb_hdf5_store *f, struct glb_program *p) {
    const size_t tiles = (size_t)p->array.tiles, n = (size_t)p->n, clocks = (size_t)p->s_used;
    p->sched = glb_hdf5_new_array(f, "schedule", GLB_ELEMENT_UINT32, clocks * tiles);
    p->net = glb_hdf5_new_array(f, "network", GLB_ELEMENT_UINT16, clocks * chunks_of(p));
    p->coupling = glb_hdf5_new_array(f, "coupling", GLB_ELEMENT_UINT64, (size_t)p->c_used * tiles);
    /* longer words would be other words in the array */
    for (size_t i = 0; p->sched && i < clocks * tiles; i++)
        if (p->sched[i] >> p->array.sw)
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "schedule", OUTSIDE);
    for (size_t i = 0; p->coupling && i < (size_t)p->c_used * tiles; i++)
        if (p->coupling[i] >> p->array.cw)
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "coupling", OUTSIDE);
    p->weight = glb_hdf5_new_array(f, "weight", GLB_ELEMENT_INT16, (size_t)p->m);
    p->qbias = glb_hdf5_new_array(f, "qbias", GLB_ELEMENT_INT32, n);
    uint8_t *clamped = glb_hdf5_new_array(f, "clamped", GLB_ELEMENT_UINT8, n);
    p->clamped = clamped ? calloc(n + 1, sizeof *p->clamped) : NULL;
    for (size_t i = 0; p->clamped && i < n; i++)
        p->clamped[i] = clamped[i] != 0;
    free(clamped);
}

enum glb_status glb_program_load(const char *path, struct glb_program **out) {
    struct glb_hdf5_store f;
    *out = NULL;
    struct glb_program *p = calloc(1, sizeof *p);
    if (!p)
        return glb_fail(GLB_ERR_MEMORY, "%s: out of memory", path);
    glb_hdf5_open(&f, path);
    const int64_t format = get_header(&f, p);
    if (f.status == GLB_OK) {
        if (format == FORMAT_PRECISE)
            program_file_get_precise(&f, p);
        get_images(&f, p);
        get_reads(&f, p);
        get_biases(&f, p);
        get_slots(&f, p);
        get_segments(&f, p);
        if (f.status == GLB_OK &&
            (format == FORMAT_EXTRA || (format == FORMAT_PRECISE && glb_hdf5_has(&f, "extra"))))
            program_file_get_extra(&f, p);
        if (f.status == GLB_OK && !(p->clamped && p->reads && p->bias && p->slot))
            glb_hdf5_fail(&f, GLB_ERR_MEMORY, "reads", "needs more memory than there is");
    }
    const enum glb_status s = glb_hdf5_close(&f);
    if (s == GLB_OK)
        *out = p;
    else
        glb_program_free(p);
    return s;
}
