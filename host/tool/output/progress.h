/* A progress bar with the time left, on a terminal only. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_OUTPUT_PROGRESS_H
#define GLB_TOOL_OUTPUT_PROGRESS_H

struct progress {
    const char *what;
    int on; /* stderr is a terminal */
    double start, shown;
};

void progress_begin(struct progress *p, const char *what);
/* fraction 0 .. 1; note (may be NULL) is shown behind the bar. Draws at most ten times a second. */
void progress_show(struct progress *p, double fraction, const char *note);
void progress_end(struct progress *p); /* wipes the line */

#endif
