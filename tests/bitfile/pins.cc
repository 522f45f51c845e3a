// A Verilated board at its pins: clock, and a serial line between them and a pseudo-terminal, at
// which the host library finds a board. Usage: pins LINK CLK_HZ BAUD FAULT: LINK becomes a symbolic
// link to the terminal, FAULT is the level of the input of that name; ends when its user has gone.
// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include "Vbit_top.h"
#include "verilated.h"

namespace {
constexpr int kPoll = 256; // clocks between two looks at the terminal

struct Line { // both directions, in clocks
    uint64_t clk_hz, baud;
    uint64_t clocks(uint64_t half_bits) const {
        return half_bits * clk_hz / (2 * baud);
    }
};

struct Sender { // to the board
    std::deque<uint8_t> bytes;
    uint64_t start = 0;
    bool busy = false;

    bool level(const Line &line, uint64_t now) {
        if (busy && now >= start + line.clocks(20))
            busy = false;
        if (!busy && !bytes.empty()) {
            busy = true;
            start = now;
        }
        if (!busy)
            return true;
        const uint64_t bit = (now - start) * line.baud / line.clk_hz;
        if (bit == 0)
            return false;
        const bool high = bit > 8 || (bytes.front() >> (bit - 1) & 1);
        if (now + 1 >= start + line.clocks(20))
            bytes.pop_front();
        return high;
    }
};

struct Receiver { // from the board
    uint64_t start = 0;
    int bits = -1; // -1: idle
    unsigned shift = 0;

    // true: *byte has arrived
    bool sample(const Line &line, uint64_t now, bool level, uint8_t *byte) {
        if (bits < 0) {
            if (!level) {
                bits = 0;
                shift = 0;
                start = now;
            }
            return false;
        }
        if (now != start + line.clocks(2 * (unsigned)bits + 3))
            return false;
        if (++bits < 9) {
            shift |= (unsigned)level << (bits - 1);
            return false;
        }
        bits = -1;
        if (!level)
            fprintf(stderr, "pins: a byte without a stop bit at clock %llu\n",
                    (unsigned long long)now);
        *byte = (uint8_t)shift;
        return true;
    }
};

int open_terminal(const char *link) {
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) || unlockpt(master))
        return -1;
    struct termios t;
    const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (slave < 0 || tcgetattr(slave, &t))
        return -1;
    cfmakeraw(&t);
    tcsetattr(slave, TCSANOW, &t);
    close(slave);
    fcntl(master, F_SETFL, O_NONBLOCK);
    unlink(link);
    return symlink(ptsname(master), link) ? -1 : master;
}

// false: the user has gone
bool read_terminal(int master, std::deque<uint8_t> *to, bool *seen) {
    uint8_t b[4096];
    const ssize_t n = read(master, b, sizeof b);
    if (n > 0) {
        *seen = true;
        to->insert(to->end(), b, b + n);
    }
    if (n < 0 && errno == EIO && !*seen)
        usleep(1000); // nobody has opened it yet
    return !(n < 0 && errno == EIO && *seen);
}
} // namespace

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: pins LINK CLK_HZ BAUD FAULT\n");
        return 2;
    }
    const Line line = {strtoull(argv[2], nullptr, 10), strtoull(argv[3], nullptr, 10)};
    const int master = open_terminal(argv[1]);
    if (master < 0) {
        perror("pins: pseudo-terminal");
        return 2;
    }
    VerilatedContext context;
    Vbit_top top(&context);
    Sender to_board;
    Receiver from_board;
    bool seen = false;
    uint64_t now = 0, received = 0;
    top.rx = 1;
    top.fault = argv[4][0] == '1';
    for (;; now++) {
        if (now % kPoll == 0 && to_board.bytes.size() < 2 &&
            !read_terminal(master, &to_board.bytes, &seen))
            break;
        top.rx = to_board.level(line, now);
        top.clk = 1;
        top.eval();
        top.clk = 0;
        top.eval();
        uint8_t byte;
        if (!from_board.sample(line, now, top.tx, &byte))
            continue;
        received++;
        while (write(master, &byte, 1) != 1 && errno == EAGAIN)
            usleep(100);
    }
    printf("pins: %llu clocks, %llu bytes from the board\n", (unsigned long long)now,
           (unsigned long long)received);
    top.final();
    return 0;
}
