/* Program files: counting, dumping and holding segments, and where the sums are.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "array/program_file.h"

enum { EXTRA_HEADER = 8, SEGMENT_COLUMNS = 7, SUM_COLUMNS = 4 };

void program_file_put_extra(struct glb_hdf5_store *f, const struct glb_program *p) {
    const int64_t header[EXTRA_HEADER] = {p->nextra,      p->ncount, p->sums_first, p->sums,
                                          p->count_first, p->counts, p->dump_first, p->dumps};
    int32_t segments[GLB_SEGMENTS * SEGMENT_COLUMNS];
    int32_t *sums = malloc(sizeof *sums * ((size_t)p->ncount * SUM_COLUMNS + 1));
    if (!sums) {
        glb_hdf5_fail(f, GLB_ERR_MEMORY, "sums", "needs more memory than there is");
        return;
    }
    for (int k = 0; k < p->nextra; k++) {
        const struct glb_segment *g = &p->seg[p->nseg + k];
        int32_t *row = &segments[k * SEGMENT_COLUMNS];
        row[0] = g->s_start;
        row[1] = g->s_len;
        row[2] = g->c_start;
        row[3] = g->wp_start;
        row[4] = (int32_t)g->flips;
        row[5] = (int32_t)g->mode;
        row[6] = g->part;
    }
    for (int k = 0; k < p->ncount; k++) {
        const struct glb_count_ref *r = &p->count[k];
        int32_t *row = &sums[(size_t)k * SUM_COLUMNS];
        row[0] = r->i;
        row[1] = r->j;
        row[2] = r->tile;
        row[3] = r->entry;
    }
    glb_hdf5_put_array(f, "extra", GLB_ELEMENT_INT64, EXTRA_HEADER, header);
    glb_hdf5_put_array(f, "extra_segments", GLB_ELEMENT_INT32, (size_t)p->nextra * SEGMENT_COLUMNS,
                       segments);
    glb_hdf5_put_array(f, "sums", GLB_ELEMENT_INT32, (size_t)p->ncount * SUM_COLUMNS, sums);
    free(sums);
}

/* Do `n` segments from `first` on lie behind those of a sweep? */
static bool are_extra(const struct glb_program *p, int64_t nextra, int64_t first, int64_t n) {
    return n >= 0 && n <= nextra && (n == 0 || (first >= p->nseg && first <= p->nseg + nextra - n));
}

static bool get_header(struct glb_hdf5_store *f, struct glb_program *p) {
    int64_t h[EXTRA_HEADER] = {0};
    glb_hdf5_get_array(f, "extra", GLB_ELEMENT_INT64, EXTRA_HEADER, h);
    if (f->status != GLB_OK)
        return false;
    const int64_t depth = p->array.cdepth;
    if (h[0] < 1 || h[0] > GLB_SEGMENTS - p->nseg || h[3] < 0 || h[3] > depth || h[2] < 0 ||
        (h[3] > 0 && (h[2] < p->c_used || h[2] > depth - h[3])) || h[1] < 0 ||
        h[1] > h[3] * p->array.tiles || !are_extra(p, h[0], h[4], h[5]) ||
        !are_extra(p, h[0], h[6], h[7]) || (h[1] > 0 && (h[5] == 0 || h[7] == 0))) {
        glb_hdf5_fail(f, GLB_ERR_FORMAT, "extra", PROGRAM_FILE_OUTSIDE);
        return false;
    }
    p->nextra = (int)h[0];
    p->ncount = (int)h[1];
    p->sums_first = (int)h[2];
    p->sums = (int)h[3];
    p->count_first = (int)h[4];
    p->counts = (int)h[5];
    p->dump_first = (int)h[6];
    p->dumps = (int)h[7];
    return true;
}

/* Each segment is of the kind that its place has, and stays in the memories that this kind uses. */
static bool is_sound(const struct glb_program *p, int seg) {
    const struct glb_segment *g = &p->seg[seg];
    const bool counts = seg >= p->count_first && seg < p->count_first + p->counts;
    const bool dumps = seg >= p->dump_first && seg < p->dump_first + p->dumps;
    const int end = p->sums_first + p->sums, words = 1 << p->array.gw;
    if (g->s_start < 0 || g->s_len < 0 || g->s_start > p->s_used ||
        g->s_len > p->s_used - g->s_start || g->wp_start < 0 || g->wp_start > words)
        return false;
    if (counts)
        return !dumps && g->mode == GLB_SEGMENT_COUNTS && g->part == 0 &&
               g->c_start >= p->sums_first && g->c_start < end;
    if (dumps)
        return g->mode == GLB_SEGMENT_DUMPS && g->c_start >= p->sums_first && g->c_start < end &&
               g->s_len >= 1 && g->s_len <= words && g->s_len <= end - g->c_start && g->part >= 0 &&
               g->part < glb_array_sum_parts(&p->array);
    return g->mode == GLB_SEGMENT_HOLDS && g->part == 0 && g->c_start >= 0 &&
           g->c_start <= p->c_used;
}

static void get_segments(struct glb_hdf5_store *f, struct glb_program *p) {
    int32_t x[GLB_SEGMENTS * SEGMENT_COLUMNS] = {0};
    glb_hdf5_get_array(f, "extra_segments", GLB_ELEMENT_INT32, (size_t)p->nextra * SEGMENT_COLUMNS,
                       x);
    for (int k = 0; k < p->nextra && f->status == GLB_OK; k++) {
        const int32_t *row = &x[k * SEGMENT_COLUMNS];
        p->seg[p->nseg + k] = (struct glb_segment){
            row[0], row[1], row[2], row[3], (uint32_t)row[4], (enum glb_segment_mode)row[5],
            row[6]};
        if (!is_sound(p, p->nseg + k))
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "extra_segments", PROGRAM_FILE_OUTSIDE);
    }
}

static void get_sums(struct glb_hdf5_store *f, struct glb_program *p) {
    int32_t *x = glb_hdf5_new_array(f, "sums", GLB_ELEMENT_INT32, (size_t)p->ncount * SUM_COLUMNS);
    p->count = x ? calloc((size_t)p->ncount + 1, sizeof *p->count) : NULL;
    if (x && !p->count)
        glb_hdf5_fail(f, GLB_ERR_MEMORY, "sums", "needs more memory than there is");
    for (int k = 0; p->count && k < p->ncount; k++) {
        const int32_t *row = &x[(size_t)k * SUM_COLUMNS];
        if (row[0] < 0 || row[0] >= p->n || row[1] < -1 || row[1] >= p->n || row[2] < 0 ||
            row[2] >= p->array.tiles || row[3] < p->sums_first || row[3] >= p->sums_first + p->sums)
            glb_hdf5_fail(f, GLB_ERR_FORMAT, "sums", PROGRAM_FILE_OUTSIDE);
        p->count[k] = (struct glb_count_ref){row[0], row[1], (int16_t)row[2], row[3]};
    }
    free(x);
}

void program_file_get_extra(struct glb_hdf5_store *f, struct glb_program *p) {
    if (!get_header(f, p))
        return;
    get_segments(f, p);
    get_sums(f, p);
}
