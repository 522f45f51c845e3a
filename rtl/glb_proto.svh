// The wire protocol's numbers (docs/design/array.md, sections 5 to 8); host/lib/array/protocol.h keeps the same ones.
// SPDX-License-Identifier: Apache-2.0
`ifndef GLB_PROTO_SVH
`define GLB_PROTO_SVH

`define GLB_PROTO_VERSION 2
`define GLB_PROTO_MAGIC 32'h52424c47
`define GLB_SYNC_HOST 8'ha5
`define GLB_SYNC_DEVICE 8'h5a
`define GLB_MAX_PAYLOAD 1024
`define GLB_HEADER_BYTES 6
`define GLB_CRC_BYTES 4
`define GLB_RUN_BYTES 48
`define GLB_IDENT_BYTES 32
`define GLB_STATUS_BYTES 20
`define GLB_DONE_BYTES 40

`define GLB_CMD_IDENT 8'h01
`define GLB_CMD_STATUS 8'h02
`define GLB_CMD_WRITE 8'h03
`define GLB_CMD_RUN 8'h04
`define GLB_CMD_ABORT 8'h05
`define GLB_TYPE_DATA 8'h40
`define GLB_TYPE_DONE 8'h41
`define GLB_TYPE_REPLY 8'h80

`define GLB_TARGET_SCHED 4'd0
`define GLB_TARGET_NET 4'd1
`define GLB_TARGET_COUPLING 4'd2
`define GLB_TARGET_STATE 4'd3
`define GLB_TARGET_SEG 4'd4
`define GLB_TARGET_BETA 4'd5
`define GLB_TARGET_RUNS 4'd6
`define GLB_TARGET_STATES 4'd7
`define GLB_TARGETS 8
// Load bus only, never on the wire.
`define GLB_TARGET_NOISE 4'd8
`define GLB_TARGET_LFSR 4'd9

`define GLB_WIRE_OK 4'd0
`define GLB_WIRE_BAD_CRC 4'd1
`define GLB_WIRE_BAD_LENGTH 4'd2
`define GLB_WIRE_BAD_COMMAND 4'd3
`define GLB_WIRE_BAD_TARGET 4'd4
`define GLB_WIRE_BAD_RANGE 4'd5
`define GLB_WIRE_BUSY 4'd6
`define GLB_WIRE_BAD_PARAM 4'd7
`define GLB_WIRE_ABORTED 4'd8

`define GLB_PAGES 4
`define GLB_QUEUE 4  // jobs: one runs, the others wait
`define GLB_SEGMENTS 16
`define GLB_BETA_STEPS 256
`define GLB_RUNS 512

// Table memory (glb_tables): 16-bit words. BETA {step, word[1:0]}, RUNS {run, word[1:0]},
// SEG {segment, word[2:0]}, the four job slots {slot, word[4:0]}.
`define GLB_TAB_BETA 12'h000
`define GLB_TAB_RUNS 12'h400
`define GLB_TAB_SEG 12'hc00
`define GLB_TAB_JOB 12'hc80

`endif
