// Payload bytes of IDENT's and STATUS' replies (docs/design/array.md, section 7). SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

module glb_reply #(
  `GLB_PARAMETERS,
  parameter [31:0] BUILD_HASH = 32'd0
) (
  input  wire        clk,
  input  wire        ident,    // IDENT, else STATUS
  input  wire [4:0]  index,
  output wire [7:0]  data,     // three clocks later
  // STATUS
  input  wire        running,
  input  wire [1:0]  queued,
  input  wire [31:0] frames,   // good ones
  input  wire [31:0] bad_crc,
  input  wire [31:0] skipped,  // bytes
  input  wire [31:0] errors    // replies that were not OK
);
  `include "glb_clocks.svh"
  localparam [255:0] IDENT = {
    16'd0, BUILD_HASH, 8'd0, 8'(GAP), 16'(`GLB_RUNS), 16'(`GLB_BETA_STEPS), 8'(WL),
    8'(`GLB_SEGMENTS), 16'(CDEPTH), 16'(SDEPTH), 8'(`GLB_PAGES), 8'(GW), 8'(ACC), 8'(JW), 8'(CHAINS), 8'(LANES),
    16'(TILES), 16'(`GLB_PROTO_VERSION), `GLB_PROTO_MAGIC
  };
  wire [2:0] pick;
  reg [31:0] word;
  always_comb
    if (ident) word = IDENT[{pick, 5'd0} +: 32];
    else
      case (pick)
        3'd0: word = {16'd0, 6'd0, queued, 7'd0, running};
        3'd1: word = frames;
        3'd2: word = bad_crc;
        3'd3: word = skipped;
        default: word = errors;
      endcase
  glb_payload_byte #(.IW(5)) u_byte (.clk(clk), .index(index), .pick(pick), .word(word), .data(data));
endmodule

`default_nettype wire
