// FILES: tests/rtl/array/array_check.sv
// The largest number of tiles, and that of the boards with 2,048 units, too slow for tb_glb_array. SPDX-License-Identifier: Apache-2.0
`default_nettype none
`timescale 1ns / 1ns

module long_glb_array;
  wire [1:0] done, ok;
  array_check #(.TILES(64), .GW(1), .SDEPTH(32), .CDEPTH(32), .SEED(8)) u_64 (.done(done[0]), .ok(ok[0]));
  array_check #(.TILES(128), .GW(1), .SDEPTH(32), .CDEPTH(32), .SEED(9)) u_128 (.done(done[1]), .ok(ok[1]));
  initial begin
    wait (&done);
    if (&ok) $display("PASS");
    else $display("FAIL arrays %b", ~ok);
    $finish;
  end
endmodule

`default_nettype wire
