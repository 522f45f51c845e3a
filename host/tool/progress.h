/* A progress bar with the time left, on a terminal only. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TOOL_PROGRESS_H
#define GLB_TOOL_PROGRESS_H

struct glb_progress {
    const char *what;
    int on; /* stderr is a terminal */
    double start, shown;
};

void glb_progress_begin(struct glb_progress *p, const char *what);
/* fraction 0 .. 1; note (may be NULL) is shown behind the bar. Draws at most ten times a second. */
void glb_progress_show(struct glb_progress *p, double fraction, const char *note);
void glb_progress_end(struct glb_progress *p); /* wipes the line */

#endif
