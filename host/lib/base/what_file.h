/* Names files of other kinds by their first bytes, for messages. SPDX-License-Identifier:
 * Apache-2.0
 */
#ifndef GLB_BASE_WHAT_FILE_H
#define GLB_BASE_WHAT_FILE_H

#include <stddef.h>
#include <stdio.h>
#include "base/status.h"

/* Bytes of the start of a file that are enough to name it. */
enum { GLB_WHAT_BYTES = 4096 };

/* What the start of a file shows it to be and what to do about it, as in "is gzip-compressed;
 * unpack it first: gunzip FILE", with FILE replaced by `name`; NULL for all else. Until the next
 * call in the same thread. */
const char *glb_what_file(const char *name, const void *start, size_t size);

/* GLB_OK, or GLB_ERR_FORMAT with "name: ..." where glb_what_file() has a name for the content, or
 * where it holds NUL bytes. */
enum glb_status glb_expect_text(const char *name, const void *start, size_t size);

/* Opens a file for reading. GLB_ERR_FILE with the reason, also for a directory; with `regular` also
 * for devices and pipes, which cannot be read at any place. */
enum glb_status glb_open_input(const char *path, int regular, FILE **out);

#endif
