/* Writes the descriptors as a SystemVerilog include file for fpga/usb/glb_usb_requests.sv, from the
 * same code that the emulated board uses. Usage: usb_rom SERIAL high|full.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include "usb_board/descriptors.h"
#include "usb_board/device.h"

enum { ROM_BYTES = 512, ENTRIES = 20, MS_TYPE = 0xf0, ANY_SPEED = 0 };

static struct { int speed, type, index, at, length; } entry[ENTRIES];
static uint8_t rom[ROM_BYTES];
static int used, entries, bad;

static void add(int speed, int type, int index, const uint8_t *bytes, int length) {
    if (length < 0 || used + length > ROM_BYTES || entries == ENTRIES) {
        bad = 1;
        return;
    }
    memcpy(rom + used, bytes, (size_t)length);
    entry[entries].speed = speed;
    entry[entries].type = type;
    entry[entries].index = index;
    entry[entries].at = used;
    entry[entries++].length = length;
    used += length;
}

static void add_descriptor(int when, int type, int index, int speed, const char *serial) {
    uint8_t d[GLB_USB_DESCRIPTOR_MAX];
    add(when, type, index, d, glb_usb_descriptor(type, index, speed, serial, d));
}

/* The other speed's configuration: the same bytes under another type. */
static void add_other(int when, int speed, const char *serial) {
    uint8_t d[GLB_USB_DESCRIPTOR_MAX];
    const int n = glb_usb_descriptor(GLB_USB_DT_CONFIGURATION, 0, speed, serial, d);
    d[1] = GLB_USB_DT_OTHER_SPEED;
    add(when, GLB_USB_DT_OTHER_SPEED, 0, d, n);
}

int main(int argc, char **argv) {
    uint8_t d[GLB_USB_DESCRIPTOR_MAX];
    if (argc != 3 || strlen(argv[1]) > 31 ||
        (strcmp(argv[2], "high") != 0 && strcmp(argv[2], "full") != 0)) {
        fprintf(stderr, "usage: usb_rom SERIAL high|full (at most 31 characters)\n");
        return 2;
    }
    const char *serial = argv[1];
    const int high = strcmp(argv[2], "high") == 0, hs = GLB_USB_HIGH_SPEED, fs = GLB_USB_FULL_SPEED;
    add_descriptor(ANY_SPEED, GLB_USB_DT_DEVICE, 0, hs, serial);
    add_descriptor(fs, GLB_USB_DT_CONFIGURATION, 0, fs, serial);
    if (high) {
        add_descriptor(hs, GLB_USB_DT_CONFIGURATION, 0, hs, serial);
        add_descriptor(ANY_SPEED, GLB_USB_DT_QUALIFIER, 0, hs, serial);
        add_other(hs, fs, serial);
        add_other(fs, hs, serial);
    }
    for (int i = 0; i < 4; i++)
        add_descriptor(ANY_SPEED, GLB_USB_DT_STRING, i, hs, serial);
    add_descriptor(ANY_SPEED, GLB_USB_DT_STRING, 0xee, hs, serial);
    for (int i = 4; i <= 5; i++)
        add(ANY_SPEED, MS_TYPE, i, d, glb_usb_ms_descriptor(i, d));
    if (bad) {
        fprintf(stderr, "usb_rom: the descriptors do not fit %d bytes\n", ROM_BYTES);
        return 1;
    }
    printf(
        "// Descriptors of a board with the serial number %s. Made by tools/usb_rom: do not edit.\n"
        "// SPDX-License-Identifier: Apache-2.0\n"
        "// {found, first byte, bytes} of a descriptor; type 0xf0: Microsoft's.\n"
        "function automatic [18:0] descriptor(input d_high, input [7:0] d_kind, input [7:0] "
        "d_index);\n"
        "  casez ({d_high, d_kind, d_index})\n",
        serial);
    for (int i = 0; i < entries; i++)
        printf("    {1'b%s, 8'h%02x, 8'h%02x}: descriptor = {1'b1, 9'd%d, 9'd%d};\n",
               entry[i].speed == ANY_SPEED ? "?"
               : entry[i].speed == hs      ? "1"
                                           : "0",
               entry[i].type, entry[i].index, entry[i].at, entry[i].length);
    printf("    default: descriptor = 19'd0;\n  endcase\nendfunction\n\ninitial begin\n");
    for (int i = 0; i < ROM_BYTES; i++)
        printf("  rom[%d] = 8'h%02x;\n", i, rom[i]);
    printf("end\n");
    return 0;
}
