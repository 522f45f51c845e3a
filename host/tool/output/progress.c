/* The progress bar. SPDX-License-Identifier: Apache-2.0 */
#include "tool/output/progress.h"
#include "base/seconds.h"

#include <stdio.h>
#include <unistd.h>

void progress_begin(struct progress *p, const char *what) {
    *p = (struct progress){
        .what = what, .on = isatty(STDERR_FILENO), .start = glb_seconds(CLOCK_MONOTONIC)};
}

void progress_show(struct progress *p, double fraction, const char *note) {
    enum { WIDTH = 30 };
    if (!p->on)
        return;
    const double t = glb_seconds(CLOCK_MONOTONIC);
    if (t - p->shown < 0.1)
        return;
    p->shown = t;
    char bar[WIDTH + 1], eta[32] = "";
    for (int i = 0; i < WIDTH; i++)
        bar[i] = i < fraction * WIDTH ? '#' : '.';
    bar[WIDTH] = 0;
    if (fraction > 0.001) {
        const long left = (long)((t - p->start) * (1 - fraction) / fraction + 0.5);
        snprintf(eta, sizeof eta, "%ld:%02ld:%02ld left", left / 3600, left / 60 % 60, left % 60);
    }
    fprintf(stderr, "\r%s [%s] %3.0f %%  %s  %s\033[K", p->what, bar, 100 * fraction, eta,
            note ? note : "");
    fflush(stderr);
}

void progress_end(struct progress *p) {
    if (p->on && p->shown > 0)
        fputs("\r\033[K", stderr);
    p->on = 0;
}
