/* Commands whose library gives what it seldom gives: a wrong program, boards, a line with losses.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "array/program.h"
#include "compiler/compile.h"
#include "device/device.h"
#include "tool/cli.h"
#include "transports/usb_find.h"

/* ---- what the library gives instead; the linker's --wrap ---- */

static int spoil; /* the compiler's programs lose a network word */

enum glb_status __real_glb_compile(const struct glb_graph *g, const struct glb_array *a,
                                   const struct glb_compile_options *o, struct glb_program **out,
                                   struct glb_compile_report *report);
enum glb_status __wrap_glb_compile(const struct glb_graph *g, const struct glb_array *a,
                                   const struct glb_compile_options *o, struct glb_program **out,
                                   struct glb_compile_report *report);
enum glb_status __wrap_glb_compile(const struct glb_graph *g, const struct glb_array *a,
                                   const struct glb_compile_options *o, struct glb_program **out,
                                   struct glb_compile_report *report) {
    const enum glb_status s = __real_glb_compile(g, a, o, out, report);
    for (int i = 0; !s && spoil && i < (*out)->s_used * glb_array_chunks(&(*out)->array); i++)
        (*out)->net[i] ^= 1;
    return s;
}

enum glb_status __wrap_glb_device_line_counters(struct glb_device *d,
                                                const struct glb_line_counters **out);
enum glb_status __wrap_glb_device_line_counters(struct glb_device *d,
                                                const struct glb_line_counters **out) {
    static const struct glb_line_counters lost = {sizeof lost, 4294967295u, 32,
                                                  43,          54,          UINT64_C(1) << 40};
    (void)d;
    *out = &lost;
    return GLB_OK;
}

static int boards;
int __wrap_glb_usb_find(libusb_context *ctx, struct glb_usb_board *found);
int __wrap_glb_usb_find(libusb_context *ctx, struct glb_usb_board *found) {
    static const struct glb_usb_board two[] = {{.serial = "G1",
                                                .product = "glauber ulx3s-85",
                                                .problem = "",
                                                .speed = "high speed",
                                                .bus = 3,
                                                .address = 17},
                                               {.serial = "",
                                                .product = "",
                                                .problem = "no permission",
                                                .speed = "full speed",
                                                .bus = 1,
                                                .address = 2}};
    (void)ctx;
    memcpy(found, two, (size_t)boards * sizeof *two);
    return boards;
}
void __wrap_glb_usb_free_boards(struct glb_usb_board *found, int n);
void __wrap_glb_usb_free_boards(struct glb_usb_board *found, int n) {
    (void)found;
    assert_int_equal(n, boards);
}

/* ---- a command and what it prints ---- */

static char said[4000];

static int run(int (*command)(int, char **), const char *const *words, int count) {
    char *argv[8] = {NULL};
    int standard[2];
    FILE *to = tmpfile();
    fflush(stdout);
    for (int k = 0; k < 2; k++) { /* both streams */
        standard[k] = dup(k + 1);
        dup2(fileno(to), k + 1);
    }
    for (int i = 0; i < count; i++)
        argv[i] = (char *)(uintptr_t)words[i];
    const int status = command(count, argv);
    fflush(stdout);
    for (int k = 0; k < 2; k++) {
        dup2(standard[k], k + 1);
        close(standard[k]);
    }
    rewind(to);
    said[fread(said, 1, sizeof said - 1, to)] = 0;
    fclose(to);
    return status;
}
#define RUN(command, ...)                                                                          \
    run(command, (const char *const[]){__VA_ARGS__},                                               \
        (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)))

static void contains(const char *text) {
    if (!strstr(said, text))
        fail_msg("'%s' is not in: %s", text, said);
}

/* ---- tests ---- */

static void compile_verify_finds_a_wrong_program(void **state) {
    char graph[] = "/tmp/glb-test-commands-XXXXXX";
    FILE *f = fdopen(mkstemp(graph), "w");
    (void)state;
    fputs("30 60\n", f);
    for (int i = 1; i <= 30; i++)
        fprintf(f, "%d %d 1\n%d %d 1\n", i, i % 30 + 1, i, (i + 6) % 30 + 1);
    fclose(f);
    assert_int_equal(RUN(cmd_compile, "compile", graph, "--array=small", "--verify"), CLI_OK);
    contains("verified: every read");
    spoil = 1;
    assert_int_equal(RUN(cmd_compile, "compile", graph, "--array=small", "--verify"), CLI_FAILED);
    contains("glauber: verify: segment 0");
    assert_null(strstr(said, "verified"));
    assert_int_equal(RUN(cmd_compile, "compile", graph, "--array=small"), CLI_OK);
    assert_null(strstr(said, "verified"));
    spoil = 0;
    unlink(graph);
}

static void info_shows_each_loss(void **state) {
    (void)state;
    assert_int_equal(RUN(cmd_info, "info", "--device=emu", "--array=tiny", "--json"), CLI_OK);
    contains("\"frames\": 4294967295, \"bad_crc\": 32, \"refused\": 43, \"skipped_by_board\": 54, "
             "\"skipped_by_host\": 1099511627776}\n");
    assert_int_equal(RUN(cmd_info, "info", "--array=tiny"), CLI_OK);
    contains("line       4294967295 frames, 32 with a bad CRC, 43 refused; bytes between frames: "
             "54 at the board, 1099511627776 here\n");
}

static void list_shows_each_board(void **state) {
    (void)state;
    boards = 2;
    assert_int_equal(RUN(cmd_list, "list", "--json"), CLI_OK);
    assert_string_equal(
        said, "{\"device\": \"usb:G1\", \"serial\": \"G1\", \"product\": \"glauber ulx3s-85\", "
              "\"speed\": \"high speed\", \"bus\": 3, \"address\": 17, \"problem\": \"\"}\n"
              "{\"device\": \"usb:?\", \"serial\": \"\", \"product\": \"\", \"speed\": \"full "
              "speed\", \"bus\": 1, \"address\": 2, \"problem\": \"no permission\"}\n");
    assert_int_equal(RUN(cmd_list, "list"), CLI_OK);
    contains("usb:G1                   bus 3, device 17, high speed\n");
    contains("usb:?                    bus 1, device 2, full speed: cannot be opened, no "
             "permission\n");
    boards = 0;
    assert_int_equal(RUN(cmd_list, "list"), CLI_OK);
    contains("no board on USB");
    assert_int_equal(RUN(cmd_list, "list", "--json"), CLI_OK);
    assert_string_equal(said, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compile_verify_finds_a_wrong_program),
        cmocka_unit_test(info_shows_each_loss),
        cmocka_unit_test(list_shows_each_board),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
