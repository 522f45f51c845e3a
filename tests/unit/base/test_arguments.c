/* Error texts of each thread, numbers and key=value arguments from text. SPDX-License-Identifier:
 * Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include "base/arguments.h"
#include "base/number.h"
#include "base/status.h"

static void *in_thread(void *user) {
    bool *ok = user;
    *ok = glb_error_status() == GLB_OK && glb_error()[0] == '\0';
    glb_fail(GLB_ERR_DEVICE, "elsewhere");
    return NULL;
}

static void errors(void **state) {
    (void)state;
    pthread_t id;
    bool ok = false;
    assert_int_equal(glb_fail(GLB_ERR_FIT, "%d of %g", 3, 0.5), GLB_ERR_FIT);
    assert_string_equal(glb_error(), "3 of 0.5");
    assert_int_equal(pthread_create(&id, NULL, in_thread, &ok), 0);
    pthread_join(id, NULL);
    assert_true(ok);
    assert_int_equal(glb_error_status(), GLB_ERR_FIT);
    glb_fail(GLB_ERR_FILE, "again: %s", glb_error()); /* the old text as an argument */
    assert_string_equal(glb_error(), "again: 3 of 0.5");
    for (int s = GLB_OK; s <= GLB_ERR_UNSUPPORTED; s++)
        assert_string_not_equal(glb_status_name((enum glb_status)s), "unknown");
    assert_string_equal(glb_status_name((enum glb_status)99), "unknown");
}

static void numbers(void **state) {
    (void)state;
    static const char *const bad_reals[] = {"",    "+",  ".",  "1,5",   "0x10", "inf",
                                            "nan", "1e", "1 ", "1e999", "--1"};
    static const char *const bad_ints[] = {"", "-", "1.0", "1e3", " 1", "1234567890123456789"};
    double x;
    int64_t k;
    for (size_t i = 0; i < sizeof bad_reals / sizeof bad_reals[0]; i++)
        assert_false(glb_parse_real(bad_reals[i], strlen(bad_reals[i]), &x));
    for (size_t i = 0; i < sizeof bad_ints / sizeof bad_ints[0]; i++)
        assert_false(glb_parse_int(bad_ints[i], strlen(bad_ints[i]), &k));
    assert_true(glb_parse_real("-1.5d2xyz", 6, &x) && x == -150); /* Fortran's exponent */
    assert_true(glb_parse_int("-42", 3, &k) && k == -42);
}

static void arguments(void **state) {
    (void)state;
    struct glb_arguments a;
    assert_int_equal(glb_arguments_parse(&a, "it", "n=5,x=0.25,kind=Two,path="), GLB_OK);
    assert_int_equal(glb_argument_int(&a, "n", 1, 0, 9), 5);
    assert_int_equal(glb_argument_int(&a, "m", 7, 0, 9), 7);
    assert_true(glb_argument_real(&a, "x", 1, 0, 1) == 0.25);
    assert_string_equal(glb_arguments_unused(&a), "kind");
    assert_int_equal(glb_argument_choice(&a, "kind", 0, "one|two|three"), 1);
    assert_string_equal(glb_argument_text(&a, "path"), "");
    assert_null(glb_arguments_unused(&a));
    assert_int_equal(a.status, GLB_OK);
    assert_int_equal(glb_argument_int(&a, "n", 3, 6, 9), 3); /* out of range: the fallback */
    assert_int_equal(a.status, GLB_ERR_ARGUMENT);
    assert_string_equal(glb_error(), "it: n=5 must be a whole number from 6 to 9");
    a.status = GLB_OK;
    assert_int_equal(glb_argument_int(&a, "n", 3, 0, 4), 3);
    assert_string_equal(glb_error(), "it: n=5 must be a whole number from 0 to 4");
    assert_int_equal(glb_argument_int(&a, "n", 3, 5, 5), 5);
    glb_argument_choice(&a, "kind", 0, "three|four"); /* the first error stays */
    assert_string_equal(glb_error(), "it: n=5 must be a whole number from 0 to 4");
    glb_arguments_free(&a);

    static const char *const bad[] = {
        "n", "=5", "n=1,n=2", ",",
        ("a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1,l=1,m=1,n=1,o=1,"
         "p=1,q=1")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(glb_arguments_parse(&a, "it", bad[i]), GLB_ERR_ARGUMENT);
        glb_arguments_free(&a);
    }
    assert_int_equal(glb_arguments_parse(&a, "it", NULL), GLB_OK);
    assert_null(glb_argument_text(&a, "n"));
    glb_arguments_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(errors), cmocka_unit_test(numbers),
                                       cmocka_unit_test(arguments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
