// The memory targets of a WRITE (docs/design/array.md, section 5), one row each: a new one is added here, in glb_proto.svh and where its
// memory is. Include inside a module with GLB_PARAMETERS and GLB_WIDTHS. SPDX-License-Identifier: Apache-2.0

  // in the table memory (else in the array), bytes of an item, values of the tile field, items for each of these
  function automatic [29:0] glb_target(input [3:0] which);
    case (which)
      `GLB_TARGET_SCHED:    glb_target = {1'b0, 4'((SW + 7) / 8),     8'(TILES),  17'(SDEPTH)};
      `GLB_TARGET_NET:      glb_target = {1'b0, 4'd2,                 8'(CHUNKS), 17'(SDEPTH)};
      `GLB_TARGET_COUPLING: glb_target = {1'b0, 4'((CW + 7) / 8),     8'(TILES),  17'(CDEPTH)};
      `GLB_TARGET_STATE:    glb_target = {1'b0, 4'((CHAINS + 7) / 8), 8'(TILES),  17'(`GLB_PAGES << AW)};
      `GLB_TARGET_SEG:      glb_target = {1'b1, 4'd12,                8'd1,       17'(`GLB_SEGMENTS)};
      `GLB_TARGET_BETA:     glb_target = {1'b1, 4'd8,                 8'd1,       17'(`GLB_BETA_STEPS)};
      `GLB_TARGET_RUNS:     glb_target = {1'b1, 4'd6,                 8'd1,       17'(`GLB_RUNS)};
      `GLB_TARGET_STATES:   glb_target = {1'b0, 4'd1,                 8'(`GLB_PAGES), 17'(`GLB_RUNS)};  // bytes, page, run
      default:              glb_target = 30'd0;  // refused before any of this counts
    endcase
  endfunction

  // where 16-bit word `word` of item `item` lies in the table memory; for STATES of the run `item`
  function automatic [11:0] glb_table_addr(input [3:0] which, input [8:0] item, input [2:0] word);
    case (which)
      `GLB_TARGET_SEG:  glb_table_addr = `GLB_TAB_SEG + {5'd0, item[3:0], word};
      `GLB_TARGET_BETA: glb_table_addr = `GLB_TAB_BETA + {2'd0, item[7:0], word[1:0]};
      default:          glb_table_addr = `GLB_TAB_RUNS + {1'b0, item, word[1:0]};
    endcase
  endfunction
