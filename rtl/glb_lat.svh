// Latencies of glb_array in clocks, for the module that drives it; include inside a module.
// SPDX-License-Identifier: Apache-2.0

// Tiles that share one register of the load chain.
function automatic integer glb_group_tiles(input integer tiles);
  glb_group_tiles = tiles < 8 ? 4 : 8;
endfunction

// From ld_valid until the item has taken effect for any pc, rd or start given from then on.
function automatic integer glb_load_lat(input integer tiles);
  glb_load_lat = tiles / glb_group_tiles(tiles) + 9;
endfunction

// From rd_valid to rd_word_valid.
function automatic integer glb_rd_lat(input integer tiles);
  glb_rd_lat = $clog2(tiles) + 10;
endfunction

// 1 if the tiles use the schedule word as it leaves its memory and pc comes a clock later for it; with four tiles they need it a clock before.
function automatic integer glb_pc_later(input integer tiles);
  glb_pc_later = tiles > 4 ? 1 : 0;
endfunction

// array.md's WL and GAP.
function automatic integer glb_wl(input integer tiles);
  glb_wl = $clog2(tiles) + 4;
endfunction

function automatic integer glb_gap(input integer tiles);
  glb_gap = $clog2(tiles) + 8;
endfunction
