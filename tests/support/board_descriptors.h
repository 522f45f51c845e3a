/* The descriptors of a board with the serial number GLB0001, byte by byte as USB 2.0, chapter 9,
 * and Microsoft's OS descriptors 1.0 have them: written down here, not computed by what is tested.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SUPPORT_BOARD_DESCRIPTORS_H
#define TESTS_SUPPORT_BOARD_DESCRIPTORS_H

#include <stddef.h>
#include <stdint.h>

static const uint8_t descriptor_device[] = {
    18,         /* bLength */
    1,          /* bDescriptorType: DEVICE */
    0x00, 0x02, /* bcdUSB 2.00 */
    0,          /* bDeviceClass: each interface has its own */
    0,          /* bDeviceSubClass */
    0,          /* bDeviceProtocol */
    64,         /* bMaxPacketSize0 */
    0x09, 0x12, /* idVendor 0x1209 */
    0x01, 0x00, /* idProduct 0x0001 */
    0x00, 0x01, /* bcdDevice 1.00 */
    1,          /* iManufacturer */
    2,          /* iProduct */
    3,          /* iSerialNumber */
    1,          /* bNumConfigurations */
};

static const uint8_t descriptor_qualifier[] = {
    10,         /* bLength */
    6,          /* bDescriptorType: DEVICE_QUALIFIER */
    0x00, 0x02, /* bcdUSB 2.00 */
    0,          /* bDeviceClass */
    0,          /* bDeviceSubClass */
    0,          /* bDeviceProtocol */
    64,         /* bMaxPacketSize0 */
    1,          /* bNumConfigurations */
    0,          /* bReserved */
};

#define DESCRIPTOR_CONFIGURATION(type, packet_low, packet_high)                                    \
    {                                                                                              \
        9,         /* bLength */                                                                   \
            type,  /* bDescriptorType: CONFIGURATION or OTHER_SPEED_CONFIGURATION */               \
            32, 0, /* wTotalLength */                                                              \
            1,     /* bNumInterfaces */                                                            \
            1,     /* bConfigurationValue */                                                       \
            0,     /* iConfiguration */                                                            \
            0x80,  /* bmAttributes: powered by the bus, no remote wake-up */                       \
            250,   /* bMaxPower: 500 mA */                                                         \
            9,     /* bLength */                                                                   \
            4,     /* bDescriptorType: INTERFACE */                                                \
            0,     /* bInterfaceNumber */                                                          \
            0,     /* bAlternateSetting */                                                         \
            2,     /* bNumEndpoints */                                                             \
            0xff,  /* bInterfaceClass: vendor */                                                   \
            0xff,  /* bInterfaceSubClass */                                                        \
            0xff,  /* bInterfaceProtocol */                                                        \
            0,     /* iInterface */                                                                \
            7,     /* bLength */                                                                   \
            5,     /* bDescriptorType: ENDPOINT */                                                 \
            0x01,  /* bEndpointAddress: 1, OUT */                                                  \
            2,     /* bmAttributes: bulk */                                                        \
            packet_low, packet_high, /* wMaxPacketSize */                                          \
            0,                       /* bInterval */                                               \
            7,                       /* bLength */                                                 \
            5,                       /* bDescriptorType: ENDPOINT */                               \
            0x81,                    /* bEndpointAddress: 1, IN */                                 \
            2,                       /* bmAttributes: bulk */                                      \
            packet_low, packet_high, /* wMaxPacketSize */                                          \
            0,                       /* bInterval */                                               \
    }
static const uint8_t descriptor_high[] = DESCRIPTOR_CONFIGURATION(2, 0x00, 0x02),
                     descriptor_full[] = DESCRIPTOR_CONFIGURATION(2, 0x40, 0x00),
                     descriptor_other_high[] = DESCRIPTOR_CONFIGURATION(7, 0x00, 0x02),
                     descriptor_other_full[] = DESCRIPTOR_CONFIGURATION(7, 0x40, 0x00);
#undef DESCRIPTOR_CONFIGURATION

/* Strings: bLength, bDescriptorType 3, then UTF-16 in little endian; number 0 has languages. */
static const uint8_t
    descriptor_languages[] = {4, 3, 0x09, 0x04}, /* English, United States */
    descriptor_maker[] = {16, 3, 'g', 0, 'l', 0, 'a', 0, 'u', 0, 'b', 0, 'e', 0, 'r', 0},
    descriptor_product[] = {40,  3, 'g', 0, 'l', 0, 'a', 0, 'u', 0, 'b', 0, 'e', 0,
                            'r', 0, ' ', 0, 'p', 0, '-', 0, 'b', 0, 'i', 0, 't', 0,
                            ' ', 0, 'a', 0, 'r', 0, 'r', 0, 'a', 0, 'y', 0},
    descriptor_serial[] = {16, 3, 'G', 0, 'L', 0, 'B', 0, '0', 0, '0', 0, '0', 0, '1', 0},
    descriptor_ms_string[] = {
        18, 3, 'M', 0, 'S', 0, 'F', 0, 'T', 0, '1', 0, '0', 0, '0', 0, 0x4d /* request */, 0};

/* Microsoft's, by the vendor request 0x4d: wIndex 4, 5. */
static const uint8_t descriptor_ms_compatible[] = {
    40,  0,   0,   0,                   /* dwLength */
    0,   1,                             /* bcdVersion 1.00 */
    4,   0,                             /* wIndex */
    1,                                  /* bCount: sections */
    0,   0,   0,   0,   0,   0,   0,    /* reserved */
    0,                                  /* bFirstInterfaceNumber */
    1,                                  /* reserved, 1 */
    'W', 'I', 'N', 'U', 'S', 'B', 0, 0, /* compatibleID */
    0,   0,   0,   0,   0,   0,   0, 0, /* subCompatibleID */
    0,   0,   0,   0,   0,   0,         /* reserved */
};
static const uint8_t descriptor_ms_properties[] =
    {
        142, 0, 0,   0, /* dwLength */
        0,   1,         /* bcdVersion 1.00 */
        5,   0,         /* wIndex */
        1,   0,         /* wCount: sections */
        132, 0, 0,   0, /* dwSize of the section */
        1,   0, 0,   0, /* dwPropertyDataType: text */
        40,  0,         /* wPropertyNameLength */
        'D', 0, 'e', 0, 'v', 0, 'i', 0, 'c', 0, 'e', 0, 'I', 0, 'n', 0, 't', 0, 'e', 0,
        'r', 0, 'f', 0, 'a', 0, 'c', 0, 'e', 0, 'G', 0, 'U', 0, 'I', 0, 'D', 0, 0,   0,
        78,  0, 0,   0, /* dwPropertyDataLength */
        '{', 0, 'a', 0, '6', 0, 'f', 0, '1', 0, 'c', 0, '8', 0, 'f', 0, '2', 0, '-', 0,
        '0', 0, 'd', 0, '5', 0, 'e', 0, '-', 0, '4', 0, 'b', 0, '7', 0, 'c', 0, '-', 0,
        '9', 0, 'b', 0, '1', 0, 'e', 0, '-', 0, '5', 0, 'd', 0, '9', 0, 'f', 0, '1', 0,
        'e', 0, '3', 0, 'c', 0, '7', 0, 'a', 0, '4', 0, '2', 0, '}', 0, 0,   0,
};

/* A request for each of them: bmRequestType 0x80 GET_DESCRIPTOR of wValue, or 0xc0 0x4d of wIndex.
 * NULL bytes: the request must stall. */
struct board_descriptor {
    int type, request, value, index;
    const uint8_t *bytes;
    int length;
};

/* What a board that runs at a speed gives; two_speeds: it has the other speed too. Their number. */
static inline int board_descriptors(int high, int two_speeds, struct board_descriptor out[16]) {
#define OF(bytes) bytes, (int)sizeof bytes
    const struct board_descriptor all[] = {
        {0x80, 6, 0x0100, 0, OF(descriptor_device)},
        {0x80, 6, 0x0200, 0, OF(descriptor_full)},
        {0x80, 6, 0x0300, 0, OF(descriptor_languages)},
        {0x80, 6, 0x0301, 0x409, OF(descriptor_maker)},
        {0x80, 6, 0x0302, 0x409, OF(descriptor_product)},
        {0x80, 6, 0x0303, 0x409, OF(descriptor_serial)},
        {0x80, 6, 0x03ee, 0, OF(descriptor_ms_string)},
        {0xc0, 0x4d, 0, 4, OF(descriptor_ms_compatible)},
        {0xc0, 0x4d, 0, 5, OF(descriptor_ms_properties)},
        {0x80, 6, 0x0101, 0, NULL, 0},
        {0x80, 6, 0x0201, 0, NULL, 0},
        {0x80, 6, 0x0304, 0x409, NULL, 0},
        {0x80, 6, 0x0f00, 0, NULL, 0}, /* BOS: not before USB 2.01 */
        {0xc0, 0x4d, 0, 6, NULL, 0},
        {0x80, 6, 0x0600, 0, NULL, 0},
        {0x80, 6, 0x0700, 0, NULL, 0},
    };
    const int n = (int)(sizeof all / sizeof all[0]);
    for (int i = 0; i < n; i++)
        out[i] = all[i];
    if (high)
        out[1] = (struct board_descriptor){0x80, 6, 0x0200, 0, OF(descriptor_high)};
    if (two_speeds) {
        out[n - 2] = (struct board_descriptor){0x80, 6, 0x0600, 0, OF(descriptor_qualifier)};
        out[n - 1] = high
                         ? (struct board_descriptor){0x80, 6, 0x0700, 0, OF(descriptor_other_full)}
                         : (struct board_descriptor){0x80, 6, 0x0700, 0, OF(descriptor_other_high)};
    }
    return n;
#undef OF
}

#endif
