/* The protocol's commands over a link. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "array/target.h"
#include "base/little_endian.h"
#include "wire/link.h"

static enum glb_status other_version(const struct link *l, int version) {
    const bool older = version < GLB_PROTO_VERSION;
    return glb_fail(GLB_ERR_PROTOCOL,
                    "%s: the device speaks protocol %d, this library (%s) needs protocol %d: the "
                    "board has the bit file of %s version; %s (make flash BOARD=..)",
                    link_describe(l), version, glb_version(), GLB_PROTO_VERSION,
                    older ? "an older" : "a newer",
                    older ? "flash that of this one" : "update glauber, or flash that of this one");
}

enum glb_status link_identify(struct link *l, struct link_ident *out) {
    enum glb_status s = link_send(l, GLB_CMD_IDENT, NULL, 0, "IDENT", 0, 0);
    if (s || (s = link_sync(l)))
        return s;
    const uint8_t *p = l->reply;
    if (l->reply_len < 6 || glb_get_le(p, 4) != GLB_PROTO_MAGIC)
        return glb_fail(
            GLB_ERR_PROTOCOL, "%s: this is not a glauber array: %zu bytes of identity, magic %08x",
            link_describe(l), l->reply_len, l->reply_len >= 4 ? (unsigned)glb_get_le(p, 4) : 0u);
    const int version = (int)glb_get_le(p + 4, 2);
    if (version != GLB_PROTO_VERSION)
        return other_version(l, version);
    if (l->reply_len != GLB_IDENT_BYTES)
        return glb_fail(GLB_ERR_PROTOCOL,
                        "%s: %zu bytes of identity, protocol %d has %d; flash the bit file of this "
                        "version (make flash BOARD=..)",
                        link_describe(l), l->reply_len, version, GLB_IDENT_BYTES);
    *out = (struct link_ident){.protocol = version,
                               .tiles = (int)glb_get_le(p + 6, 2),
                               .lanes = p[8],
                               .chains = p[9],
                               .jw = p[10],
                               .acc = p[11],
                               .gw = p[12],
                               .pages = p[13],
                               .sdepth = (int)glb_get_le(p + 14, 2),
                               .cdepth = (int)glb_get_le(p + 16, 2),
                               .segments = p[18],
                               .wl = p[19],
                               .beta_steps = (int)glb_get_le(p + 20, 2),
                               .runs = (int)glb_get_le(p + 22, 2),
                               .gap = p[24],
                               .build = (uint32_t)glb_get_le(p + 26, 4)};
    return GLB_OK;
}

enum glb_status ident_check(const struct link_ident *i, const char *described,
                            const struct glb_array *a) {
    const struct {
        const char *name;
        int device, array;
    } v[] = {{"tiles", i->tiles, a->tiles},
             {"lanes", i->lanes, a->lanes},
             {"chains", i->chains, a->chains},
             {"coupling bits", i->jw, a->jw},
             {"accumulator bits", i->acc, a->acc},
             {"log2 words a lane", i->gw, a->gw},
             {"schedule depth", i->sdepth, a->sdepth},
             {"coupling depth", i->cdepth, a->cdepth},
             {"pages", i->pages, GLB_PAGES},
             {"segments", i->segments, GLB_SEGMENTS},
             {"write latency", i->wl, a->wl},
             {"segment gap", i->gap, a->gap},
             {"beta steps", i->beta_steps, GLB_BETA_STEPS},
             {"readout runs", i->runs, GLB_RUNS}};
    for (size_t k = 0; k < sizeof v / sizeof v[0]; k++)
        if (v[k].device != v[k].array)
            return glb_fail(
                GLB_ERR_DEVICE,
                "%s is not array %s: %s: the device has %d, the array %d; name the device's array",
                described, a->name, v[k].name, v[k].device, v[k].array);
    return GLB_OK;
}

enum glb_status link_status(struct link *l, struct glb_wire_counters *out) {
    enum glb_status s = link_send(l, GLB_CMD_STATUS, NULL, 0, "STATUS", 0, 0);
    if (s || (s = link_sync(l)))
        return s;
    const uint8_t *p = l->reply;
    *out = (struct glb_wire_counters){.running = p[0],
                                      .queued = p[1],
                                      .frames = (uint32_t)glb_get_le(p + 4, 4),
                                      .bad_crc = (uint32_t)glb_get_le(p + 8, 4),
                                      .skipped = (uint32_t)glb_get_le(p + 12, 4),
                                      .errors = (uint32_t)glb_get_le(p + 16, 4)};
    return GLB_OK;
}

enum glb_status link_write(struct link *l, int target, int tile, int addr, const void *items,
                           int bytes, int count) {
    const uint8_t *from = items;
    const int per_frame = (GLB_MAX_PAYLOAD - GLB_WRITE_HEAD_BYTES) / bytes;
    uint8_t payload[GLB_MAX_PAYLOAD];
    l->written[target]++;
    while (count > 0) {
        const int n = count < per_frame ? count : per_frame;
        payload[0] = (uint8_t)target;
        payload[1] = (uint8_t)tile;
        glb_put_le(payload + 2, (uint64_t)addr, 2);
        memcpy(payload + GLB_WRITE_HEAD_BYTES, from, (size_t)n * bytes);
        const enum glb_status s =
            link_send(l, GLB_CMD_WRITE, payload, GLB_WRITE_HEAD_BYTES + (size_t)n * bytes,
                      glb_target_command(target), tile, addr);
        if (s)
            return s;
        from += (size_t)n * bytes;
        addr += n;
        count -= n;
    }
    return GLB_OK;
}

enum glb_status link_abort(struct link *l) {
    return link_send(l, GLB_CMD_ABORT, NULL, 0, "ABORT", 0, 0);
}
