/* A board at a pseudo terminal: prints the name of the device, then answers as the emulated board
 * behind the byte protocol until standard input ends or the process is killed, which unplugs it.
 * Usage: serial_board ARRAY. SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>
#include "transports/transports.h"

/* Passes bytes that came to the board, and its answers back, also those that come later. */
static void serve(int master, short events, struct glb_transport *board) {
    uint8_t in[512], out[512];
    ssize_t n = events & POLLIN ? read(master, in, sizeof in) : 0;
    size_t sent, got, at = 0;
    n = n > 0 ? n : 0;
    do {
        sent = 0;
        board->exchange(board->self, in + at, (size_t)n - at, &sent, out, sizeof out, &got);
        at += sent;
        for (size_t given = 0; given < got;) {
            const ssize_t k = write(master, out + given, got - given);
            given += k > 0 ? (size_t)k : 0;
        }
    } while (at < (size_t)n || got);
}

int main(int argc, char **argv) {
    struct glb_transport board;
    struct termios t;
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (argc != 2 || master < 0 || grantpt(master) || unlockpt(master) || tcgetattr(master, &t) ||
        glb_emu_port_open(argv[1], NULL, &board) != GLB_OK)
        return 2;
    cfmakeraw(&t);
    tcsetattr(master, TCSANOW, &t);
    /* kept open, so that the line stays up while the device is closed */
    const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    printf("uart:%s\n", ptsname(master));
    fflush(stdout);
    for (;;) {
        struct pollfd p[] = {{.fd = master, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
        if (poll(p, 2, 1) > 0 && p[1].revents)
            break;
        serve(master, p[0].revents, &board);
    }
    close(slave);
    board.close(board.self);
    return 0;
}
