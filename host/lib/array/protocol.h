/* The wire protocol's numbers (docs/design/array.md, sections 5 to 8). rtl/ keeps the same numbers
 * in glb_proto.svh; tests/ checks that both agree. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_PROTOCOL_H
#define GLB_ARRAY_PROTOCOL_H

#define GLB_PROTO_VERSION 2
#define GLB_PROTO_MAGIC 0x52424c47u /* "GLBR" */
#define GLB_SYNC_HOST 0xA5          /* first byte of a frame to the device */
#define GLB_SYNC_DEVICE 0x5A        /* first byte of a frame from the device */
#define GLB_MAX_PAYLOAD 1024        /* bytes, towards the device */
#define GLB_HEADER_BYTES 6
#define GLB_CRC_BYTES 4
#define GLB_RUN_BYTES 48
#define GLB_WRITE_HEAD_BYTES 4 /* of WRITE before its items */
#define GLB_IDENT_BYTES 32
#define GLB_STATUS_BYTES 20
#define GLB_DONE_BYTES 40
#define GLB_JOB_SLOTS 4 /* jobs that a device takes: one runs, the others wait */

enum glb_cmd {
    GLB_CMD_IDENT = 1,
    GLB_CMD_STATUS = 2,
    GLB_CMD_WRITE = 3,
    GLB_CMD_RUN = 4,
    GLB_CMD_ABORT = 5,
    GLB_TYPE_DATA = 0x40,
    GLB_TYPE_DONE = 0x41,
    GLB_TYPE_REPLY = 0x80
};

enum glb_target {
    GLB_TARGET_SCHED,
    GLB_TARGET_NET,
    GLB_TARGET_COUPLING,
    GLB_TARGET_STATE,
    GLB_TARGET_SEG,
    GLB_TARGET_BETA,
    GLB_TARGET_RUNS,
    GLB_TARGET_STATES, /* states by the list of runs: tokens, no items */
    GLB_TARGETS
}; /* their sizes: target.h */

enum glb_wire_status {
    GLB_WIRE_OK,
    GLB_WIRE_BAD_CRC,
    GLB_WIRE_BAD_LENGTH,
    GLB_WIRE_BAD_COMMAND,
    GLB_WIRE_BAD_TARGET,
    GLB_WIRE_BAD_RANGE,
    GLB_WIRE_BUSY,
    GLB_WIRE_BAD_PARAM,
    GLB_WIRE_ABORTED
};

#endif
