/* Building and checking packets. SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/packet.h"

#include <string.h>

static int crc5(int value) { /* of 11 bits */
    int crc = 0x1f;
    for (int i = 0; i < 11; i++) {
        const int bit = (value >> i ^ crc) & 1;
        crc = crc >> 1 ^ (bit ? 0x14 : 0);
    }
    return ~crc & 0x1f;
}

static int crc16(const uint8_t *b, int n) {
    unsigned crc = 0xffff;
    for (int i = 0; i < n; i++) {
        crc ^= b[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xa001 : 0);
    }
    return (int)(~crc & 0xffff);
}

static int put_token(uint8_t out[3], int pid, int value) { /* value: 11 bits */
    const int word = value | crc5(value) << 11;
    out[0] = glb_usb_pid_byte(pid);
    out[1] = (uint8_t)word;
    out[2] = (uint8_t)(word >> 8);
    return 3;
}

int glb_usb_token(uint8_t out[3], int pid, int address, int endpoint) {
    return put_token(out, pid, address | endpoint << 7);
}

int glb_usb_start_of_frame(uint8_t out[3], int number) {
    return put_token(out, GLB_PID_SOF, number & 0x7ff);
}

int glb_usb_data(uint8_t *out, int pid, const uint8_t *bytes, int n) {
    out[0] = glb_usb_pid_byte(pid);
    if (n)
        memcpy(out + 1, bytes, (size_t)n);
    const int crc = crc16(out + 1, n);
    out[n + 1] = (uint8_t)crc;
    out[n + 2] = (uint8_t)(crc >> 8);
    return n + 3;
}

int glb_usb_data_intact(const uint8_t *in, int n) {
    return n >= 3 &&
           (in[0] == glb_usb_pid_byte(GLB_PID_DATA0) || in[0] == glb_usb_pid_byte(GLB_PID_DATA1)) &&
           crc16(in + 1, n - 3) == (in[n - 2] | in[n - 1] << 8);
}
