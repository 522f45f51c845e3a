/* State words as tokens. SPDX-License-Identifier: Apache-2.0 */
#include "base/little_endian.h"
#include "wire/states.h"

enum { WORDS = 0, ZEROS = 128, MOST = 127 /* a token says for how many words more than one */ };
static const size_t NONE = (size_t)-1;

void tokens_begin(struct state_tokens *k, uint8_t *to, size_t room, int bytes) {
    *k = (struct state_tokens){
        .to = to, .room = room, .token = NONE, .before = NONE, .bytes = bytes};
}

static bool has_room(struct state_tokens *k, int bytes) {
    k->full = k->full || k->len + (size_t)bytes > k->room;
    return !k->full;
}

static void new_token(struct state_tokens *k, int kind) {
    k->before = k->token;
    k->token = k->len;
    k->to[k->len++] = (uint8_t)kind;
}

/* A zero word of one byte between others costs less as one of them than as a token. */
static void join_lone_zero(struct state_tokens *k) {
    if (k->bytes != 1 || k->token == NONE || k->to[k->token] != ZEROS || k->before == NONE ||
        k->to[k->before] >= MOST)
        return;
    k->to[k->token] = 0;
    k->token = k->before;
    k->before = NONE;
    k->to[k->token]++;
}

static void add_zero(struct state_tokens *k) {
    if (k->token != NONE && k->to[k->token] >= ZEROS && k->to[k->token] < ZEROS + MOST)
        k->to[k->token]++;
    else if (has_room(k, 1))
        new_token(k, ZEROS);
}

void tokens_add(struct state_tokens *k, uint64_t word) {
    if (k->full)
        return;
    if ((word & ((UINT64_C(1) << 8 * k->bytes) - 1)) == 0) {
        add_zero(k);
        return;
    }
    join_lone_zero(k);
    const bool goes_on = k->token != NONE && k->to[k->token] < MOST;
    if (!has_room(k, k->bytes + !goes_on))
        return;
    if (goes_on)
        k->to[k->token]++;
    else
        new_token(k, WORDS);
    glb_put_le(k->to + k->len, word, k->bytes);
    k->len += (size_t)k->bytes;
}
