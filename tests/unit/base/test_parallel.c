/* The pool of threads: every index once, nested and concurrent calls, limits, fork.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <glauber.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/parallel.h"

enum { MOST = 1000 };

struct seen {
    atomic_int count[MOST];
    atomic_int pieces, inside, at_once, wrong;
    int nested, wait_us;
};

static void visit(void *user, int first, int end) {
    struct seen *s = user;
    const int inside = ++s->inside;
    for (int most = s->at_once; inside > most;)
        if (atomic_compare_exchange_weak(&s->at_once, &most, inside))
            break;
    s->pieces++;
    if (s->wait_us)
        nanosleep(&(struct timespec){0, 1000L * s->wait_us}, NULL);
    if (s->nested) {
        struct seen *inner = calloc(1, sizeof *inner);
        glb_parallel(3, 50, visit, inner);
        for (int i = 0; i < 50; i++)
            s->wrong += inner->count[i] != 1;
        free(inner);
    }
    for (int i = first; i < end; i++)
        s->count[i]++;
    s->inside--;
}

static bool each_once(const struct seen *s, int n) {
    for (int i = 0; i < MOST; i++)
        if (s->count[i] != (i < n))
            return false;
    return true;
}

static void every_index_once(void **state) {
    (void)state;
    const int sizes[] = {0, 1, 2, 7, 64, 999, MOST};
    for (int threads = 0; threads < 100; threads = threads < 8 ? threads + 1 : threads * 2)
        for (int k = 0; k < 7; k++)
            for (int again = 0; again < 20; again++) {
                struct seen s = {.nested = 0};
                glb_parallel(threads, sizes[k], visit, &s);
                assert_true(each_once(&s, sizes[k]));
                assert_true(threads == 0 || s.pieces <= threads);
            }
}

/* Pieces that sleep run side by side, however few processors there are. */
static void side_by_side(void **state) {
    (void)state;
    for (int round = 0; round < 3; round++) { /* the first one starts the threads */
        struct seen s = {.wait_us = 20000};
        glb_parallel(8, 8, visit, &s);
        assert_int_equal(s.pieces, 8);
        if (s.at_once > 4)
            return;
    }
    fail_msg("at most half of eight threads ran at the same time");
}

static void limit(void **state) {
    (void)state;
    struct seen s = {.wait_us = 1000};
    glb_set_threads(3);
    assert_int_equal(glb_threads(), 3);
    glb_parallel(0, 40, visit, &s);
    assert_true(s.pieces == 3 && s.at_once <= 3 && each_once(&s, 40));
    glb_parallel(16, 40, visit, &s);
    assert_int_equal(s.pieces, 6);
    glb_set_threads(0);
    assert_int_equal(glb_threads(), glb_online_cores());
}

static void *caller(void *user) {
    bool *ok = user;
    for (int k = 0; k < 300; k++) {
        struct seen s = {.nested = k % 3 == 0};
        glb_parallel(1 + k % 5, 1 + k % MOST, visit, &s);
        *ok &= each_once(&s, 1 + k % MOST) && !s.wrong;
    }
    return NULL;
}

static void concurrent_and_nested(void **state) {
    (void)state;
    pthread_t id[4];
    bool ok[4];
    for (int k = 0; k < 4; k++) {
        ok[k] = true;
        assert_int_equal(pthread_create(&id[k], NULL, caller, &ok[k]), 0);
    }
    for (int k = 0; k < 4; k++) {
        pthread_join(id[k], NULL);
        assert_true(ok[k]);
    }
}

/* A child has no threads of the pool and starts its own. */
static void after_fork(void **state) {
    (void)state;
    struct seen s = {.wait_us = 1000};
    glb_parallel(4, 4, visit, &s);
    const pid_t child = fork();
    if (child == 0) {
        struct seen mine = {.wait_us = 20000};
        alarm(20);
        glb_parallel(4, 4, visit, &mine);
        _exit(each_once(&mine, 4) && mine.at_once > 1 ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    glb_parallel(4, 4, visit, &s);
    assert_int_equal(s.pieces, 8);
}

/* Signals go to the program's own threads. */
static void no_signals(void **state) {
    (void)state;
    struct seen s = {.wait_us = 1000};
    sigset_t usr, before;
    sigemptyset(&usr);
    sigaddset(&usr, SIGUSR1);
    glb_parallel(4, 4, visit, &s);
    pthread_sigmask(SIG_BLOCK, &usr, &before);
    kill(getpid(), SIGUSR1); /* would end the process in a thread that does not block it */
    glb_parallel(4, 4, visit, &s);
    const struct timespec none = {0, 0};
    assert_int_equal(sigtimedwait(&usr, NULL, &none), SIGUSR1);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void affinity(void **state) {
    (void)state;
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    assert_int_equal(glb_online_cores(), CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (int c = 0; c < CPU_SETSIZE && !CPU_COUNT(&one); c++)
        if (CPU_ISSET(c, &before))
            CPU_SET(c, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(glb_online_cores(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_index_once),
                                       cmocka_unit_test(side_by_side),
                                       cmocka_unit_test(limit),
                                       cmocka_unit_test(concurrent_and_nested),
                                       cmocka_unit_test(after_fork),
                                       cmocka_unit_test(no_signals),
                                       cmocka_unit_test(affinity)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
