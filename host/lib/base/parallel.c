/* A pool of threads: started when first needed, parked on a condition variable between calls. The
 * caller takes pieces too, so a call ends even if no thread can be started and even if all are busy
 * with other calls. SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"

#include <glauber.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

struct call {
    void (*fn)(void *, int, int);
    void *user;
    int n, pieces;
    int next; /* piece to give out */
    int open; /* pieces given out or still to give, not finished */
    pthread_cond_t finished;
    struct call *following;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of everything below and in calls */
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static struct call *calls; /* with pieces to give out, newest first */
static int workers, idle;
static atomic_int limit; /* glb_set_threads(); 0: none */

int glb_online_cores(void) {
    for (size_t cpus = 1024; cpus <= 1 << 20; cpus *= 4) { /* the set must hold the machine's */
        cpu_set_t *set = CPU_ALLOC(cpus);
        const size_t size = CPU_ALLOC_SIZE(cpus);
        int n = 0;
        if (set && sched_getaffinity(0, size, set) == 0)
            n = CPU_COUNT_S(size, set);
        CPU_FREE(set);
        if (n > 0)
            return n;
    }
    return 1;
}

void glb_set_threads(int threads) {
    limit = threads > 0 ? threads : 0;
}

int glb_threads(void) {
    const int set = limit;
    return set ? set : glb_online_cores();
}

/* The newest call that has a piece: nested calls end first. */
static struct call *take(int *piece) {
    struct call *c = calls;
    *piece = c->next++;
    if (c->next == c->pieces)
        calls = c->following;
    return c;
}

/* Under the lock, which it leaves while fn runs. */
static void run_piece(struct call *c, int piece) {
    pthread_mutex_unlock(&lock);
    c->fn(c->user, (int)((long)c->n * piece / c->pieces),
          (int)((long)c->n * (piece + 1) / c->pieces));
    pthread_mutex_lock(&lock);
    if (--c->open == 0)
        pthread_cond_signal(&c->finished);
}

static void *worker(void *unused) {
    (void)unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        int piece;
        idle++;
        while (!calls)
            pthread_cond_wait(&work, &lock);
        idle--;
        struct call *c = take(&piece);
        run_piece(c, piece);
    }
    return NULL;
}

/* After fork() the child has none of the threads. */
static void before_fork(void) {
    pthread_mutex_lock(&lock);
}

static void in_parent(void) {
    pthread_mutex_unlock(&lock);
}

static void in_child(void) {
    pthread_mutex_init(&lock, NULL);
    pthread_cond_init(&work, NULL);
    calls = NULL;
    workers = idle = 0;
}

static void watch_forks(void) {
    pthread_atfork(before_fork, in_parent, in_child);
}

/* Threads of the pool take no signals: those are for the program's own. */
static void start_worker(void) {
    sigset_t all, before;
    pthread_attr_t detached;
    pthread_t id;
    sigfillset(&all);
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&id, &detached, worker, NULL) == 0)
        workers++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&detached);
}

/* Takes c out of the list; it may be anywhere in it. */
static void unlink_call(struct call *c) {
    for (struct call **at = &calls; *at; at = &(*at)->following)
        if (*at == c) {
            *at = c->following;
            return;
        }
}

void glb_parallel(int threads, int n, void (*fn)(void *user, int first, int end), void *user) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const int most = limit;
    if (threads < 1)
        threads = n > 1 ? glb_threads() : 1;
    if (most && threads > most)
        threads = most;
    if (threads > n)
        threads = n;
    if (threads <= 1) {
        fn(user, 0, n);
        return;
    }
    pthread_once(&once, watch_forks);
    struct call c = {.fn = fn,
                     .user = user,
                     .n = n,
                     .pieces = threads,
                     .open = threads,
                     .finished = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&lock);
    while (workers < threads - 1) {
        const int before = workers;
        start_worker();
        if (workers == before)
            break;
    }
    c.following = calls;
    calls = &c;
    for (int k = 0; k < threads - 1 && k < idle; k++)
        pthread_cond_signal(&work);
    while (c.next < c.pieces) {
        const int piece = c.next++;
        if (c.next == c.pieces)
            unlink_call(&c);
        run_piece(&c, piece);
    }
    while (c.open)
        pthread_cond_wait(&c.finished, &lock);
    pthread_mutex_unlock(&lock);
}
