/* Boards on USB: listing them, picking one by its serial number, claiming it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "transports/usb_find.h"

#include <stdio.h>
#include <string.h>
#include "transports/usb_ids.h"

static const char *speed_name(int speed) {
    switch (speed) {
    case LIBUSB_SPEED_LOW:
        return "low speed";
    case LIBUSB_SPEED_FULL:
        return "full speed";
    case LIBUSB_SPEED_HIGH:
        return "high speed";
    default:
        return speed == LIBUSB_SPEED_UNKNOWN ? "unknown speed" : "super speed";
    }
}

/* 0, or an error of libusb; an index of 0 is an empty string. */
static int read_string(libusb_device_handle *h, int index, char *to, size_t size) {
    const int n = index ? libusb_get_string_descriptor_ascii(h, (uint8_t)index, (unsigned char *)to,
                                                             (int)size)
                        : 0;
    if (n <= 0)
        to[0] = 0;
    return n < 0 ? n : 0;
}

/* 1 if the device is one of ours, or may be one but cannot be asked. */
static int look_at(libusb_device *d, struct glb_usb_board *b) {
    struct libusb_device_descriptor desc;
    libusb_device_handle *h;
    if (libusb_get_device_descriptor(d, &desc) || desc.idVendor != GLB_USB_VID ||
        desc.idProduct != GLB_USB_PID)
        return 0;
    *b = (struct glb_usb_board){.speed = speed_name(libusb_get_device_speed(d)),
                                .bus = libusb_get_bus_number(d),
                                .address = libusb_get_device_address(d),
                                .device = d};
    int e = libusb_open(d, &h);
    if (e) {
        snprintf(b->problem, sizeof b->problem, "%s",
                 e == LIBUSB_ERROR_ACCESS ? "no permission" : libusb_strerror(e));
        return 1;
    }
    e = read_string(h, desc.iProduct, b->product, sizeof b->product);
    if (!e && strcmp(b->product, GLB_USB_PRODUCT) == 0)
        e = read_string(h, desc.iSerialNumber, b->serial, sizeof b->serial);
    libusb_close(h);
    if (e)
        snprintf(b->problem, sizeof b->problem, "its name cannot be read (%s)",
                 libusb_error_name(e));
    return e || strcmp(b->product, GLB_USB_PRODUCT) == 0;
}

int glb_usb_find(libusb_context *ctx, struct glb_usb_board *boards) {
    libusb_device **list;
    const ssize_t total = libusb_get_device_list(ctx, &list);
    int n = 0;
    if (total < 0)
        return (int)total;
    for (ssize_t i = 0; i < total && n < GLB_USB_MAX_BOARDS; i++)
        if (look_at(list[i], &boards[n]))
            libusb_ref_device(boards[n++].device);
    libusb_free_device_list(list, 1);
    return n;
}

void glb_usb_free_boards(struct glb_usb_board *boards, int n) {
    for (int i = 0; i < n; i++)
        libusb_unref_device(boards[i].device);
}

static const char udev[] = "`make udev` installs the rule /etc/udev/rules.d/60-glauber.rules that "
                           "lets users open boards";

/* The board to open: the one with the serial number, or without one the only one that can be. */
static enum glb_status pick(const struct glb_usb_board *b, int n, const char *serial, int *at) {
    char known[512] = "";
    int usable = 0, problems = 0;
    size_t used = 0;
    *at = -1;
    for (int i = 0; i < n; i++) {
        if (serial ? strcmp(b[i].serial, serial) == 0 : !b[i].problem[0]) {
            *at = i;
            usable++;
        }
        problems += b[i].problem[0] != 0;
        if (used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s%s", i ? ", " : "",
                                     b[i].serial[0] ? b[i].serial : "one that cannot be opened: ",
                                     b[i].serial[0] ? "" : b[i].problem);
    }
    if (n == 0)
        return glb_fail(
            GLB_ERR_DEVICE,
            "no glauber board on USB (%04x:%04x); is it plugged in and is its bitstream "
            "loaded? The devices emu and sim need no board",
            GLB_USB_VID, GLB_USB_PID);
    if (usable == 1)
        return GLB_OK;
    if (usable > 1)
        return glb_fail(GLB_ERR_DEVICE,
                        "%d boards on USB match, with the serial numbers %s; name one: --device "
                        "usb:SERIAL",
                        usable, known);
    if (serial)
        return glb_fail(GLB_ERR_DEVICE,
                        "no board on USB has the serial number %s; there are: %s%s%s", serial,
                        known, problems ? "; " : "", problems ? udev : "");
    return glb_fail(GLB_ERR_DEVICE, "the board on USB bus %d, device %d cannot be opened: %s; %s",
                    b[0].bus, b[0].address, b[0].problem, udev);
}

static enum glb_status claim(libusb_device_handle *h, const char *described) {
    /* Claim first, so as not to disturb another program that uses the board. Setting the
     * configuration then resets the data toggles, the board's buffers and its array. */
    libusb_set_auto_detach_kernel_driver(h, 1);
    int e = libusb_claim_interface(h, GLB_USB_INTERFACE);
    if (e == LIBUSB_ERROR_NOT_FOUND) /* not configured yet */
        e = 0;
    else if (!e)
        e = libusb_release_interface(h, GLB_USB_INTERFACE);
    if (!e)
        e = libusb_set_configuration(h, GLB_USB_CONFIGURATION);
    if (!e)
        e = libusb_claim_interface(h, GLB_USB_INTERFACE);
    if (e == LIBUSB_ERROR_BUSY)
        return glb_fail(GLB_ERR_DEVICE, "%s is in use by another program", described);
    if (e)
        return glb_fail(GLB_ERR_DEVICE, "%s cannot be claimed: %s", described, libusb_strerror(e));
    return GLB_OK;
}

enum glb_status glb_usb_open(libusb_context *ctx, const char *serial, libusb_device_handle **out,
                             char *described, size_t size) {
    struct glb_usb_board boards[GLB_USB_MAX_BOARDS];
    int at;
    *out = NULL;
    const int n = glb_usb_find(ctx, boards);
    if (n < 0)
        return glb_fail(GLB_ERR_DEVICE, "USB devices cannot be listed: %s", libusb_strerror(n));
    enum glb_status s = pick(boards, n, serial, &at);
    if (!s) {
        const struct glb_usb_board *b = &boards[at];
        snprintf(described, size, "usb:%s %04x:%04x, bus %d, device %d, %s", b->serial, GLB_USB_VID,
                 GLB_USB_PID, b->bus, b->address, b->speed);
        const int e = libusb_open(b->device, out);
        s = e ? glb_fail(GLB_ERR_DEVICE, "%s cannot be opened: %s", described, libusb_strerror(e))
              : claim(*out, described);
    }
    if (s && *out) {
        libusb_close(*out);
        *out = NULL;
    }
    glb_usb_free_boards(boards, n);
    return s;
}
