/* Waits that fit a simulated board, which is some hundred times slower than a real one: linked with
 * --wrap=poll. SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>

enum { SLOWER = 60 };

int __real_poll(struct pollfd *fds, nfds_t nfds, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t nfds, int timeout);

int __wrap_poll(struct pollfd *fds, nfds_t nfds, int timeout) {
    return __real_poll(fds, nfds, timeout > 0 ? SLOWER * timeout : timeout);
}
