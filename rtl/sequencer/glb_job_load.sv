// What a job loads into the array: the lanes' LFSRs from its seed, a noise table from each beta step's K (docs/design/array.md, section 4).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "glb_proto.svh"
`include "glb_params.svh"

module glb_job_load #(
  `GLB_PARAMETERS
) (
  input  wire        clk,
  input  wire        rst,
  // fetched words: of the job's slot, or of a beta step
  input  wire        job_valid,
  input  wire        step_valid,
  input  wire [3:0]  index,
  input  wire [15:0] data,
  // one at a time
  input  wire        seed_start,
  output wire        seed_busy,
  input  wire        beta_start,
  output wire        beta_busy,
  // load bus
  output wire        ld_valid,
  output wire [3:0]  ld_target,
  output wire [7:0]  ld_tile,
  output wire [15:0] ld_addr,
  output wire [31:0] ld_data
);
  wire seed_valid, beta_valid;
  wire [7:0] seed_tile;
  wire [15:0] seed_addr, beta_data;
  wire [31:0] seed_data;
  wire [9:0] beta_addr;
  wire [3:0] seed_ld = {job_valid && index == 4'd5, job_valid && index == 4'd4, job_valid && index == 4'd3, job_valid && index == 4'd2};

  glb_seed #(.TILES(TILES), .LANES(LANES)) u_seed (
    .clk(clk), .rst(rst), .seed_ld(seed_ld), .seed_data(data), .start(seed_start), .busy(seed_busy),
    .ld_valid(seed_valid), .ld_tile(seed_tile), .ld_addr(seed_addr), .ld_data(seed_data)
  );
  glb_beta #(.ACC(ACC)) u_beta (
    .clk(clk), .rst(rst), .k_ld({step_valid && index == 4'd1, step_valid && index == 4'd0}), .k_data(data),
    .start(beta_start), .busy(beta_busy), .ld_valid(beta_valid), .ld_addr(beta_addr), .ld_data(beta_data)
  );

  reg ld_valid_q;
  reg [3:0] ld_target_q;
  reg [7:0] ld_tile_q;
  reg [15:0] ld_addr_q;
  reg [31:0] ld_data_q;
  always_ff @(posedge clk) begin
    ld_valid_q <= (seed_valid || beta_valid) && !rst;
    ld_target_q <= seed_valid ? `GLB_TARGET_LFSR : `GLB_TARGET_NOISE;
    ld_tile_q <= seed_tile;
    ld_addr_q <= seed_valid ? seed_addr : {6'd0, beta_addr};
    ld_data_q <= seed_valid ? seed_data : {16'd0, beta_data};
  end
  assign ld_valid = ld_valid_q;
  assign ld_target = ld_target_q;
  assign ld_tile = ld_tile_q;
  assign ld_addr = ld_addr_q;
  assign ld_data = ld_data_q;
endmodule

`default_nettype wire
