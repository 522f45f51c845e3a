// A glauber board on USB: pins on one side, glb_core's byte streams on the other, with another clock. High speed over ULPI, or full
// speed on two FPGA pins. LUNA (luna_core.py) does the bus, the modules here the requests and the endpoints.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module glb_usb #(
  parameter HIGH_SPEED = 1  // 1: ULPI, 0: full speed on pins
) (
  input  wire       usb_clk,       // 60 MHz, from the ULPI PHY; full speed: 12 MHz
  input  wire       usb_io_clk,    // full speed: 48 MHz in step with usb_clk
  input  wire       usb_rst,
  // ULPI
  input  wire [7:0] ulpi_data_i,
  output wire [7:0] ulpi_data_o,
  output wire       ulpi_data_oe,
  input  wire       ulpi_dir,
  input  wire       ulpi_nxt,
  output wire       ulpi_stp,
  output wire       ulpi_rst,      // 1: PHY in reset
  // full speed
  input  wire       dp_i,
  output wire       dp_o,
  input  wire       dn_i,
  output wire       dn_o,
  output wire       dp_oe,         // of both
  output wire       dp_pullup,      // 1: 1.5 kOhm at D+
  output wire       suspended,
  // glb_core
  input  wire       clk,
  input  wire       rst,           // glb_core is in reset
  output wire       core_reset,    // asynchronous: reset glb_core, the host starts anew
  output wire [7:0] in_data,       // from the host
  output wire       in_valid,
  input  wire       in_ready,
  input  wire [7:0] out_data,      // to the host
  input  wire       out_valid,
  output wire       out_ready
);
  // Nets from here to the cores have the names of their ports (luna_core.py).
  wire rx_valid, bus_reset, setup_received, setup_is_in_request, data_requested, status_requested,
      ctl_rx_ready_for_response, address_changed, config_changed, ctl_ack, ctl_stall,
      ctl_tx_valid, ctl_tx_first, ctl_tx_last, ctl_tx_ready, ctl_tx_toggle, token_new_token,
      token_ready_for_response, token_is_in, token_is_out, token_is_ping, host_ack, rx_next,
      rx_invalid, rx_ready_for_response, rx_toggle, ep_ack, ep_nak, ep_stall, ep_tx_valid,
      ep_tx_first, ep_tx_last, ep_tx_ready, data_due;
  wire [1:0] speed, setup_type, ep_tx_toggle;
  wire [3:0] token_endpoint;
  wire [4:0] setup_recipient;
  wire [6:0] new_address;
  wire [7:0] setup_request, configuration, new_config, ctl_tx_payload, rx_payload, ep_tx_payload;
  wire [15:0] setup_value, setup_index, setup_length;

  // The core deadlocks if it chirps before it lets itself talk to the PHY, 1 ms after its reset, so no high speed before 2.2 ms.
  reg [17:0] awake_q = 18'd0;
  always_ff @(posedge usb_clk)
    if (usb_rst) awake_q <= 18'd0;
    else if (!awake_q[17]) awake_q <= awake_q + 18'd1;

  generate
    if (HIGH_SPEED != 0) begin : g_ulpi
      // no pull-up and no chirp without VBUS; before the PHY has reported it counts as there (the pull-up makes it report)
      wire vbus_absent;
      glb_luna_ulpi u_luna (.*, .connect(!vbus_absent), .full_speed_only(!awake_q[17] || vbus_absent), .rx_complete());
      assign {dp_o, dn_o, dp_oe, dp_pullup} = 4'd0;
      /* verilator lint_off UNUSEDSIGNAL */
      wire unused = usb_io_clk ^ dp_i ^ dn_i;
      /* verilator lint_on UNUSEDSIGNAL */
    end else begin : g_fs
      glb_luna_fs u_luna (.*, .connect(1'b1), .full_speed_only(!awake_q[17]), .rx_complete(), .dn_oe());
      assign {ulpi_data_o, ulpi_data_oe, ulpi_stp, ulpi_rst} = 11'd0;
      /* verilator lint_off UNUSEDSIGNAL */
      wire unused = ulpi_dir ^ ulpi_nxt ^ (^ulpi_data_i);
      /* verilator lint_on UNUSEDSIGNAL */
    end
  endgenerate

  wire high = HIGH_SPEED != 0 && speed == 2'd0;
  wire no_ack;
  glb_usb_turn u_turn (
    .clk(usb_clk),
    .rst(usb_rst || bus_reset),
    .patience(high ? 9'd127 : HIGH_SPEED != 0 ? 9'd400 : 9'd100),
    .new_token(token_new_token),
    .rx_active(rx_valid),
    .rx_invalid(rx_invalid),
    .rx_answer(rx_ready_for_response),
    .tx_active(ep_tx_valid || ctl_tx_valid),
    .data_due(data_due),
    .no_ack(no_ack)
  );

  wire ep_reset, out_clear, in_clear, out_halt, in_halt;
  glb_usb_requests u_requests (
    .clk(usb_clk),
    .rst(usb_rst),
    .received(setup_received),
    .recipient(setup_recipient),
    .kind(setup_type),
    .is_in(setup_is_in_request),
    .request(setup_request),
    .value(setup_value),
    .index(setup_index),
    .length(setup_length),
    .data_requested(data_requested),
    .rx_ready(ctl_rx_ready_for_response && data_due),
    .status_requested(status_requested && data_due),
    .host_ack(host_ack),
    .no_ack(no_ack),
    .ack(ctl_ack),
    .stall(ctl_stall),
    .tx_valid(ctl_tx_valid),
    .tx_first(ctl_tx_first),
    .tx_last(ctl_tx_last),
    .tx_data(ctl_tx_payload),
    .tx_ready(ctl_tx_ready),
    .tx_toggle(ctl_tx_toggle),
    .high_speed(high),
    .bus_reset(bus_reset),
    .configuration(configuration),
    .address_changed(address_changed),
    .new_address(new_address),
    .config_changed(config_changed),
    .new_config(new_config),
    .ep_reset(ep_reset),
    .out_clear(out_clear),
    .in_clear(in_clear),
    .out_halt(out_halt),
    .in_halt(in_halt)
  );

  // A bus reset or a new configuration empties the FIFOs and resets the array: long enough for either clock.
  reg [5:0] flush_q = 6'd0;
  reg       flushing_q = 1'b1;
  always_ff @(posedge usb_clk)
    if (usb_rst || ep_reset) begin
      flush_q <= 6'd0;
      flushing_q <= 1'b1;
    end else begin
      if (flushing_q) flush_q <= flush_q + 6'd1;
      if (flush_q == 6'd63) flushing_q <= 1'b0;
    end
  assign core_reset = flushing_q;

  wire ours = token_endpoint == 4'd1;
  wire enable = configuration != 8'd0;
  wire [9:0] packet = high ? 10'd512 : 10'd64;
  wire [7:0] rx_byte, tx_byte;
  wire rx_byte_valid, rx_byte_ready, tx_byte_valid, tx_byte_ready;
  wire in_nak, in_stall, out_nak, out_stall;
  glb_usb_out u_out (
    .clk(usb_clk),
    .rst(usb_rst || ep_reset),
    .enable(enable),
    .halt(out_halt),
    .clear(out_clear),
    .packet(packet),
    .token_out(ours && token_is_out && data_due),
    .ping(ours && token_is_ping && token_ready_for_response),
    .new_token(token_new_token),
    .rx_next(rx_next),
    .rx_data(rx_payload),
    .rx_toggle(rx_toggle),
    .rx_invalid(rx_invalid),
    .rx_answer(rx_ready_for_response),
    .ack(ep_ack),
    .nak(out_nak),
    .stall(out_stall),
    .data(rx_byte),
    .valid(rx_byte_valid),
    .ready(rx_byte_ready)
  );
  glb_usb_in u_in (
    .clk(usb_clk),
    .rst(usb_rst || ep_reset || flushing_q),  // u_to_host has bytes until it is in reset itself
    .enable(enable),
    .halt(in_halt),
    .clear(in_clear),
    .packet(packet),
    .token_in(ours && token_is_in && token_ready_for_response),
    .no_ack(no_ack),
    .host_ack(host_ack),
    .nak(in_nak),
    .stall(in_stall),
    .tx_valid(ep_tx_valid),
    .tx_first(ep_tx_first),
    .tx_last(ep_tx_last),
    .tx_data(ep_tx_payload),
    .tx_ready(ep_tx_ready),
    .tx_toggle(ep_tx_toggle[0]),
    .data(tx_byte),
    .valid(tx_byte_valid),
    .ready(tx_byte_ready)
  );
  assign ep_tx_toggle[1] = 1'b0;
  assign ep_nak = in_nak || out_nak;
  assign ep_stall = in_stall || out_stall;

  glb_usb_fifo u_from_host (
    .wr_clk(usb_clk),
    .wr_rst(flushing_q),
    .wr_data(rx_byte),
    .wr_valid(rx_byte_valid),
    .wr_ready(rx_byte_ready),
    .rd_clk(clk),
    .rd_rst(rst),
    .rd_data(in_data),
    .rd_valid(in_valid),
    .rd_ready(in_ready)
  );
  glb_usb_fifo u_to_host (
    .wr_clk(clk),
    .wr_rst(rst),
    .wr_data(out_data),
    .wr_valid(out_valid),
    .wr_ready(out_ready),
    .rd_clk(usb_clk),
    .rd_rst(flushing_q),
    .rd_data(tx_byte),
    .rd_valid(tx_byte_valid),
    .rd_ready(tx_byte_ready)
  );
endmodule

`default_nettype wire
