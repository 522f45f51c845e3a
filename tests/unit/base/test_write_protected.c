/* Output files without the right to write: in a process that is not root, since nothing is closed
 * to root. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/atomic_file.h"

enum { NOBODY = 65534, NO_OTHER_USER = 99 };

static char folder[] = "/tmp/glb-test-protected-XXXXXX", path[64];

static const char *in_folder(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static enum glb_status text(const void *user, FILE *to) {
    fputs(user, to);
    return GLB_OK;
}

/* Writes `name` as a user without privileges: the status and the error text of that process. */
static enum glb_status write_unprivileged(const char *name, char error[512]) {
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
                               setresuid(NOBODY, NOBODY, NOBODY)))
            _exit(NO_OTHER_USER);
        const enum glb_status s = glb_atomic_write(in_folder(name), text, "new");
        const ssize_t n = write(ends[1], glb_error(), strlen(glb_error()));
        _exit(n < 0 ? 98 : (int)s);
    }
    close(ends[1]);
    const ssize_t n = read(ends[0], error, 511);
    error[n > 0 ? n : 0] = 0;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_OTHER_USER) {
        print_message("root may not become another user here: not tested\n");
        skip();
    }
    assert_in_range(WEXITSTATUS(status), 0, 90);
    return (enum glb_status)WEXITSTATUS(status);
}

static void make(const char *name, mode_t mode) {
    FILE *f = fopen(in_folder(name), "w");
    assert_non_null(f);
    fputs("old", f);
    fclose(f);
    if (geteuid() == 0)
        assert_int_equal(chown(path, NOBODY, NOBODY), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void expect_content(const char *name, const char *want) {
    char line[16] = "";
    FILE *f = fopen(in_folder(name), "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    assert_string_equal(line, want);
}

static int entries(void) {
    int n = -2; /* . and .. */
    DIR *d = opendir(folder);
    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

/* A rename would replace it all the same: the folder's rights decide about that. */
static void a_write_protected_file_stays(void **state) {
    char error[512];
    (void)state;
    make("mine", 0644);
    make("protected", 0444);
    assert_int_equal(write_unprivileged("mine", error), GLB_OK);
    expect_content("mine", "new");
    assert_int_equal(write_unprivileged("protected", error), GLB_ERR_FILE);
    expect_content("protected", "old");
    if (!strstr(error, "protected: cannot be replaced: ") || !strstr(error, strerror(EACCES)))
        fail_msg("%s", error);
    assert_int_equal(entries(), 2);
}

static void nothing_comes_into_a_closed_folder(void **state) {
    char error[512];
    (void)state;
    make("inside", 0644);
    const int before = entries();
    assert_int_equal(chmod(folder, 0555), 0);
    const enum glb_status fresh = write_unprivileged("fresh", error);
    const bool named =
        strstr(error, "fresh: cannot be created: ") && strstr(error, strerror(EACCES));
    const enum glb_status inside = write_unprivileged("inside", error);
    assert_int_equal(chmod(folder, 0777), 0);
    assert_int_equal(fresh, GLB_ERR_FILE);
    assert_true(named);
    assert_int_equal(inside, GLB_ERR_FILE);
    expect_content("inside", "old");
    assert_int_equal(entries(), before);
}

static int begin(void **state) {
    (void)state;
    return mkdtemp(folder) ? chmod(folder, 0777) : -1;
}

static int end(void **state) {
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_protected_file_stays),
        cmocka_unit_test(nothing_comes_into_a_closed_folder),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
