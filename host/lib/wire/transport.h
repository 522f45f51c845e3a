/* A byte stream to a device; transports/ has one for each kind of connection.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_TRANSPORT_H
#define GLB_WIRE_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

struct glb_transport {
    /* Moves up to n_out bytes to and up to n_in bytes from the device, advancing it while there is
     * nothing to do (a simulator clocks, a driver waits). Returns as soon as bytes have moved: how
     * many is in *done_out and *done_in. Both are 0 only after the transport's own time limit,
     * which a signal does not shorten, or when a simulated device is idle and has nothing to send.
     */
    enum glb_status (*exchange)(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                uint8_t *in, size_t n_in, size_t *done_in);
    void (*close)(void *self);
    const char *(*describe)(
        void *self); /* "sim ulx3s-85", "emu tiny", "usb:GLB0001 1209:0001 .." */
    void *self;
    /* Bytes of commands that may be on their way without replies; 0: any number, the transport
     * waits when the device does. A serial line cannot (docs/design/boards.md). */
    size_t window;
    /* FST waveform of everything from here on to path, NULL ends it; a null pointer for devices
     * that have none. */
    enum glb_status (*trace)(void *self, const char *path);
    /* Resets a device that does not answer and drops what is on its way; a null pointer where the
     * line has no way to. */
    enum glb_status (*reset)(void *self);
};

/* Resynchronises with a board left busy by a previous session: completes a half-sent frame, aborts
 * its jobs, discards pending output. A board that stays silent is reset once, where the transport
 * can do that. GLB_ERR_DEVICE if the board does not answer (resync.c). */
enum glb_status glb_transport_resync(const struct glb_transport *t);

#endif
