// The array as docs/design/array.md, sections 2 to 4, describes it, clock by clock, with random contents: included in array_check.
// count_model.svh does the clocks of segments that count.
// SPDX-License-Identifier: Apache-2.0

  // contents, as loaded
  reg [SW-1:0]     sched [0:TILES*SDEPTH-1];
  reg [CHUNKS*16-1:0] netw [0:SDEPTH-1];
  reg [CW-1:0]     coup [0:TILES*CDEPTH-1];
  reg [CHAINS-1:0] state [0:TILES*WORDS-1];
  reg [15:0]       table_z [0:1023];
  reg [63:0]       lfsr [0:TILES*LANES-1];
  // model
  reg [ACC-1:0] acc [0:TILES*LANES*CHAINS-1];
  integer nc [0:TILES*LANES-1];
  integer tail [0:TILES*LANES-1];
  integer wp [0:TILES*LANES-1];
  integer cp [0:TILES-1];
  reg              pend [0:TILES*32-1];      // write of a tile at clock mod 32
  reg [AW-1:0]     pend_addr [0:TILES*32-1];
  reg [CHAINS-1:0] pend_word [0:TILES*32-1];

  integer rnd_state = SEED;
  function automatic [31:0] rnd(input integer unused);
    rnd = $random(rnd_state);
  endfunction

  // noise word of a lane, section 4
  function automatic [ACC-1:0] draw(input integer u);
    reg [63:0] s;
    reg [15:0] r;
    reg [14:0] v;
    integer idx, z, n;
    begin
      s = lfsr[u];
      for (integer i = 0; i < 16; i = i + 1) r[i] = s[i] ^ s[i+9] ^ s[i+19] ^ s[i+31];
      lfsr[u] = {r, s[63:16]};
      v = r[14:0];
      if (v >= 2048) idx = v >> 6;
      else if (v >= 128) idx = 512 + (v >> 4);
      else if (v >= 8) idx = 640 + v;
      else idx = 768 + 4 * tail[u] + (v >> 1);
      tail[u] = r[0] ? 0 : tail[u] == 31 ? 31 : tail[u] + 1;
      z = $signed(table_z[idx]);
      n = (z + v[4:0]) >>> 5;
      draw = r[15] ? ~n : n;
    end
  endfunction

  function automatic [CW-1:0] random_entry(input integer unused);
    reg [CW-1:0] e;
    reg [31:0] kind;
    begin
      e = {rnd(0), rnd(0)};
      kind = rnd(0) % 8;
      e[OW-1:0] = kind < 3 ? 0 : kind < 5 ? CTRL : rnd(0) % (LANES + 2);
      if (kind == 3) e[OW+ACC-1 +: 2] = 2'b10;  // most finish for good, or with a last bit
      if (kind == 4 && rnd(0) % 2 == 0) e[OW+ACC-1 +: 3] = 3'b111;
      if (LANES == 1) e[OW+ACC+2] = 0;
      random_entry = e;
    end
  endfunction

  function automatic integer bank_of(input integer t, input [NB-1:0] w);
    integer p, k;
    begin
      p = t;
      for (integer s = NS - 1; s >= 0; s = s - 1) begin
        k = ((p >> (s + 1)) << s) | (p & ((1 << s) - 1));
        if (w[s * TILES / 2 + k]) p = p ^ (1 << s);
      end
      bank_of = p;
    end
  endfunction

  // Chooses the ops of clock `row` (model clock c), then does them. Reads of a bank in its write clock are undefined, so the
  // tile that would get one does something else.
  task automatic model_clock(input integer row, input integer c, input hold, input choose);
    integer b, u, x, l, nl, op;
    reg busy, hit;
    reg [CW-1:0] e;
    reg [CHAINS-1:0] word, res;
    reg [ACC-1:0] n, sum;
    reg [PW-1:0] p;
    reg [CHAINS-1:0] arrive [0:TILES-1];
    begin
      for (integer t = 0; t < TILES; t = t + 1) begin
        b = bank_of(t, netw[row][NB-1:0]);
        busy = pend[b*32 + c%32];
        arrive[t] = state[b*WORDS + {page, sched[b*SDEPTH + row][SW-1:OW]}];
        e = coup[t*CDEPTH + cp[t]];
        if (choose) begin
          op = rnd(0) % (2 * LANES + 3);
          if (op > CTRL) op = CTRL;
          if (busy && op == CTRL && e[OW-1:0] != CTRL) op = rnd(0) % CTRL;
          if (op == CTRL && cp[t] == SUMS - 1) op = 0;
          sched[t*SDEPTH + row][OW-1:0] = op;
        end
        op = sched[t*SDEPTH + row][OW-1:0];
        nl = -1;
        if (op >= 1 && op <= LANES) nl = op - 1;
        if (op == CTRL) begin
          cp[t] = cp[t] + 1;
          p = e[CW-1:OW];
          if (e[OW-1:0] != CTRL) begin
            if (e[OW-1:0] != 0) nl = e[OW-1:0] - 1;
            for (integer m = 0; m < LANES; m = m + 1)
              if (m != nl)
                for (integer r = 0; r < CHAINS; r = r + 1)
                  if (arrive[t][r]) begin
                    x = (t*LANES + m)*CHAINS + r;
                    acc[x] = acc[x] + {{(ACC-JW){p[m*JW+JW-1]}}, p[m*JW +: JW]};
                  end
          end else begin
            l = LW > 0 ? p[ACC+3 +: LB] : 0;
            if (p[ACC+2] && LANES > 1) nl = l ^ 1;
            u = t*LANES + l;
            for (integer r = 0; r < CHAINS; r = r + 1) begin
              sum = acc[u*CHAINS+r] + (p[ACC-1] ? acc[u*CHAINS+r] : {p[ACC-2], p[ACC-2:0]});
              res[r] = ~sum[ACC-1];
              acc[u*CHAINS+r] = p[ACC] ? 0 : sum;
            end
            pend[t*32 + (c+WL)%32] = p[ACC+1] && !(hold && !p[ACC-1] && p[ACC]);
            pend_addr[t*32 + (c+WL)%32] = (l << GW) | wp[u];
            pend_word[t*32 + (c+WL)%32] = res;
            wp[u] = (wp[u] + 1) % (1 << GW);
          end
        end
        if (nl >= 0) begin
          u = t*LANES + nl;
          n = draw(u);
          x = u*CHAINS + nc[u];
          acc[x] = acc[x] + n;
          nc[u] = (nc[u] + 1) % CHAINS;
        end
      end
      model_writes(c);
    end
  endtask

  task automatic model_writes(input integer c);
    for (integer t = 0; t < TILES; t = t + 1)
      if (pend[t*32 + c%32]) begin
        state[t*WORDS + {page, pend_addr[t*32 + c%32]}] = pend_word[t*32 + c%32];
        pend[t*32 + c%32] = 0;
      end
  endtask
