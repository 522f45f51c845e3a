/* rtl/glb_proto.svh and protocol.h give the same numbers: every macro both have, by name. Run from
 * the repository's root. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "array/array.h"
#include "array/protocol.h"

static const struct {
    const char *name;
    unsigned long value;
} NUMBERS[] = {
    {"GLB_PROTO_VERSION", GLB_PROTO_VERSION},
    {"GLB_PROTO_MAGIC", GLB_PROTO_MAGIC},
    {"GLB_SYNC_HOST", GLB_SYNC_HOST},
    {"GLB_SYNC_DEVICE", GLB_SYNC_DEVICE},
    {"GLB_MAX_PAYLOAD", GLB_MAX_PAYLOAD},
    {"GLB_HEADER_BYTES", GLB_HEADER_BYTES},
    {"GLB_CRC_BYTES", GLB_CRC_BYTES},
    {"GLB_RUN_BYTES", GLB_RUN_BYTES},
    {"GLB_IDENT_BYTES", GLB_IDENT_BYTES},
    {"GLB_DONE_BYTES", GLB_DONE_BYTES},
    {"GLB_CMD_IDENT", GLB_CMD_IDENT},
    {"GLB_CMD_STATUS", GLB_CMD_STATUS},
    {"GLB_CMD_WRITE", GLB_CMD_WRITE},
    {"GLB_CMD_RUN", GLB_CMD_RUN},
    {"GLB_CMD_ABORT", GLB_CMD_ABORT},
    {"GLB_TYPE_DATA", GLB_TYPE_DATA},
    {"GLB_TYPE_DONE", GLB_TYPE_DONE},
    {"GLB_TYPE_REPLY", GLB_TYPE_REPLY},
    {"GLB_TARGET_SCHED", GLB_TARGET_SCHED},
    {"GLB_TARGET_NET", GLB_TARGET_NET},
    {"GLB_TARGET_COUPLING", GLB_TARGET_COUPLING},
    {"GLB_TARGET_STATE", GLB_TARGET_STATE},
    {"GLB_TARGET_SEG", GLB_TARGET_SEG},
    {"GLB_TARGET_BETA", GLB_TARGET_BETA},
    {"GLB_TARGET_RUNS", GLB_TARGET_RUNS},
    {"GLB_TARGET_STATES", GLB_TARGET_STATES},
    {"GLB_TARGETS", GLB_TARGETS},
    {"GLB_WIRE_OK", GLB_WIRE_OK},
    {"GLB_WIRE_BAD_CRC", GLB_WIRE_BAD_CRC},
    {"GLB_WIRE_BAD_LENGTH", GLB_WIRE_BAD_LENGTH},
    {"GLB_WIRE_BAD_COMMAND", GLB_WIRE_BAD_COMMAND},
    {"GLB_WIRE_BAD_TARGET", GLB_WIRE_BAD_TARGET},
    {"GLB_WIRE_BAD_RANGE", GLB_WIRE_BAD_RANGE},
    {"GLB_WIRE_BUSY", GLB_WIRE_BUSY},
    {"GLB_WIRE_BAD_PARAM", GLB_WIRE_BAD_PARAM},
    {"GLB_WIRE_ABORTED", GLB_WIRE_ABORTED},
    {"GLB_PAGES", GLB_PAGES},
    {"GLB_QUEUE", GLB_JOB_SLOTS},
    {"GLB_SEGMENTS", GLB_SEGMENTS},
    {"GLB_BETA_STEPS", GLB_BETA_STEPS},
    {"GLB_RUNS", GLB_RUNS},
};

/* A Verilog number: 12, 8'ha5, 32'h52424c47 or 4'd3. */
static unsigned long verilog_number(const char *s) {
    const char *tick = strchr(s, '\'');
    if (!tick)
        return strtoul(s, NULL, 10);
    assert_true(tick[1] == 'h' || tick[1] == 'd');
    return strtoul(tick + 2, NULL, tick[1] == 'h' ? 16 : 10);
}

static void same_numbers(void **state) {
    (void)state;
    int seen[sizeof NUMBERS / sizeof *NUMBERS] = {0};
    char line[256], name[64], value[64];
    FILE *f = fopen("rtl/glb_proto.svh", "r");

    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (sscanf(line, "`define %63s %63s", name, value) != 2)
            continue;
        for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
            if (strcmp(NUMBERS[i].name, name) != 0)
                continue;
            assert_int_equal(verilog_number(value), NUMBERS[i].value);
            seen[i]++;
        }
    }
    fclose(f);
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        if (seen[i] != 1)
            print_error("%s: %d times in glb_proto.svh\n", NUMBERS[i].name, seen[i]);
        assert_int_equal(seen[i], 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
