/* A transport with a clock: the device behind it as it would be on a bus of some speed with the
 * array at some clock, while the host's own work is timed. Simulated time passes by what the host
 * computes (processor time of its thread), by bytes on the bus and by clocks of the array, each of
 * which waits for what it needs; so it depends on nothing else that the machine does.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_TIMED_BOARD_H
#define BENCH_TIMED_BOARD_H

#include <stdint.h>

struct timed_rates {
    double out, in; /* bytes a second, not at the same time */
    double clock;   /* Hz of the array */
    double latency; /* s, each way, between the host's memory and the bus */
};

struct timed_total { /* s, since the start or timed_board_restart() */
    double now;      /* all of it */
    double array;    /* in which a job ran */
    double out, in;  /* of the bus */
    double host;     /* of the host's processor */
    double waited;   /* in which the host had nothing to do */
    uint64_t out_bytes, in_bytes;
};

/* Of the emulated board that the library opens next (linked with --wrap=glb_emu_port_open): one at
 * a time, for one thread, for commands that it accepts. */
void timed_board_rates(const struct timed_rates *rates);
/* The host works from here on; totals are 0. The device is at rest. */
void timed_board_restart(void);
/* Up to this call. */
struct timed_total timed_board_total(void);

#endif
