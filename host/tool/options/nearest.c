/* The name that was meant by a mistyped one. SPDX-License-Identifier: Apache-2.0 */
#include "tool/options/options.h"

#include <string.h>

enum { MOST = 31 }; /* letters compared */

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Letters to insert, delete, replace or swap with the next one (optimal string alignment). */
static int distance(const char *a, const char *b) {
    const int n = (int)strnlen(a, MOST), m = (int)strnlen(b, MOST);
    int d[MOST + 1][MOST + 1];
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
                            d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[n][m];
}

const char *cli_nearest(const char *typed, const char *const *names, int count) {
    const size_t length = strlen(typed);
    const char *best = NULL;
    int fewest = length < 4 ? 1 : length < 8 ? 2 : 3;
    for (int i = 0; i < count; i++)
        if (length > 0 && strncmp(names[i], typed, length) == 0)
            return names[i]; /* the start of a name */
    for (int i = 0; i < count; i++) {
        const int d = distance(typed, names[i]);
        if (d < fewest || (d == fewest && !best)) {
            fewest = d;
            best = names[i];
        }
    }
    return best;
}
