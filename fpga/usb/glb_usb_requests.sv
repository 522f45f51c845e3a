// Answers the requests on endpoint 0: the standard ones and Microsoft's descriptors. SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_usb_requests (
  input  wire        clk,
  input  wire        rst,
  // the request (LUNA's control endpoint)
  input  wire        received,          // a new one
  input  wire [4:0]  recipient,
  input  wire [1:0]  kind,              // 0 standard, 2 vendor
  input  wire        is_in,
  input  wire [7:0]  request,
  input  wire [15:0] value,
  input  wire [15:0] index,
  input  wire [15:0] length,
  input  wire        data_requested,    // now send the next packet of data
  input  wire        rx_ready,          // the host sent a packet of data
  input  wire        status_requested,  // now end the request
  input  wire        host_ack,
  input  wire        no_ack,            // an ACK from here on is not for the last packet
  // the answer
  output wire        ack,
  output wire        stall,
  output wire        tx_valid,
  output wire        tx_first,
  output wire        tx_last,           // without first: an empty packet
  output wire [7:0]  tx_data,
  input  wire        tx_ready,
  output wire        tx_toggle,
  // what requests change
  input  wire        high_speed,
  input  wire        bus_reset,
  input  wire [7:0]  configuration,
  output wire        address_changed,
  output wire [6:0]  new_address,
  output wire        config_changed,
  output wire [7:0]  new_config,
  output wire        ep_reset,          // all of endpoint 1, and what is behind it, starts anew
  output wire        out_clear,         // the data toggle starts anew
  output wire        in_clear,
  output wire        out_halt,
  output wire        in_halt
);
  localparam GET_STATUS = 8'd0, CLEAR_FEATURE = 8'd1, SET_FEATURE = 8'd3, SET_ADDRESS = 8'd5, GET_DESCRIPTOR = 8'd6,
             GET_CONFIGURATION = 8'd8, SET_CONFIGURATION = 8'd9, GET_INTERFACE = 8'd10, SET_INTERFACE = 8'd11;
  localparam [7:0] MS_REQUEST = 8'h4d;  // GLB_USB_MS_REQUEST of usb_descriptors.h
  localparam [6:0] PACKET = 7'd64;

  reg [7:0] rom[0:511];
  `include "glb_usb_rom.svh"

  reg [1:0] halt_q = 2'b00;  // {IN, OUT}
  wire configured = configuration != 8'd0;
  wire to_device = recipient == 5'd0;
  wire to_interface = recipient == 5'd1 && index == 16'd0 && configured;
  wire to_ep1 = recipient == 5'd2 && index[15:8] == 8'd0 && index[6:0] == 7'd1 && configured;
  wire to_ep0 = recipient == 5'd2 && index[15:8] == 8'd0 && index[6:0] == 7'd0;

  // The answer: a piece of the ROM, or up to two bytes; or nothing but an end (ok); else a stall.
  wire [18:0] standard_found = descriptor(high_speed, value[15:8], value[7:0]);
  wire [18:0] ms_found = descriptor(high_speed, 8'hf0, index[7:0]);
  reg        ok, from_rom;
  reg [8:0]  at, bytes;
  reg [7:0]  brief;
  always_comb begin
    ok = 1'b0;
    from_rom = 1'b0;
    at = 9'd0;
    bytes = 9'd0;
    brief = 8'd0;
    if (is_in && kind == 2'd2 && request == MS_REQUEST && index[15:8] == 8'd0) begin
      {ok, at, bytes} = ms_found;
      from_rom = 1'b1;
    end else if (is_in && kind == 2'd0)
      case (request)
        GET_DESCRIPTOR: begin
          {ok, at, bytes} = standard_found;
          ok = ok && to_device;
          from_rom = 1'b1;
        end
        GET_STATUS: begin
          bytes = 9'd2;
          ok = to_device || to_interface || to_ep0 || to_ep1;
          brief = to_ep1 ? {7'd0, halt_q[index[7]]} : 8'd0;
        end
        GET_CONFIGURATION: begin
          bytes = 9'd1;
          ok = to_device;
          brief = configuration;
        end
        GET_INTERFACE: begin
          bytes = 9'd1;
          ok = to_interface;
        end
        default: ok = 1'b0;
      endcase
    else if (!is_in && kind == 2'd0 && length == 16'd0)
      case (request)
        SET_ADDRESS: ok = to_device && value < 16'd128;
        SET_CONFIGURATION: ok = to_device && value < 16'd2;
        SET_INTERFACE: ok = to_interface && value == 16'd0;
        CLEAR_FEATURE, SET_FEATURE: ok = value == 16'd0 && (to_ep0 || to_ep1);
        default: ok = 1'b0;
      endcase
  end

  // The request at work. Nothing of it changes while it is answered, so `ok` and the rest are registers by their inputs.
  reg        ok_q, rom_q, toggle_q, sending_q, first_q, sent_q;
  reg [8:0]  at_q, end_q;    // next byte that is not acknowledged; end
  reg [8:0]  next_q;         // byte on the way
  reg [6:0]  left_q;         // of the packet
  reg [7:0]  brief_q, byte_q;
  reg        zero_q;         // the second byte of a status is 0
  reg        decode_q, status_q;
  reg        ends_in_q;      // it ends with an empty packet of ours, not of the host's
  wire [8:0] clipped = length < {7'd0, bytes} ? length[8:0] : bytes;
  wire [8:0] rest = end_q - at_q;
  wire [6:0] part = rest < {2'd0, PACKET} ? rest[6:0] : PACKET;
  wire       start = data_requested && ok_q && part != 7'd0;
  wire       empty = (data_requested && ok_q && part == 7'd0) || (status_requested && ends_in_q && ok_q);
  wire       step = sending_q && tx_ready;

  wire [8:0] read = step ? next_q + 9'd1 : sending_q ? next_q : at_q;
  always_ff @(posedge clk) byte_q <= rom[read];

  assign tx_data = rom_q ? byte_q : zero_q ? 8'd0 : brief_q;
  assign tx_valid = sending_q || empty;
  assign tx_first = sending_q && first_q;
  assign tx_last = empty || (sending_q && left_q == 7'd1);
  assign tx_toggle = toggle_q;
  assign stall = (data_requested || rx_ready || status_requested) && !ok_q;
  assign ack = status_requested && !ends_in_q && ok_q;

  // A request that writes takes effect when the host has acknowledged its end.
  wire done = status_q && host_ack;
  wire standard = kind == 2'd0 && !is_in;
  assign address_changed = done && standard && request == SET_ADDRESS;
  assign new_address = value[6:0];
  assign config_changed = done && standard && request == SET_CONFIGURATION;
  assign new_config = value[7:0];
  wire interface_set = done && standard && request == SET_INTERFACE;
  wire halt_clear = done && standard && request == CLEAR_FEATURE && to_ep1;
  wire halt_set = done && standard && request == SET_FEATURE && to_ep1;
  assign ep_reset = bus_reset || config_changed;
  assign out_clear = interface_set || (halt_clear && !index[7]);
  assign in_clear = interface_set || (halt_clear && index[7]);
  assign out_halt = halt_q[0];
  assign in_halt = halt_q[1];

  always_ff @(posedge clk)
    if (rst) begin
      decode_q <= 1'b0;
      ok_q <= 1'b0;
      sending_q <= 1'b0;
      sent_q <= 1'b0;
      status_q <= 1'b0;
      halt_q <= 2'b00;
    end else begin
      decode_q <= received;
      if (received) begin
        // the fields are there from this clock on; they are taken one later, out of the way of the decoder
        ok_q <= 1'b0;
        sending_q <= 1'b0;
        sent_q <= 1'b0;
        status_q <= 1'b0;
        toggle_q <= 1'b1;
      end else if (decode_q) begin
        ok_q <= ok;
        ends_in_q <= !is_in || length == 16'd0;
        rom_q <= from_rom;
        at_q <= from_rom ? at : 9'd0;
        end_q <= from_rom ? at + clipped : clipped;
        brief_q <= brief;
      end else begin
        if (start) begin
          sending_q <= 1'b1;
          first_q <= 1'b1;
          next_q <= at_q;
          left_q <= part;
          zero_q <= at_q[0];
        end else if (step) begin
          first_q <= 1'b0;
          next_q <= next_q + 9'd1;
          left_q <= left_q - 7'd1;
          zero_q <= 1'b1;
          sending_q <= left_q != 7'd1;
        end
        if (data_requested) sent_q <= ok_q;
        else if (sent_q && host_ack) begin
          sent_q <= 1'b0;
          at_q <= at_q + {2'd0, part};
          toggle_q <= !toggle_q;
        end else if (no_ack) sent_q <= 1'b0;
        if (status_requested) status_q <= ok_q && ends_in_q;
        else if (host_ack || no_ack) status_q <= 1'b0;
      end
      if (ep_reset) halt_q <= 2'b00;
      else if (halt_clear) halt_q[index[7]] <= 1'b0;
      else if (halt_set) halt_q[index[7]] <= 1'b1;
    end
endmodule

`default_nettype wire
