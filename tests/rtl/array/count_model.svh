// Segments that count (docs/design/array.md, section 3a), clock by clock: included in array_check behind array_model.svh.
// SPDX-License-Identifier: Apache-2.0

  // own words; a job's first counts of a tile come after one that sets it
  reg [CHAINS-1:0] own [0:TILES-1];
  reg [TILES-1:0]  own_set;

  // Chooses the ops of clock `row`, then does them: all tiles count as `mode` has it.
  task automatic count_clock(input integer row, input [6:0] mode, input choose);
    integer op, agree;
    reg [17:0] old;
    reg [CHAINS-1:0] word;
    for (integer t = 0; t < TILES; t = t + 1) begin
      if (choose) begin
        op = rnd(0) & ((1 << OW) - 1);
        if (op != 3 && rnd(0) % 2 == 0) op = 3;
        if (op == 3 && !own_set[t]) op = 1;
        if (op == 3 && cp[t] == CDEPTH - 1) op = 0;
        sched[t*SDEPTH + row][OW-1:0] = op;
      end
      op = sched[t*SDEPTH + row][OW-1:0];
      word = state[bank_of(t, netw[row][NB-1:0])*WORDS + {page, sched[bank_of(t, netw[row][NB-1:0])*SDEPTH + row][SW-1:OW]}];
      if (op == 1) own[t] = word;
      if (op == 2) own[t] = {CHAINS{1'b1}};
      if (op == 1 || op == 2) own_set[t] = 1;
      if (op == 3) begin
        agree = 0;
        for (integer r = 0; r < CHAINS; r = r + 1)
          if (word[r] == own[t][r]) agree = agree + 1;
        old = mode[6] ? 0 : coup[t*CDEPTH + cp[t]];
        coup[t*CDEPTH + cp[t]][17:0] = mode[5] ? old - agree - 1 : old + agree;
        cp[t] = cp[t] + 1;
      end
    end
  endtask

  // A clock of a dump, without the time the word takes: nothing reads a bank before it is there.
  task automatic dump_clock(input [6:0] mode);
    reg [15:0] low;
    for (integer t = 0; t < TILES; t = t + 1) begin
      low = coup[t*CDEPTH + cp[t]];
      state[t*WORDS + {page, AW'(wp[t*LANES])}] = low >> (mode[4:3] * CHAINS);
      wp[t*LANES] = (wp[t*LANES] + 1) % (1 << GW);
      cp[t] = cp[t] + 1;
    end
  endtask
