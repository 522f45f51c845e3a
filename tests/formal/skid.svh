// Properties of glb_skid: a stream of numbers goes through it. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module skid_proof (
  input wire clk, rst, in_valid, out_ready
);
  localparam W = 4;
  reg [W-1:0] f_in = 0, f_out = 0;  // numbers of the next word in and out
  wire [W-1:0] f_inside = f_in - f_out;
  wire in_ready, out_valid;
  wire [W-1:0] out_data;
  (* hierconn *) wire [W-1:0] \dut.skid_q ;
  glb_skid #(.W(W)) dut (
    .clk(clk), .rst(rst), .in_data(f_in), .in_valid(in_valid), .in_ready(in_ready), .out_data(out_data),
    .out_valid(out_valid), .out_ready(out_ready)
  );
  initial assume (rst);

  reg f_run = 1'b0;
  always_ff @(posedge clk) begin
    f_run <= 1'b1;
    if (rst) begin
      f_in <= 0;
      f_out <= 0;
    end else begin
      if (in_valid && in_ready) f_in <= f_in + 1'b1;
      if (out_valid && out_ready) f_out <= f_out + 1'b1;
    end
  end

  always_comb
    if (f_run) begin
      // Two words at most, counted by both valid signals; each is the one whose turn it is.
      assert (f_inside == W'(out_valid) + W'(!in_ready));
      if (out_valid) assert (out_data == f_out);
      if (!in_ready) assert (out_valid && \dut.skid_q == W'(f_out + 1'b1));
      cover (!in_ready && f_out == 5);
      cover (f_inside == 0 && f_out == 3);
    end
  // A word that waits stays.
  always_ff @(posedge clk)
    if (f_run && !rst && $past(f_run) && !$past(rst) && $past(out_valid && !out_ready)) begin
      assert (out_valid);
      assert (out_data == $past(out_data));
    end
endmodule

`default_nettype wire
