/* Names of devices and the table of transports. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "device/device.h"
#include "transports/transports.h"

static void test_names(void **state) {
    const char *argument;
    (void)state;
    static const struct {
        const char *device, *argument;
        glb_transport_open_fn open;
    } good[] = {{"sim", NULL, glb_sim_transport_open},
                {"SIM", NULL, glb_sim_transport_open},
                {"emu-port", NULL, glb_emu_port_open},
                {"usb", NULL, glb_usb_transport_open},
                {"Usb:GLB0001", "GLB0001", glb_usb_transport_open},
                {"usb:a:b", "a:b", glb_usb_transport_open},
                {"uart:/dev/ttyUSB0:115200", "/dev/ttyUSB0:115200", glb_uart_transport_open},
                {"uart:", "", glb_uart_transport_open}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const struct glb_transport_kind *k = glb_transport_find(good[i].device, &argument);
        assert_non_null(k);
        assert_true(k->open == good[i].open);
        if (good[i].argument)
            assert_string_equal(argument, good[i].argument);
        else
            assert_null(argument);
    }
    static const char *bad[] = {"", "emu", "si", "simu", "sim:x", "emu-port:", "uart", ":sim"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(glb_transport_find(bad[i], &argument));
}

static void test_forms(void **state) {
    char forms[128], few[12];
    struct glb_device *d;
    (void)state;
    glb_transport_forms(forms, sizeof forms);
    assert_string_equal(forms, "sim, emu-port, usb, usb:SERIAL and uart:/dev/NAME");
    glb_transport_forms(few, sizeof few);
    assert_string_equal(few, "sim, emu-po");
    assert_int_equal(glb_device_open("nothing", "tiny", &d), GLB_ERR_ARGUMENT);
    assert_string_equal(glb_error(),
                        "no device is called nothing; there are emu, sim, emu-port, usb, "
                        "usb:SERIAL and uart:/dev/NAME");
}

static void test_waveforms(void **state) {
    struct glb_device *d;
    (void)state;
    static const char *devices[] = {"emu", "emu-port"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(glb_device_open(devices[i], "tiny", &d), GLB_OK);
        assert_int_equal(glb_device_trace(d, "/dev/null"), GLB_ERR_UNSUPPORTED);
        glb_device_close(d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_forms),
                                       cmocka_unit_test(test_waveforms)};
    return cmocka_run_group_tests_name("transports", tests, NULL, NULL);
}
