/* Packets of USB 2.0: PIDs, tokens, data, CRCs. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_PACKET_H
#define GLB_USB_BOARD_PACKET_H

#include <stdint.h>

enum {
    GLB_PID_OUT = 0x1,
    GLB_PID_IN = 0x9,
    GLB_PID_SOF = 0x5,
    GLB_PID_SETUP = 0xd,
    GLB_PID_DATA0 = 0x3,
    GLB_PID_DATA1 = 0xb,
    GLB_PID_ACK = 0x2,
    GLB_PID_NAK = 0xa,
    GLB_PID_STALL = 0xe,
    GLB_PID_NYET = 0x6,
    GLB_PID_PING = 0x4
};

/* A PID's byte: the four bits and their complement. */
static inline uint8_t glb_usb_pid_byte(int pid) {
    return (uint8_t)(pid | (~pid & 15) << 4);
}

/* Build packets; their length: 3, or n + 3. */
int glb_usb_token(uint8_t out[3], int pid, int address, int endpoint);
int glb_usb_start_of_frame(uint8_t out[3], int number);
int glb_usb_data(uint8_t *out, int pid, const uint8_t *bytes, int n);

/* 1 if n bytes are a data packet with the right CRC. */
int glb_usb_data_intact(const uint8_t *in, int n);

#endif
