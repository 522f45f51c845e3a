/* Normal variates (Box and Muller). SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"

#include <math.h>

double glb_rng_normal(struct glb_rng *r) {
    const double u = 1.0 - glb_rng_unit(r);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * glb_rng_unit(r));
}
