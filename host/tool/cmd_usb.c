/* glauber list, glauber usbip. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include "tool/cli.h"
#include "tool/options/common.h"
#include "tool/output/json.h"
#include "transports/usb_find.h"
#include "transports/usb_ids.h"
#include "usb_board/usbip_proto.h"
#include "usb_board/usbip_server.h"
#include "usb_board/device.h"

static void print_board(const struct glb_usb_board *b, int json) {
    char name[80];
    snprintf(name, sizeof name, "usb:%.63s", b->serial[0] ? b->serial : "?");
    if (!json) {
        printf("%-24s bus %d, device %d, %s%s%s\n", name, b->bus, b->address, b->speed,
               b->problem[0] ? ": cannot be opened, " : "", b->problem);
        return;
    }
    struct json j;
    json_begin(&j, stdout);
    json_text(&j, "device", name);
    json_text(&j, "serial", b->serial);
    json_text(&j, "product", b->product);
    json_text(&j, "speed", b->speed);
    json_int(&j, "bus", b->bus);
    json_int(&j, "address", b->address);
    json_text(&j, "problem", b->problem);
    json_end(&j);
}

int cmd_list(int argc, char **argv) {
    int json;
    struct cli_option table[] = {{"json", CLI_FLAG, &json, NULL, 0, 0, NULL,
                                  .help = "print one JSON object a board", .group = "Options"}};
    struct cli_command c = {
        .name = "list",
        .about = "Lists the boards on USB: the name for --device, then location and speed. Boards\n"
                 "at serial ports cannot be listed; their name is uart:PATH[:BAUD].",
        .option = table,
        .options = 1};
    struct glb_usb_board boards[GLB_USB_MAX_BOARDS];
    libusb_context *ctx;
    const int bad = cli_parse(&c, argc, argv);
    if (bad)
        return bad - 1;
    int n = libusb_init(&ctx);
    if (!n) {
        n = glb_usb_find(ctx, boards);
        for (int i = 0; i < n; i++)
            print_board(&boards[i], json);
        if (n == 0 && !json)
            printf("no board on USB (%04x:%04x); boards at a serial port are not listed (--device "
                   "uart:PATH), the devices emu and sim need none\n",
                   GLB_USB_VID, GLB_USB_PID);
        glb_usb_free_boards(boards, n);
        libusb_exit(ctx);
    }
    if (n >= 0)
        return CLI_OK;
    glb_fail(GLB_ERR_DEVICE, "USB devices cannot be listed: %s", libusb_strerror(n));
    return cli_fail();
}

struct usbip_options {
    int device, port, full_speed;
    const char *array, *serial;
};
enum { SERVE_EMU, SERVE_SIM };
static const char *const served[] = {"emu", "sim", NULL};

static int parse_usbip(struct usbip_options *o, int argc, char **argv) {
    struct cli_option table[] = {
        {"device", CLI_CHOICE, &o->device, "NAME", 0, 0, "emu", .choices = served,
         .help = "emu: the emulator behind the descriptors and endpoints of a board; sim: the "
                 "gateware driven at its USB pins, built by `make sim-usb ARRAY=NAME`",
         .group = "Options"},
        {CLI_ROW_ARRAY(&o->array)},
        {"serial", CLI_TEXT, &o->serial, "TEXT", 0, 0, "emu1",
         .help = "serial number of the board (device emu; that of sim is built in)"},
        {"port", CLI_INT, &o->port, "N", 0, UINT16_MAX, "3240",
         .help = "TCP port on 127.0.0.1; 0 takes a free one"},
        {"full-speed", CLI_FLAG, &o->full_speed, NULL, 0, 0, NULL,
         .help = "a full-speed device instead of a high-speed one"},
    };
    struct cli_command c = {
        .name = "usbip",
        .about = "Serves a simulated board on 127.0.0.1 that Linux attaches like a real one. As\n"
                 "root: modprobe vhci-hcd; usbip attach -r 127.0.0.1 -b 1-1. Ctrl-C unplugs it.",
        .option = table,
        .options = sizeof table / sizeof table[0]};
    const int bad = cli_parse(&c, argc, argv);
    if (!bad && o->device == SERVE_SIM && cli_given(&c, "serial"))
        return 1 + cli_usage("usbip: --serial has no effect on the device sim, whose serial number "
                             "is built in; leave it out");
    return bad;
}

int cmd_usbip(int argc, char **argv) {
    struct usbip_options o = {0};
    struct glb_usb_device device;
    const int bad = parse_usbip(&o, argc, argv);
    if (bad)
        return bad - 1;
    cli_catch_signals();
    const int speed = o.full_speed ? GLB_USB_FULL_SPEED : GLB_USB_HIGH_SPEED;
    enum glb_status s = o.device == SERVE_EMU
                            ? glb_usb_device_emu_open(o.array, o.serial, speed, &device)
                            : glb_usb_device_sim_open(o.array, speed, &device);
    if (s)
        return cli_fail();
    printf("device     %s %s, %s speed%s%s\n", served[o.device], o.array,
           device.speed == GLB_USB_HIGH_SPEED ? "high" : "full",
           o.device == SERVE_EMU ? ", serial number " : "", o.device == SERVE_EMU ? o.serial : "");
    s = glb_usbip_serve(&device, o.port, &cli_stop, stdout);
    device.close(device.self);
    return s ? cli_fail() : CLI_OK;
}
