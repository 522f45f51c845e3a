/* Prints an HDF5 file as one JSON object, with HDF5 alone: "@name" for an attribute, "name" for a
 * data set as {"shape": [...], "values": [...]}, flat; NaN as Python reads it.
 * SPDX-License-Identifier: Apache-2.0 */
#define H5_USE_110_API /* the oldest interface that Debian 12 and newer both have */
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int items;

static void key(const char *group, const char *before, const char *name) {
    printf("%s\"%s%s%s\": ", items++ ? ", " : "", group, before, name);
}

static void put_text(const char *text, size_t size) {
    putchar('"');
    for (size_t i = 0; i < size && text[i]; i++)
        printf(text[i] == '"' || text[i] == '\\' ? "\\%c" : "%c", text[i]);
    putchar('"');
}

/* Elements in memory as this program reads them: whole numbers of 64 bits, doubles, or text. */
static hid_t memory_type(hid_t type) {
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        return H5Tcopy(H5Tget_sign(type) == H5T_SGN_NONE ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64);
    case H5T_FLOAT:
        return H5Tcopy(H5T_NATIVE_DOUBLE);
    default:
        return H5Tcopy(type);
    }
}

static void put_elements(hid_t type, const char *bytes, size_t n) {
    const size_t width = H5Tget_size(type);
    for (size_t i = 0; i < n; i++, bytes += width) {
        int64_t whole;
        double real;
        fputs(i ? ", " : "", stdout);
        memcpy(&whole, bytes, width < sizeof whole ? width : sizeof whole);
        memcpy(&real, &whole, sizeof real);
        if (H5Tget_class(type) == H5T_STRING)
            put_text(bytes, width);
        else if (H5Tget_class(type) == H5T_INTEGER)
            printf(H5Tget_sign(type) == H5T_SGN_NONE ? "%llu" : "%lld", (long long)whole);
        else if (real != real)
            printf("NaN");
        else
            printf("%.17g", real);
    }
}

static herr_t attribute(hid_t place, const char *name, const H5A_info_t *info, void *group) {
    const hid_t a = H5Aopen(place, name, H5P_DEFAULT), in_file = H5Aget_type(a),
                type = memory_type(in_file);
    char *bytes = calloc(1, H5Tget_size(type) + 8);
    const herr_t bad = bytes ? H5Aread(a, type, bytes) : -1;
    (void)info;
    if (bad >= 0) {
        key(group, "@", name);
        put_elements(type, bytes, 1);
    }
    free(bytes);
    H5Tclose(type);
    H5Tclose(in_file);
    H5Aclose(a);
    return bad < 0 ? -1 : 0;
}

static herr_t visit(hid_t root, const char *name, const H5O_info_t *info, void *unused) {
    hsize_t dims[8] = {0};
    (void)unused;
    if (info->type != H5O_TYPE_DATASET)
        return H5Aiterate_by_name(root, name, H5_INDEX_NAME, H5_ITER_INC, NULL, attribute,
                                  strcmp(name, ".") ? (void *)(uintptr_t)name : "", H5P_DEFAULT);
    const hid_t d = H5Dopen2(root, name, H5P_DEFAULT), space = H5Dget_space(d),
                in_file = H5Dget_type(d), type = memory_type(in_file);
    const int rank = H5Sget_simple_extent_dims(space, dims, NULL);
    const size_t n = (size_t)H5Sget_simple_extent_npoints(space);
    char *bytes = calloc(n + 1, H5Tget_size(type) + 8);
    const herr_t bad = bytes ? H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) : -1;
    key("", "", name);
    printf("{\"shape\": [");
    for (int k = 0; k < rank; k++)
        printf("%s%llu", k ? ", " : "", (unsigned long long)dims[k]);
    printf("], \"values\": [");
    if (bad >= 0)
        put_elements(type, bytes, n);
    printf("]}");
    free(bytes);
    H5Tclose(type);
    H5Tclose(in_file);
    H5Sclose(space);
    H5Dclose(d);
    return bad < 0 ? -1 : 0;
}

int main(int argc, char **argv) {
    const hid_t f = argc == 2 ? H5Fopen(argv[1], H5F_ACC_RDONLY, H5P_DEFAULT) : -1;
    putchar('{');
    if (f < 0 || H5Ovisit(f, H5_INDEX_NAME, H5_ITER_INC, visit, NULL) < 0) {
        fprintf(stderr, "h5json: %s cannot be read\n", argc == 2 ? argv[1] : "one file");
        return 1;
    }
    printf("}\n");
    return H5Fclose(f) < 0;
}
