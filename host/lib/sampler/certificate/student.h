/* Quantiles of Student's t. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_CERTIFICATE_STUDENT_H
#define GLB_SAMPLER_CERTIFICATE_STUDENT_H

/* t with P(|T| > t) = alpha, for 0 < alpha < 1 and `freedom` >= 1 degrees of freedom; beyond 1000
 * of them the normal distribution's. */
double student_quantile(double alpha, int freedom);

#endif
