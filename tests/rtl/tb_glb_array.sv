// FILES: tests/rtl/array/array_check.sv
// Random schedules on arrays of every pipeline that the number of tiles gives. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ns

// GLB_SHORT: a small part, for slow models of cells
module tb_glb_array;
  localparam N = 7;
  wire [N-1:0] done, ok;
  array_check #(.GW(2), .SDEPTH(96), .CDEPTH(64), .SEED(1)) u_tiny (.done(done[0]), .ok(ok[0]));
  array_check #(.LANES(4), .GW(2), .SDEPTH(64), .CDEPTH(64), .SEED(3)) u_tiny4 (.done(done[1]), .ok(ok[1]));
  array_check #(.TILES(8), .GW(2), .SDEPTH(64), .CDEPTH(64), .SEED(5)) u_8 (.done(done[2]), .ok(ok[2]));
`ifdef GLB_SHORT
  // 16 tiles: the pipeline of the boards
  array_check #(.TILES(16), .GW(1), .SDEPTH(32), .CDEPTH(32), .SEED(4)) u_16 (.done(done[3]), .ok(ok[3]));
  assign {done[N-1:4], ok[N-1:4]} = {2*(N-4){1'b1}};
`else
  array_check #(.LANES(1), .JW(6), .ACC(10), .SEED(2)) u_tiny1 (.done(done[3]), .ok(ok[3]));
  array_check #(.TILES(8), .LANES(4), .CHAINS(8), .GW(2), .SDEPTH(48), .CDEPTH(32), .SEED(6)) u_8x4 (.done(done[4]), .ok(ok[4]));
  array_check #(.TILES(16), .CHAINS(16), .GW(2), .SDEPTH(96), .CDEPTH(64), .SEED(4)) u_16 (.done(done[5]), .ok(ok[5]));
  array_check #(.TILES(32), .GW(1), .SDEPTH(32), .CDEPTH(32), .SEED(7)) u_32 (.done(done[6]), .ok(ok[6]));
`endif
  initial begin
    wait (&done);
    if (&ok) $display("PASS");
    else $display("FAIL arrays %b", ~ok);
    $finish;
  end
endmodule

`default_nettype wire
