/* JSON is JSON whatever the texts, numbers and locale. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include "tool/output/json.h"

static char *text;
static size_t size;
static struct json j;

static void begin(void) {
    json_begin(&j, open_memstream(&text, &size));
}

static void expect(const char *want) {
    json_end(&j);
    fclose(j.to);
    assert_string_equal(text, want);
    free(text);
}

static void texts(void **state) {
    (void)state;
    begin();
    json_text(&j, "quoted", "a\"b\\c\n\x01");
    json_text(&j, "utf-8", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
    expect("{\"quoted\": \"a\\\"b\\\\c\\u000a\\u0001\", \"utf-8\": "
           "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}\n");
}

#define BAD "\xef\xbf\xbd"

static void bytes_that_are_no_text(void **state) {
    static const struct {
        const char *bytes, *want;
    } cases[] = {
        {"\xff", BAD},
        {"a\xe4z", "a" BAD "z"},               /* Latin-1 */
        {"\xc3", BAD},                         /* cut off */
        {"\xe2\x82", BAD BAD},                 /* the same */
        {"\xc0\xaf", BAD BAD},                 /* overlong */
        {"\xe0\x80\xaf", BAD BAD BAD},         /* overlong */
        {"\xed\xa0\x80", BAD BAD BAD},         /* a surrogate */
        {"\xf4\x90\x80\x80", BAD BAD BAD BAD}, /* beyond U+10FFFF */
        {"\xf0\x8f\xbf\xbf", BAD BAD BAD BAD}, /* overlong */
        {"\x80\xc3\xa4", BAD "\xc3\xa4"},      /* from the middle of a character */
        {"\xf5\x80\x80\x80", BAD BAD BAD BAD},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char want[64];
        begin();
        json_text(&j, "k", cases[i].bytes);
        snprintf(want, sizeof want, "{\"k\": \"%s\"}\n", cases[i].want);
        expect(want);
    }
}

static void put_numbers(void) {
    const double reals[] = {0.1, 1e300, -2.5};
    begin();
    json_real(&j, "third", 1.0 / 3);
    json_real(&j, "sum", 0.1 + 0.2); /* 17 digits, not 0.3 */
    json_real(&j, "nan", NAN);
    json_reals(&j, "list", reals, 3);
    json_uint(&j, "seed", UINT64_MAX);
    json_bool(&j, "flag", 1);
    expect("{\"third\": 0.3333333333333333, \"sum\": 0.30000000000000004, \"nan\": null, \"list\": "
           "[0.1, 1e+300, -2.5], "
           "\"seed\": 18446744073709551615, \"flag\": true}\n");
}

static void numbers(void **state) {
    (void)state;
    put_numbers();
}

static void numbers_in_another_locale(void **state) {
    char folder[] = "/tmp/glb-test-json-XXXXXX", command[200];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >%s/log 2>&1",
             folder, folder);
    const int made =
        system(command) == 0 && !setenv("LOCPATH", folder, 1) && setlocale(LC_ALL, "de_DE.UTF-8");
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
    if (!made)
        skip(); /* no localedef here */
    put_numbers();
    setlocale(LC_ALL, "C");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_in_another_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
