// Properties of glb_fifo: a stream of numbers goes through it, from a writer that never writes to a full one.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module fifo_proof (
  input wire clk, rst, wr_valid, rd_ready
);
  localparam W = 3, AW = 1;
  localparam [AW:0] DEPTH = 1 << AW;
  reg [W-1:0] f_in = 0, f_out = 0;  // numbers of the next word in and out
  wire [W-1:0] f_inside = f_in - f_out;
  wire [AW:0] level;
  wire rd_valid;
  wire [W-1:0] rd_data;
  (* hierconn *) wire [AW:0] \dut.wp_q ;
  (* hierconn *) wire [W-1:0] \dut.mem[0] , \dut.mem[1] ;
  wire [W-1:0] f_mem[0:1];
  assign f_mem[0] = \dut.mem[0] ;
  assign f_mem[1] = \dut.mem[1] ;
  glb_fifo #(.W(W), .AW(AW)) dut (
    .clk(clk), .rst(rst), .wr_valid(wr_valid), .wr_data(f_in), .level(level), .rd_data(rd_data), .rd_valid(rd_valid),
    .rd_ready(rd_ready)
  );
  initial assume (rst);
  always_comb assume (!(wr_valid && level == DEPTH));

  reg f_run = 1'b0;
  always_ff @(posedge clk) begin
    f_run <= 1'b1;
    if (rst) begin
      f_in <= 0;
      f_out <= 0;
    end else begin
      if (wr_valid) f_in <= f_in + 1'b1;
      if (rd_valid && rd_ready) f_out <= f_out + 1'b1;
    end
  end

  always_comb
    if (f_run) begin
      assert (level <= DEPTH);
      assert (f_inside == W'(level) + W'(rd_valid));
      assert (\dut.wp_q == f_in[AW:0]);
      if (rd_valid) assert (rd_data == f_out);
      cover (level == DEPTH && rd_valid && f_out == 5);
      cover (f_inside == 0 && f_out == 6);
    end

  // The words in the memory, oldest first.
  for (genvar i = 0; i < 2; i = i + 1) begin : g_word
    wire [W-1:0] number = f_out + W'(rd_valid) + W'(i);
    always_comb if (f_run && i < level) assert (f_mem[number[AW-1:0]] == number);
  end

  // A word that waits stays; a word in the memory of an idle output is shown a clock later.
  always_ff @(posedge clk)
    if (f_run && !rst && $past(f_run) && !$past(rst)) begin
      if ($past(rd_valid && !rd_ready)) assert (rd_valid && rd_data == $past(rd_data));
      if ($past(level != 0)) assert (rd_valid);
    end
endmodule

`default_nettype wire
