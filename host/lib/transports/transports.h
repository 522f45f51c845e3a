/* The kinds of connection to a device. A new one is a file with an open function, its prototype
 * here, and a row of the table in transports.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TRANSPORTS_TRANSPORTS_H
#define GLB_TRANSPORTS_TRANSPORTS_H

#include "wire/transport.h"

/* Opens a device; `array` is the name of the array that it should hold, `argument` what follows
 * NAME: in --device NAME:ARGUMENT, or NULL. *out is to be closed with its close(). */
typedef enum glb_status (*glb_transport_open_fn)(const char *array, const char *argument,
                                                 struct glb_transport *out);

/* A device that is there. Valid during the call. */
struct glb_found_device {
    const char *name;    /* what --device takes */
    const char *array;   /* NULL: not known without opening it */
    const char *serial;  /* NULL: none, or not readable */
    const char *about;   /* in words */
    const char *problem; /* why it cannot be opened, or "" */
};
/* An error ends the search. */
typedef enum glb_status (*glb_found_fn)(void *user, const struct glb_found_device *found);
typedef enum glb_status (*glb_transport_list_fn)(glb_found_fn fn, void *user);

enum glb_transport_argument { GLB_ARGUMENT_NONE, GLB_ARGUMENT_OPTIONAL, GLB_ARGUMENT_NEEDED };

struct glb_transport_kind {
    const char *name; /* in --device NAME or NAME:ARGUMENT; upper and lower case are the same */
    enum glb_transport_argument argument;
    const char *forms; /* how a device of this kind is named, for messages */
    int outlives_us;   /* a board that a previous session may have left busy: resynchronise */
    glb_transport_open_fn open;
    glb_transport_list_fn list; /* NULL: devices of this kind are not searched for */
};

/* The kind that a device's name selects; *argument points behind its colon or is NULL. NULL, and
 * no message, if there is none. */
const struct glb_transport_kind *glb_transport_find(const char *device, const char **argument);

/* Writes the forms of all kinds for messages: "sim, emu-port, ... and uart:/dev/NAME". */
void glb_transport_forms(char *to, size_t size);

/* Names the devices of all kinds that can be searched for. */
enum glb_status glb_transport_list(glb_found_fn fn, void *user);

/* The emulated board behind the byte protocol: parses frames exactly like rtl/glb_host_port.sv. */
enum glb_status glb_emu_port_open(const char *array, const char *argument,
                                  struct glb_transport *out);
/* The Verilated RTL, loaded at run time from the shared object that `make sim` builds for the
 * array. */
enum glb_status glb_sim_transport_open(const char *array, const char *argument,
                                       struct glb_transport *out);
enum glb_status glb_sim_transport_list(glb_found_fn fn, void *user);
/* A board on USB; argument: its serial number, NULL: the only board there is. */
enum glb_status glb_usb_transport_open(const char *array, const char *argument,
                                       struct glb_transport *out);
enum glb_status glb_usb_transport_list(glb_found_fn fn, void *user);
/* A board at a serial port; argument: /dev/NAME or /dev/NAME:BAUD. */
enum glb_status glb_uart_transport_open(const char *array, const char *argument,
                                        struct glb_transport *out);

#endif
