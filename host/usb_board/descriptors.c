/* Descriptors of a board. SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/descriptors.h"

#include <string.h>
#include "transports/usb_ids.h"
#include "usb_board/device.h"

enum { EP0_PACKET = 64, MAX_POWER = 250 /* units of 2 mA */ };

#define LE16(x) (uint8_t)((x)&255), (uint8_t)((x) >> 8)

static int put(uint8_t *out, const uint8_t *from, int n) {
    memcpy(out, from, (size_t)n);
    return n;
}

static int device(uint8_t *out) {
    const uint8_t d[] = {18,
                         GLB_USB_DT_DEVICE,
                         LE16(0x0200),
                         0,
                         0,
                         0,
                         EP0_PACKET,
                         LE16(GLB_USB_VID),
                         LE16(GLB_USB_PID),
                         LE16(GLB_USB_RELEASE),
                         1,
                         2,
                         3,
                         1};
    return put(out, d, sizeof d);
}

static int qualifier(uint8_t *out) {
    const uint8_t d[] = {10, GLB_USB_DT_QUALIFIER, LE16(0x0200), 0, 0, 0, EP0_PACKET, 1, 0};
    return put(out, d, sizeof d);
}

static int configuration(uint8_t *out, int type, int packet) {
    const uint8_t d[] = {/* configuration */
                         9, (uint8_t)type, LE16(32), 1, GLB_USB_CONFIGURATION, 0, 0x80, MAX_POWER,
                         /* interface: vendor class, two endpoints */
                         9, 4, GLB_USB_INTERFACE, 0, 2, 0xff, 0xff, 0xff, 0,
                         /* bulk OUT and IN */
                         7, 5, GLB_USB_EP, 2, LE16(packet), 0, 7, 5, 0x80 | GLB_USB_EP, 2,
                         LE16(packet), 0};
    return put(out, d, sizeof d);
}

static int string(uint8_t *out, const char *text, int tail) {
    int n = 2;
    for (; *text && n < GLB_USB_DESCRIPTOR_MAX - 4; n += 2) {
        out[n] = (uint8_t)*text++;
        out[n + 1] = 0;
    }
    if (tail >= 0) {
        out[n++] = (uint8_t)tail;
        out[n++] = 0;
    }
    out[0] = (uint8_t)n;
    out[1] = GLB_USB_DT_STRING;
    return n;
}

int glb_usb_descriptor(int type, int index, int speed, const char *serial,
                       uint8_t out[GLB_USB_DESCRIPTOR_MAX]) {
    const uint8_t languages[] = {4, GLB_USB_DT_STRING, LE16(0x0409)};
    const int high = speed == GLB_USB_HIGH_SPEED;
    if (type == GLB_USB_DT_STRING)
        switch (index) {
        case 0:
            return put(out, languages, sizeof languages);
        case 1:
            return string(out, GLB_USB_MANUFACTURER, -1);
        case 2:
            return string(out, GLB_USB_PRODUCT, -1);
        case 3:
            return string(out, serial, -1);
        case 0xee:
            return string(out, "MSFT100", GLB_USB_MS_REQUEST);
        default:
            return -1;
        }
    if (index != 0)
        return -1;
    switch (type) {
    case GLB_USB_DT_DEVICE:
        return device(out);
    case GLB_USB_DT_CONFIGURATION:
        return configuration(out, type, high ? 512 : 64);
    case GLB_USB_DT_QUALIFIER: /* a device that has one speed only has none */
        return high ? qualifier(out) : -1;
    case GLB_USB_DT_OTHER_SPEED:
        return high ? configuration(out, type, 64) : -1;
    default:
        return -1;
    }
}

int glb_usb_ms_descriptor(int index, uint8_t out[GLB_USB_DESCRIPTOR_MAX]) {
    static const char guid_name[] = "DeviceInterfaceGUID",
                      guid[] = "{a6f1c8f2-0d5e-4b7c-9b1e-5d9f1e3c7a42}";
    memset(out, 0, GLB_USB_DESCRIPTOR_MAX);
    if (index == 4) { /* compatible id: header of 16, one section of 24 */
        const uint8_t d[] = {40, 0, 0, 0, LE16(0x0100), LE16(4), 1};
        put(out, d, sizeof d);
        out[16] = GLB_USB_INTERFACE;
        out[17] = 1;
        memcpy(out + 18, "WINUSB", 6);
        return 40;
    }
    if (index == 5) { /* extended properties: the GUID by which programs look for the board */
        const int name = 2 * (int)sizeof guid_name, data = 2 * (int)sizeof guid,
                  section = 14 + name + data, total = 10 + section;
        const uint8_t d[] = {LE16(total), 0, 0, LE16(0x0100), LE16(5), 1, 0, LE16(section), 0, 0, 1,
                             0,           0, 0, LE16(name)};
        int n = put(out, d, sizeof d);
        for (int i = 0; i < (int)sizeof guid_name; i++, n += 2)
            out[n] = (uint8_t)guid_name[i];
        out[n] = (uint8_t)data;
        n += 4;
        for (int i = 0; i < (int)sizeof guid; i++, n += 2)
            out[n] = (uint8_t)guid[i];
        return n;
    }
    return -1;
}
