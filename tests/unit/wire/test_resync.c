/* Getting into step with a device that was in use before, and resetting one that stays silent.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "array/protocol.h"
#include "support/scripted_device.h"
#include "wire/transport.h"

enum { STATUS = GLB_TYPE_REPLY | GLB_CMD_STATUS };

static struct scripted_device device;
static int resets, helps; /* how often the device was reset; whether that wakes it */

static struct glb_transport silent_from(int nth) {
    device = (struct scripted_device){.array = glb_array_find("tiny"), .step = 100000};
    if (nth)
        device.fault = (struct fault){.what = WRONG_SILENCE, .type = STATUS, .nth = nth};
    resets = 0;
    return scripted_transport(&device);
}

static enum glb_status reset(void *self) {
    assert_ptr_equal(self, &device);
    resets++;
    if (helps < 0)
        return glb_fail(GLB_ERR_DEVICE, "unplugged");
    device.muted = !helps;
    device.fault = (struct fault){.what = WRONG_NOTHING};
    device.nin = device.nout = 0;
    device.commands = device.skipped = 0;
    return GLB_OK;
}

/* It lasts as long as a job runs; an old reply is not taken for the new one. */
static void busy(void **state) {
    (void)state;
    for (int twice = 0; twice < 2; twice++) {
        struct glb_transport t = silent_from(0);
        t.reset = reset;
        device.busy = 3;
        device.step = 10; /* of the reply's 30 bytes */
        device.fault =
            (struct fault){.what = twice ? WRONG_TWICE : WRONG_NOTHING, .type = STATUS, .nth = 1};
        assert_int_equal(glb_transport_resync(&t), GLB_OK);
        assert_true(device.commands >= 5); /* ABORT, three STATUS while it runs, one more */
        assert_int_equal(device.busy, 0);
        assert_true(device.skipped >= 1024);
        assert_int_equal(device.nout, 0);
        assert_int_equal(resets, 0);
    }
}

static void woken(void **state) {
    (void)state;
    helps = 1;
    for (int nth = 1; nth <= 2; nth++) {
        struct glb_transport t = silent_from(nth);
        t.reset = reset;
        assert_int_equal(glb_transport_resync(&t), GLB_OK);
        assert_int_equal(resets, 1);
        assert_int_equal(device.commands, 3); /* ABORT, STATUS, STATUS, all anew */
        assert_true(device.skipped >= 1024);
    }
}

static void dead(void **state) {
    (void)state;
    for (helps = -1; helps <= 0; helps++) {
        struct glb_transport t = silent_from(1);
        t.reset = reset;
        assert_int_equal(glb_transport_resync(&t), GLB_ERR_DEVICE);
        assert_int_equal(resets, 1);
        if (!helps)
            assert_non_null(strstr(glb_error(), "no answer"));
    }
}

static void without_reset(void **state) {
    (void)state;
    const struct glb_transport t = silent_from(1);
    assert_int_equal(glb_transport_resync(&t), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "no answer; is it a glauber board"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(busy),
        cmocka_unit_test(woken),
        cmocka_unit_test(dead),
        cmocka_unit_test(without_reset),
    };
    return cmocka_run_group_tests_name("resync", tests, NULL, NULL);
}
