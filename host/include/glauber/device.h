/* glauber/device.h: arrays and devices; part of glauber.h. SPDX-License-Identifier: Apache-2.0
 *
 * An array is a size of the machine: so many units that update p-bits, so much memory. A device is
 * something that runs one: the emulator in this process, the simulated gateware, a board. */
#ifndef GLAUBER_DEVICE_H
#define GLAUBER_DEVICE_H

#include <glauber/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- arrays ---- */

struct glb_array_info {
    size_t size;
    const char *name;         /* "ulx3s-85": what other functions take */
    const char *about;        /* what it is for */
    int tiles, lanes, chains; /* units = tiles x lanes x chains; every chain is an independent
                                 machine with the same couplings */
    int capacity;             /* p-bits of one graph at most; couplings have limits of their own */
    int coupling_bits;        /* of a quantised coupling, signed */
    int accumulator_bits;     /* of a quantised field, signed */
    int schedule_depth;       /* clocks of a sweep at most */
    int coupling_depth;       /* coupling words of a tile */
    int fits_chip;            /* 1: its memories fit the largest ECP5; 0: for the emulator only */
};

/* How many there are, and each by index (0 ..) or name (upper and lower case are the same); NULL if
 * there is none. Never freed. Any thread may call these. */
GLB_API int glb_array_count(void);
GLB_API const struct glb_array_info *glb_array_at(int index);
GLB_API const struct glb_array_info *glb_array_by_name(const char *name);

/* ---- which devices there are ---- */

struct glb_device_info {
    size_t size;
    const char *name;    /* what glb_device_open() takes: "emu", "sim", "usb:GLB0001" */
    const char *array;   /* the array that it runs; NULL: any (emu), or known once it is open */
    const char *serial;  /* of a board; NULL if it has none or it cannot be read */
    const char *about;   /* in words */
    int available;       /* 1: it can be opened, unless another program has it open */
    const char *problem; /* why it is not available, or "" */
};

struct glb_device_list;

/* The emulator, the simulators that are installed or built, and the boards on USB. Boards at a
 * serial port ("uart:/dev/NAME") are not searched. Free with glb_device_list_free(). */
GLB_API enum glb_status glb_device_list_make(struct glb_device_list **out);
GLB_API int glb_device_list_count(const struct glb_device_list *l);
/* NULL beyond the last one; lives as long as the list. */
GLB_API const struct glb_device_info *glb_device_list_at(const struct glb_device_list *l,
                                                         int index);
GLB_API void glb_device_list_free(struct glb_device_list *l);

/* ---- devices ---- */

struct glb_device;

/* Opens a device: "emu", the bit-exact emulator; "sim", the Verilated RTL (built by `make sim`);
 * "usb" or "usb:SERIAL", a board on USB, the only one or the one with that serial number;
 * "uart:/dev/NAME" or "uart:/dev/NAME:BAUD", a board at a serial port; "emu-port", the emulator
 * behind the byte protocol, for tests. array: the array that it must be; NULL takes the one that a
 * board has. Close with glb_device_close(). */
GLB_API enum glb_status glb_device_open(const char *device, const char *array,
                                        struct glb_device **out);
GLB_API void glb_device_close(struct glb_device *d);

struct glb_device_identity {
    size_t size;
    const char *name;        /* as it was opened */
    const char *description; /* in words: array, boards, line, build */
    const char *array;
    int boards;     /* that run side by side */
    int protocol;   /* version of the byte protocol; 0: the device has no line */
    uint32_t build; /* of a board: the hash that its bitstream carries; else 0 */
};

/* What it is; lives as long as the device, until the next call of this function. */
GLB_API const struct glb_device_identity *glb_device_identify(struct glb_device *d);
/* The description alone. */
GLB_API const char *glb_device_describe(struct glb_device *d);

struct glb_line_counters {
    size_t size;
    uint32_t frames, bad_crc, refused; /* commands at the board since its reset */
    uint32_t skipped_by_board; /* bytes between frames, those of getting into step included */
    uint64_t skipped_by_host;  /* the same in the other direction, since it was opened */
};

/* What the line to a device has lost; *out lives as long as the device, until the next call of this
 * function. GLB_ERR_UNSUPPORTED for "emu", which has no line. */
GLB_API enum glb_status glb_device_line_counters(struct glb_device *d,
                                                 const struct glb_line_counters **out);

/* From now on writes a waveform (FST) of a simulated device; GLB_ERR_UNSUPPORTED for others. NULL
 * ends it. */
GLB_API enum glb_status glb_device_trace(struct glb_device *d, const char *path);

/* Checks a device from outside: its identity, its state memories, the noise of every lane, every
 * bit of a random job against another implementation, and the distribution of a small graph against
 * exact enumeration (a false alarm once in a million). fn (or NULL) gets a line without its end for
 * each check that passed. GLB_ERR_DEVICE or another error of the first that did not. Takes seconds;
 * a simulated device minutes. */
typedef void (*glb_line_fn)(void *user, const char *line);
GLB_API enum glb_status glb_selftest(const char *device, const char *array, uint64_t seed,
                                     glb_line_fn fn, void *user);

#ifdef __cplusplus
}
#endif

#endif
