/* Threads for one call: starting them costs some 20 microseconds, little against a training step.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"

#include <pthread.h>
#include <unistd.h>

enum { MAX_THREADS = 64 };

struct piece {
    void (*fn)(void *, int, int);
    void *user;
    int first, end;
};

static void *work(void *p) {
    const struct piece *w = p;
    w->fn(w->user, w->first, w->end);
    return NULL;
}

int glb_online_cores(void) {
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (int)n;
}

void glb_parallel(int threads, int n, void (*fn)(void *user, int first, int end), void *user) {
    pthread_t id[MAX_THREADS];
    int started[MAX_THREADS];
    struct piece piece[MAX_THREADS];
    if (threads < 1)
        threads = glb_online_cores();
    if (threads > MAX_THREADS)
        threads = MAX_THREADS;
    if (threads > n)
        threads = n < 1 ? 1 : n;
    for (int t = 0; t < threads; t++)
        piece[t] = (struct piece){fn, user, (int)((long)n * t / threads),
                                  (int)((long)n * (t + 1) / threads)};
    for (int t = 1; t < threads; t++)
        started[t] = pthread_create(&id[t], NULL, work, &piece[t]) == 0;
    work(&piece[0]);
    for (int t = 1; t < threads; t++) {
        if (started[t])
            pthread_join(id[t], NULL);
        else
            work(&piece[t]);
    }
}
