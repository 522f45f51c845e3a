/* A USB/IP server for one virtual device: its socket, one connection at a time.
 * SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/usbip_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { POLL_MS = 200 };

static enum glb_status listen_on(int port, int *fd, int *got) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof a;
    const int on = 1;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd >= 0)
        setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (*fd < 0 || bind(*fd, (struct sockaddr *)&a, sizeof a) || listen(*fd, 4) ||
        getsockname(*fd, (struct sockaddr *)&a, &size)) {
        const int e = errno;
        if (*fd >= 0)
            close(*fd);
        return glb_fail(GLB_ERR_DEVICE,
                        "127.0.0.1:%d cannot be listened on: %s; is another server "
                        "running? --port N takes another port",
                        port, strerror(e));
    }
    *got = ntohs(a.sin_port);
    return GLB_OK;
}

enum glb_status glb_usbip_serve(const struct glb_usb_device *device, int port,
                                const atomic_int *stop, FILE *log) {
    int fd;
    enum glb_status s = listen_on(port, &fd, &port);
    if (s)
        return s;
    if (log) {
        fprintf(log,
                "listening on 127.0.0.1:%d\nattach it:  modprobe vhci-hcd; usbip --tcp-port %d "
                "attach -r 127.0.0.1 -b 1-1\n",
                port, port);
        fflush(log);
    }
    while (!*stop) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        const int on = 1;
        if (poll(&p, 1, POLL_MS) <= 0)
            continue;
        const int c = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        if (c < 0)
            continue;
        setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (glb_usbip_session(c, fd, device, stop, log) && log) /* the next one may do better */
            fprintf(log, "connection ended: %s\n", glb_error());
        close(c);
    }
    close(fd);
    return GLB_OK;
}
