/* glauber list, glauber usbip. SPDX-License-Identifier: Apache-2.0 */
#include "tool/cli.h"

#include <string.h>
#include <strings.h>
#include "tool/json.h"
#include "transports/usb_find.h"
#include "transports/usb_ids.h"
#include "usb_board/usbip_proto.h"
#include "usb_board/usbip_server.h"
#include "usb_board/device.h"

static const char list_help[] =
    "usage: glauber list [--json]\n\n"
    "Shows the boards on USB. A line is the name to give to --device, then where and what it is.\n";

static void print_board(const struct glb_usb_board *b, int json) {
    char name[80];
    snprintf(name, sizeof name, "usb:%.63s", b->serial[0] ? b->serial : "?");
    if (!json) {
        printf("%-24s bus %d, device %d, %s%s%s\n", name, b->bus, b->address, b->speed,
               b->problem[0] ? ": cannot be opened, " : "", b->problem);
        return;
    }
    struct glb_json j;
    glb_json_begin(&j, stdout);
    glb_json_text(&j, "device", name);
    glb_json_text(&j, "serial", b->serial);
    glb_json_text(&j, "product", b->product);
    glb_json_text(&j, "speed", b->speed);
    glb_json_int(&j, "bus", b->bus);
    glb_json_int(&j, "address", b->address);
    glb_json_text(&j, "problem", b->problem);
    glb_json_end(&j);
}

int glb_cmd_list(int argc, char **argv) {
    struct cli_options o;
    struct glb_usb_board boards[GLB_USB_MAX_BOARDS];
    libusb_context *ctx;
    const int bad = cli_parse(&o, argc, argv, "j", 0, list_help);
    if (bad)
        return bad - 1;
    int n = libusb_init(&ctx);
    if (!n) {
        n = glb_usb_find(ctx, boards);
        for (int i = 0; i < n; i++)
            print_board(&boards[i], o.json);
        if (n == 0 && !o.json)
            printf("no board on USB (%04x:%04x); the devices emu and sim need none\n", GLB_USB_VID,
                   GLB_USB_PID);
        glb_usb_free_boards(boards, n);
        libusb_exit(ctx);
    }
    if (n >= 0)
        return CLI_OK;
    glb_fail(GLB_ERR_DEVICE, "USB devices cannot be listed: %s", libusb_strerror(n));
    return cli_fail();
}

static const char usbip_help[] =
    "usage: glauber usbip [--device emu|sim] [--array NAME] [--serial TEXT] [--port N] "
    "[--full-speed]\n\n"
    "Serves a board on 127.0.0.1 that Linux attaches like one that is plugged in: the emulator "
    "behind a board's descriptors\n"
    "and endpoints (emu), or the gateware, simulated clock by clock and driven at its USB pins "
    "(sim; `make sim-usb` builds it).\n"
    "As root: modprobe vhci-hcd; usbip attach -r 127.0.0.1 -b 1-1. Ctrl-C unplugs it.\n";

int glb_cmd_usbip(int argc, char **argv) {
    struct cli_options o;
    struct glb_usb_device device;
    const int bad = cli_parse(&o, argc, argv, "daNPF", 0, usbip_help);
    if (bad)
        return bad - 1;
    cli_catch_signals();
    const int speed = o.full_speed ? GLB_USB_FULL_SPEED : GLB_USB_HIGH_SPEED;
    enum glb_status s =
        strcasecmp(o.device, "emu") == 0
            ? glb_usb_device_emu_open(o.array, o.serial, speed, &device)
        : strcasecmp(o.device, "sim") == 0
            ? glb_usb_device_sim_open(o.array, speed, &device)
            : glb_fail(GLB_ERR_ARGUMENT, "no device %s to serve; there are emu and sim", o.device);
    if (s)
        return cli_fail();
    printf("device     %s %s, %s speed%s%s\n", o.device, o.array, o.full_speed ? "full" : "high",
           strcasecmp(o.device, "emu") == 0 ? ", serial number " : "",
           strcasecmp(o.device, "emu") == 0 ? o.serial : "");
    s = glb_usbip_serve(&device, o.port, &cli_stop, stdout);
    device.close(device.self);
    return s ? cli_fail() : CLI_OK;
}
