/* Changes of one item of an HDF5 file, selected by a fuzzer's input.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_HDF5_CHANGES_H
#define GLB_HDF5_CHANGES_H

#include <hdf5.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ELEMENTS = 1 << 12 };

/* An attribute or dataset of a file. */
struct item {
    char group[16], name[32];
    int attribute;
};
/* What is left of the input. */
struct input {
    const uint8_t *data;
    size_t size;
};

static unsigned byte(struct input *in) {
    if (in->size == 0)
        return 0;
    in->size--;
    return *in->data++;
}

static void bytes(struct input *in, void *to, size_t n) {
    const size_t have = n < in->size ? n : in->size;
    memset(to, 0, n);
    memcpy(to, in->data, have);
    in->data += have;
    in->size -= have;
}

/* Number or floating-point value of the type's size: a telling one or any bits. */
static void value(struct input *in, hid_t type, void *to) {
    static const double telling[] = {0,    1,       -1,       2,         3,   1e-300, 1e300,
                                     -1e9, 1 << 24, INFINITY, -INFINITY, NAN, 1e-6,   65535};
    static const int64_t whole[] = {0,   1,     -1,    2,     16,        INT32_MAX, INT32_MIN,
                                    255, 65536, 32767, 32768, INT64_MAX, INT64_MIN, 1 << 20};
    const size_t n = H5Tget_size(type);
    const unsigned which = byte(in);
    uint8_t buffer[64] = {0};
    if (which < 14 && n <= 8) {
        if (H5Tget_class(type) == H5T_FLOAT) {
            memcpy(buffer, &telling[which], sizeof(double));
            H5Tconvert(H5T_NATIVE_DOUBLE, type, 1, buffer, NULL, H5P_DEFAULT);
        } else {
            memcpy(buffer, &whole[which], sizeof(int64_t)); /* the low bytes, not the limit */
        }
        memcpy(to, buffer, n);
    } else {
        bytes(in, to, n);
    }
}

static void write_item(const struct item *i, hid_t d, hid_t type, const void *data) {
    if (i->attribute)
        H5Awrite(d, type, data);
    else
        H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
}

static void close_item(const struct item *i, hid_t d) {
    if (i->attribute)
        H5Aclose(d);
    else
        H5Dclose(d);
}

/* Overwrites some elements of an item that holds plain numbers or text. */
static void change_values(struct input *in, hid_t at, const struct item *i) {
    const hid_t d =
        i->attribute ? H5Aopen(at, i->name, H5P_DEFAULT) : H5Dopen2(at, i->name, H5P_DEFAULT);
    if (d < 0)
        return;
    const hid_t type = i->attribute ? H5Aget_type(d) : H5Dget_type(d);
    const hid_t space = i->attribute ? H5Aget_space(d) : H5Dget_space(d);
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    const size_t size = H5Tget_size(type);
    const H5T_class_t class = H5Tget_class(type);
    const int plain = class == H5T_INTEGER || class == H5T_FLOAT ||
                      (class == H5T_STRING && H5Tis_variable_str(type) == 0);
    if (plain && count > 0 && count < 1 << 20) {
        uint8_t *data = calloc((size_t)count, size);
        const herr_t got = i->attribute ? H5Aread(d, type, data)
                                        : H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
        const unsigned changes = 1 + (byte(in) & 3);
        for (unsigned k = 0; got >= 0 && k < changes; k++) {
            uint16_t where;
            bytes(in, &where, sizeof where);
            uint8_t *to = data + (size_t)where % (size_t)count * size;
            if (class == H5T_STRING)
                bytes(in, to, size);
            else
                value(in, type, to);
        }
        write_item(i, d, type, data);
        free(data);
    }
    H5Sclose(space);
    H5Tclose(type);
    close_item(i, d);
}

static void erase(hid_t at, const struct item *i) {
    if (i->attribute)
        H5Adelete(at, i->name);
    else
        H5Ldelete(at, i->name, H5P_DEFAULT);
}

static hid_t any_type(unsigned which) {
    const hid_t plain[] = {H5T_STD_I8LE,  H5T_STD_U8LE,  H5T_STD_I16BE,  H5T_STD_I32LE,
                           H5T_STD_I64LE, H5T_STD_U64BE, H5T_IEEE_F32LE, H5T_IEEE_F64LE};
    hid_t t;
    which %= 14;
    if (which < 8)
        return H5Tcopy(plain[which]);
    switch (which) {
    case 8:
        t = H5Tcopy(H5T_C_S1);
        H5Tset_size(t, H5T_VARIABLE);
        return t;
    case 9:
        t = H5Tcopy(H5T_C_S1);
        H5Tset_size(t, 40);
        H5Tset_strpad(t, H5T_STR_SPACEPAD);
        return t;
    case 10:
        t = H5Tcreate(H5T_COMPOUND, 8);
        H5Tinsert(t, "a", 0, H5T_STD_I32LE);
        H5Tinsert(t, "b", 4, H5T_IEEE_F32LE);
        return t;
    case 11:
        return H5Tcreate(H5T_OPAQUE, 8);
    case 12:
        return H5Tvlen_create(H5T_STD_I32LE);
    default:
        t = H5Tenum_create(H5T_STD_I32LE);
        const int v = 3;
        H5Tenum_insert(t, "three", &v);
        return t;
    }
}

/* An item of another type or size in the place of this one. */
static void change_type(struct input *in, hid_t at, const struct item *i) {
    const hid_t type = any_type(byte(in));
    const unsigned rank = byte(in) % 5;
    hsize_t dims[3] = {1, 1, 1};
    size_t count = 1;
    for (unsigned k = 0; k < rank && k < 3; k++) {
        uint16_t n;
        bytes(in, &n, sizeof n);
        dims[k] = n % (k == 0 ? MAX_ELEMENTS : 4);
        count *= dims[k];
    }
    const hid_t space = rank == 0   ? H5Screate(H5S_SCALAR)
                        : rank == 4 ? H5Screate(H5S_NULL)
                                    : H5Screate_simple((int)rank, dims, NULL);
    erase(at, i);
    const hid_t d =
        i->attribute ? H5Acreate2(at, i->name, type, space, H5P_DEFAULT, H5P_DEFAULT)
                     : H5Dcreate2(at, i->name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const H5T_class_t class = H5Tget_class(type);
    if (d >= 0 && (class == H5T_INTEGER || class == H5T_FLOAT)) {
        const size_t size = H5Tget_size(type);
        uint8_t *data = calloc(count + 1, size);
        value(in, type, data);
        for (size_t k = 1; k < count; k++)
            memcpy(data + k * size, data, size);
        write_item(i, d, type, data);
        free(data);
    }
    if (d >= 0)
        close_item(i, d);
    H5Sclose(space);
    H5Tclose(type);
}

/* A group, or a link to nowhere, itself or the root, in the place of a dataset. */
static void change_link(struct input *in, hid_t at, const struct item *i) {
    const unsigned how = byte(in) & 3;
    erase(at, i);
    if (how == 0)
        H5Gclose(H5Gcreate2(at, i->name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    else if (how == 1)
        H5Lcreate_soft("nowhere", at, i->name, H5P_DEFAULT, H5P_DEFAULT);
    else if (how == 2)
        H5Lcreate_soft(i->name, at, i->name, H5P_DEFAULT, H5P_DEFAULT);
    else
        H5Lcreate_hard(at, "/", at, i->name, H5P_DEFAULT, H5P_DEFAULT);
}

#endif
