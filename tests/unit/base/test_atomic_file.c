/* Output files: they appear whole or not at all, never replace what is no file, and leave nothing
 * behind; numbers have a point in every locale. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <signal.h>
#include <unistd.h>
#include "base/atomic_file.h"
#include "base/c_locale.h"

static char folder[] = "/tmp/glb-test-atomic-XXXXXX", path[64];

static const char *in_folder(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
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

static enum glb_status text(const void *user, FILE *to) {
    fputs(user, to);
    return GLB_OK;
}

static enum glb_status fails(const void *user, FILE *to) {
    fputs("half", to);
    return glb_fail(GLB_ERR_FORMAT, "%s", (const char *)user);
}

static void expect_content(const char *name, const char *want) {
    char line[64] = "";
    FILE *f = fopen(in_folder(name), "r");
    assert_non_null(f);
    if (!fgets(line, sizeof line, f))
        line[0] = 0;
    fclose(f);
    assert_string_equal(line, want);
}

static void written_whole_or_not_at_all(void **state) {
    (void)state;
    assert_int_equal(glb_atomic_write(in_folder("a"), text, "one"), GLB_OK);
    assert_int_equal(glb_atomic_write(in_folder("a"), fails, "why"), GLB_ERR_FORMAT);
    assert_string_equal(glb_error(), "why");
    expect_content("a", "one");
    assert_int_equal(glb_atomic_write(in_folder("a"), text, "two"), GLB_OK);
    expect_content("a", "two");
    assert_int_equal(glb_atomic_check(in_folder("b")), GLB_OK);
    assert_int_equal(entries(), 1);
}

static void two_writers_do_not_mix(void **state) {
    struct glb_atomic_file one, two;
    (void)state;
    assert_int_equal(glb_atomic_create(&one, in_folder("a")), GLB_OK);
    assert_int_equal(glb_atomic_create(&two, in_folder("a")), GLB_OK);
    assert_string_not_equal(one.temporary, two.temporary);
    assert_int_equal(entries(), 3);
    assert_int_equal(glb_atomic_commit(&one), GLB_OK);
    glb_fail(GLB_ERR_FORMAT, "first");
    glb_atomic_discard(&two);
    assert_string_equal(glb_error(), "first");
    glb_atomic_discard(&one);
    assert_int_equal(entries(), 1);
    assert_int_equal(glb_atomic_commit(&one), GLB_OK); /* of nothing */
}

static void a_rename_that_fails_leaves_nothing(void **state) {
    struct glb_atomic_file f;
    (void)state;
    assert_int_equal(glb_atomic_create(&f, in_folder("late")), GLB_OK);
    assert_int_equal(mkdir(in_folder("late"), 0777), 0);
    assert_int_equal(glb_atomic_commit(&f), GLB_ERR_FILE);
    assert_non_null(strstr(glb_error(), "late"));
    assert_int_equal(rmdir(in_folder("late")), 0);
    assert_int_equal(entries(), 1);
}

static void refuse(const char *name, const char *words) {
    assert_int_not_equal(glb_atomic_write(name, text, "x"), GLB_OK);
    if (!strstr(glb_error(), words))
        fail_msg("'%s' lacks '%s'", glb_error(), words);
}

/* A device and a link to it. Root could replace the machine's, so its test makes one of its own. */
static void devices_are_not_replaced(void) {
    char device[64] = "/dev/full";
    if (geteuid() == 0) {
        snprintf(device, sizeof device, "%s/full", folder);
        if (mknod(device, S_IFCHR | 0666, makedev(1, 7)) != 0)
            return; /* a container without devices */
    }
    refuse(device, "device");
    assert_int_equal(symlink(device, in_folder("link")), 0);
    refuse(path, "device");
    unlink(path);
    if (geteuid() == 0)
        unlink(device);
}

static void only_files_are_replaced(void **state) {
    const int before = entries();
    char target[64];
    (void)state;
    devices_are_not_replaced();
    refuse("", "empty");
    refuse(folder, "directory");
    refuse("/proc/nothing", "/proc/nothing");
    refuse(in_folder("nowhere/x"), "make its folder");
    assert_int_equal(symlink("nothing", in_folder("link")), 0);
    refuse(path, "does not exist");
    unlink(path);
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    refuse(path, "pipe");
    unlink(path);
    if (geteuid() != 0) {
        assert_int_equal(chmod(in_folder("a"), 0400), 0);
        refuse(path, strerror(EACCES));
        assert_int_equal(chmod(path, 0600), 0);
    }
    snprintf(target, sizeof target, "%s/a", folder);
    assert_int_equal(symlink(target, in_folder("link")), 0);
    assert_int_equal(glb_atomic_write(path, text, "through the link"), GLB_OK);
    struct stat st;
    assert_true(lstat(path, &st) == 0 && S_ISLNK(st.st_mode));
    unlink(path);
    expect_content("a", "through the link");
    assert_int_equal(entries(), before);
}

static enum glb_status megabyte(const void *user, FILE *to) {
    (void)user;
    for (int i = 0; i < 1 << 20; i++)
        putc('x', to);
    return GLB_OK;
}

/* A limit on the size of files is as good as a full disk. */
static void a_full_disk_is_named(void **state) {
    struct rlimit before, small;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 4096;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum glb_status s = glb_atomic_write(in_folder("big"), megabyte, NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(s, GLB_ERR_FILE);
    assert_non_null(strstr(glb_error(), strerror(EFBIG)));
    assert_int_equal(entries(), 1);
}

/* Without a locale of another decimal point on this machine, one is made. */
static void numbers_have_a_point(void **state) {
    char command[256], number[16];
    (void)state;
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >%s/log 2>&1",
             folder, folder);
    if (system(command) != 0 || setenv("LOCPATH", folder, 1) || !setlocale(LC_ALL, "de_DE.UTF-8")) {
        print_message("no localedef: not tested\n");
        skip();
    }
    snprintf(number, sizeof number, "%.1f", 0.5);
    assert_string_equal(number, "0,5");
    const locale_t other = glb_c_locale_begin();
    snprintf(number, sizeof number, "%.1f", 0.5);
    glb_c_locale_end(other);
    assert_string_equal(number, "0.5");
    snprintf(number, sizeof number, "%.1f", 0.5);
    assert_string_equal(number, "0,5");
    setlocale(LC_ALL, "C");
}

static int begin(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state) {
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_whole_or_not_at_all),
        cmocka_unit_test(two_writers_do_not_mix),
        cmocka_unit_test(a_rename_that_fails_leaves_nothing),
        cmocka_unit_test(only_files_are_replaced),
        cmocka_unit_test(a_full_disk_is_named),
        cmocka_unit_test(numbers_have_a_point),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
