# Makes Verilog of LUNA's USB device core: PHY side, reset and speed detection, tokens, CRCs, handshakes, the phases of control transfers.
# What answers requests (glb_usb_requests) and the bulk endpoints (glb_usb_out, glb_usb_in) are ours, in SystemVerilog, at the ports.
# Usage: luna_core.py ulpi|fs OUTPUT.v. SPDX-License-Identifier: Apache-2.0
import sys
from types import SimpleNamespace

from amaranth import ClockDomain, Elaboratable, Fragment, Module, Mux, Signal
from amaranth.back import verilog
from luna.gateware.interface import ulpi
from luna.gateware.interface.gateware_phy import GatewarePHY
from luna.gateware.usb.usb2.device import USBDevice
from luna.gateware.usb.usb2 import control
from luna.gateware.usb.usb2.endpoint import EndpointInterface
from luna.gateware.usb.usb2.packet import TokenDetectorInterface
from luna.gateware.usb.usb2.request import USBRequestHandler, USBSetupDecoder
from luna.gateware.usb.usb2.reset import USBResetSequencer

NOTICE = """// Made by fpga/usb/luna_core.py with LUNA, https://github.com/greatscottgadgets/luna: do not edit.
// LUNA is Copyright (c) 2020-2024 Great Scott Gadgets and contributors. SPDX-License-Identifier: BSD-3-Clause
//
// Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following
// conditions are met: 1. Redistributions of source code must retain the above copyright notice, this list of conditions and the
// following disclaimer. 2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and
// the following disclaimer in the documentation and/or other materials provided with the distribution. 3. Neither the name of the
// copyright holder nor the names of its contributors may be used to endorse or promote products derived from this software without
// specific prior written permission. THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR
// IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE
// ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL,
// EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
// DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
// OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE
// POSSIBILITY OF SUCH DAMAGE.
"""


class RegisteredTransmit(ulpi.ULPITransmitTranslator):
    """LUNA's, with a register for the byte that goes out: else the way to the pads begins in the endpoint's memory and passes the CRC."""

    inner = ulpi.ULPITransmitTranslator

    def elaborate(self, platform):
        m = Module()
        m.submodules.inner = inner = self.inner()
        data, valid = Signal(8), Signal()
        step = Signal()
        m.d.comb += [
            step.eq(~valid | inner.tx_ready),
            self.tx_ready.eq(self.tx_valid & step),
            inner.tx_data.eq(data),
            inner.tx_valid.eq(valid),
            inner.op_mode.eq(self.op_mode),
            inner.bus_idle.eq(self.bus_idle),
            inner.ulpi_nxt.eq(self.ulpi_nxt),
            self.ulpi_data_out.eq(inner.ulpi_data_out),
            self.ulpi_out_req.eq(inner.ulpi_out_req),
            self.ulpi_stp.eq(inner.ulpi_stp),
            self.busy.eq(inner.busy),
        ]
        with m.If(step):
            m.d.usb += [valid.eq(self.tx_valid), data.eq(self.tx_data)]
        return m


class SetupDecoder(USBSetupDecoder):
    """LUNA's, which takes a SETUP token that comes while it waits for the data of another one (broken, or lost) for the end of that and drops
    the new one's data. Each token is shown to it twice: without its PID, which ends the wait, then with it. The wait ends too when no data is
    due (glb_usb_turn), and tokens for other endpoints are none of its own."""

    due = Signal(name="data_due")

    def elaborate(self, platform):
        tokens, self.tokenizer = self.tokenizer, TokenDetectorInterface()
        m = super().elaborate(platform)
        inner, self.tokenizer = self.tokenizer, tokens
        again = Signal()
        m.d.usb += again.eq(tokens.new_token)
        m.d.comb += [
            inner.new_token.eq(tokens.new_token | again | ~self.due),
            inner.pid.eq(Mux(again & (tokens.endpoint == 0), tokens.pid, 0)),
        ]
        return m


class Requests(USBRequestHandler):
    """Claims every request; the answers come from outside."""

    def elaborate(self, platform):
        m = Module()
        m.d.comb += self.interface.claim.eq(1)
        return m


class Endpoint(Elaboratable):
    """Both directions of the bulk endpoint; the logic is outside."""

    def __init__(self):
        self.interface = EndpointInterface()

    def elaborate(self, platform):
        return Module()


class Core(Elaboratable):
    def __init__(self, kind):
        self.kind = kind
        self.ports = [SetupDecoder.due]
        control.USBSetupDecoder = SetupDecoder
        if kind == "ulpi":
            ulpi.ULPITransmitTranslator = RegisteredTransmit
            self.bus = SimpleNamespace(
                data=SimpleNamespace(i=self.port("ulpi_data_i", 8), o=self.port("ulpi_data_o", 8), oe=self.port("ulpi_data_oe")),
                dir=SimpleNamespace(i=self.port("ulpi_dir")),
                nxt=SimpleNamespace(i=self.port("ulpi_nxt")),
                stp=SimpleNamespace(o=self.port("ulpi_stp")),
                rst=SimpleNamespace(o=self.port("ulpi_rst")),
            )
            self.device = USBDevice(bus=self.bus, handle_clocking=False)
        else:
            # 12 MHz instead of the 60 that these counts are for
            for name in dir(USBResetSequencer):
                if name.startswith("_CYCLES_"):
                    setattr(USBResetSequencer, name, getattr(USBResetSequencer, name) // 5)
            io = SimpleNamespace(
                d_p=SimpleNamespace(i=self.port("dp_i"), o=self.port("dp_o"), oe=self.port("dp_oe")),
                d_n=SimpleNamespace(i=self.port("dn_i"), o=self.port("dn_o"), oe=self.port("dn_oe")),
                pullup=SimpleNamespace(o=self.port("dp_pullup")),
            )
            self.phy = GatewarePHY(io=io)
            # The PHY has J and K the other way round than the reset sequencer, which then never sees an idle bus and no suspend.
            utmi = SimpleNamespace(**{k: v for k, v in vars(self.phy).items() if isinstance(v, Signal)})
            utmi.line_state = Signal(2)
            self.device = USBDevice(bus=utmi, handle_clocking=False)
            self.utmi = utmi

    def port(self, name, width=1):
        signal = Signal(width, name=name)
        self.ports.append(signal)
        return signal

    def out(self, m, name, value):
        port = self.port(name, len(value))
        m.d.comb += port.eq(value)

    def into(self, m, name, value):
        port = self.port(name, len(value))
        m.d.comb += value.eq(port)

    def elaborate(self, platform):
        m = Module()
        for name in ("usb", "usb_io")[: 1 if self.kind == "ulpi" else 2]:
            domain = ClockDomain(name, reset_less=name == "usb_io")
            m.domains += domain
            self.ports += [domain.clk] if domain.rst is None else [domain.clk, domain.rst]
        control = self.device.add_control_endpoint()
        requests = Requests()
        control.add_request_handler(requests)
        endpoint = Endpoint()
        self.device.add_endpoint(endpoint)
        m.submodules.device = self.device
        if self.kind == "fs":
            m.submodules.phy = self.phy
            m.d.comb += self.utmi.line_state.eq(self.phy.line_state[::-1])

        d, r, e = self.device, requests.interface, endpoint.interface
        self.into(m, "connect", d.connect)
        self.into(m, "full_speed_only", d.full_speed_only)
        if self.kind == "ulpi":
            # A PHY's reports: dir has been high, without nxt. None has come yet when VBUS was there before our reset ended.
            dir_before, reported = Signal(), Signal()
            m.d.usb += dir_before.eq(self.bus.dir.i)
            with m.If(dir_before & self.bus.dir.i & ~self.bus.nxt.i):
                m.d.usb += reported.eq(1)
            # valid for a session, which does not depend on the PHY's pin for an outer comparator as "VBUS valid" does
            self.out(m, "vbus_absent", reported & ~d.utmi.session_valid & ~d.utmi.vbus_valid)
        self.out(m, "bus_reset", d.reset_detected)
        self.out(m, "suspended", d.suspended)
        self.out(m, "speed", d.speed)  # 0 high, 1 full

        # requests
        s = r.setup
        self.out(m, "setup_received", s.received)
        for name in ("recipient", "type", "is_in_request", "request", "value", "index", "length"):
            self.out(m, "setup_" + name, getattr(s, name))
        self.out(m, "data_requested", r.data_requested)
        self.out(m, "status_requested", r.status_requested)
        self.out(m, "ctl_rx_ready_for_response", r.rx_ready_for_response)
        self.out(m, "configuration", r.active_config)
        self.into(m, "address_changed", r.address_changed)
        self.into(m, "new_address", r.new_address)
        self.into(m, "config_changed", r.config_changed)
        self.into(m, "new_config", r.new_config)
        self.into(m, "ctl_ack", r.handshakes_out.ack)
        self.into(m, "ctl_stall", r.handshakes_out.stall)
        self.into(m, "ctl_tx_valid", r.tx.valid)
        self.into(m, "ctl_tx_first", r.tx.first)
        self.into(m, "ctl_tx_last", r.tx.last)
        self.into(m, "ctl_tx_payload", r.tx.payload)
        self.out(m, "ctl_tx_ready", r.tx.ready)
        self.into(m, "ctl_tx_toggle", r.tx_data_pid)

        # tokens and handshakes of the bus, for the bulk endpoints
        t = e.tokenizer
        for name in ("endpoint", "new_token", "ready_for_response", "is_in", "is_out", "is_ping"):
            self.out(m, "token_" + name, getattr(t, name))
        self.out(m, "host_ack", e.handshakes_in.ack)
        self.out(m, "rx_valid", e.rx.valid)
        self.out(m, "rx_next", e.rx.next)
        self.out(m, "rx_payload", e.rx.payload)
        self.out(m, "rx_complete", e.rx_complete)
        self.out(m, "rx_invalid", e.rx_invalid)
        self.out(m, "rx_ready_for_response", e.rx_ready_for_response)
        self.out(m, "rx_toggle", e.rx_pid_toggle[0])
        self.into(m, "ep_ack", e.handshakes_out.ack)
        self.into(m, "ep_nak", e.handshakes_out.nak)
        self.into(m, "ep_stall", e.handshakes_out.stall)
        self.into(m, "ep_tx_valid", e.tx.valid)
        self.into(m, "ep_tx_first", e.tx.first)
        self.into(m, "ep_tx_last", e.tx.last)
        self.into(m, "ep_tx_payload", e.tx.payload)
        self.out(m, "ep_tx_ready", e.tx.ready)
        self.into(m, "ep_tx_toggle", e.tx_pid_toggle)
        return m


def main():
    kind, path = sys.argv[1:]
    core = Core(kind)
    fragment = Fragment.get(core, None)  # makes the ports too
    text = verilog.convert(fragment, name="glb_luna_" + kind, ports=core.ports, emit_src=False, strip_internal_attrs=True)
    with open(path, "w", encoding="ascii") as f:
        f.write(NOTICE + text)


main()
