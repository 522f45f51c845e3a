/* Byte streams to a device: the simulator, the emulator's port, USB, UART.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_TRANSPORT_H
#define GLB_WIRE_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

struct glb_transport {
    /* Moves up to n_out bytes to and up to n_in bytes from the device, advancing it while there is
     * nothing to do (a simulator clocks, a driver waits). Returns with *done_out, *done_in; both 0
     * only after its own time limit or when the device is idle and has nothing to say. */
    enum glb_status (*exchange)(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in);
    void (*close)(void *self);
    const char *(*describe)(void *self); /* "sim ulx3s-85", "emu", "usb 1209:.. serial .." */
    void *self;
    /* Bytes of commands that may be on their way without replies; 0: any number, the transport
     * waits when the device does. A serial line cannot (docs/design/boards.md). */
    size_t window;
};

/* The emulator's reference behind the byte protocol (emu_port.c): parses frames exactly like
 * rtl/glb_host_port.sv. */
enum glb_status glb_emu_port_open(const char *array_name, struct glb_transport *out);
/* The Verilated RTL, loaded at run time from the shared object that `make sim` builds for the array
 * (sim_transport.c). */
enum glb_status glb_sim_transport_open(const char *array_name, const char *trace_path,
                                       struct glb_transport *out);
/* A board on USB by its serial number; NULL: the only one there is (usb_transport.c). */
enum glb_status glb_usb_transport_open(const char *serial, struct glb_transport *out);
/* A board at a serial port: "/dev/ttyUSB0" or "/dev/ttyUSB0:BAUD" (uart_transport.c). */
enum { GLB_UART_BAUD = 3000000, GLB_UART_WINDOW = 2047 };
enum glb_status glb_uart_transport_open(const char *where, struct glb_transport *out);

/* After an earlier user: ends the frame he may have left half sent, aborts his jobs and throws away
 * what the board still had to say (transport_resync.c). */
enum glb_status glb_transport_resync(const struct glb_transport *t);

#endif
