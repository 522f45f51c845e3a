/* The other side of a USB/IP connection, spoken to as by Linux's vhci-hcd: a server thread with
 * the emulated board "tiny" behind it. What does not come within 20 s fails the test.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SUPPORT_USBIP_PEER_H
#define TESTS_SUPPORT_USBIP_PEER_H

#include <stdint.h>
#include "usb_board/usbip_proto.h"

enum { USBIP_DEVICE = 1 << 16 | 2 }; /* bus and address of the only board */

extern uint32_t usbip_seq; /* number of the last transfer submitted */

/* Set-up and tear-down of a test. */
int usbip_attach(void **state);
int usbip_detach(void **state);

/* Big-endian, as in messages. */
void usbip_put32(uint8_t *p, uint32_t v);

/* The header of a new transfer, number ++usbip_seq, not sent. */
void usbip_header(uint8_t h[GLB_USBIP_HEADER], int in, int ep, int length);

/* A new transfer, with its setup packet on endpoint 0 and its bytes if it is OUT. */
void usbip_submit(int in, int ep, int length, const uint8_t *setup, const void *bytes);

/* The answer to a transfer: its status below 0, or the bytes that moved. */
int usbip_answer(uint32_t number, int in, void *bytes);

/* A control transfer and its answer; configuration 1. */
int usbip_control(const uint8_t setup[8], uint8_t *bytes);
void usbip_configure(void);

/* Withdraws a transfer; the status that answers it. */
int usbip_withdraw(uint32_t number);

/* A question to the array, whose reply ends IN transfer number `waiting`. */
void usbip_ask(int question, uint32_t waiting);

/* The server hangs up at a message, which it does not carry out. */
void usbip_refused(const uint8_t h[GLB_USBIP_HEADER]);

/* Stops the session, as a signal does, and waits for its good end. */
void usbip_stop(void);

#endif
