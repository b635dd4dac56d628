/* session/message: fields of messages.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/message.h"

#include <string.h>

void message_put_number(struct text *out, long long number)
{
    text_append_bytes(out, &number, sizeof number);
}

void message_put_bytes(struct text *out, const char *bytes, size_t length)
{
    message_put_number(out, (long long)length);
    text_append_bytes(out, bytes, length);
}

void message_put_string(struct text *out, const char *string)
{
    if (string == NULL) {
        message_put_number(out, -1);
    } else {
        message_put_bytes(out, string, strlen(string));
    }
}

long long message_number(struct message_reader *in)
{
    long long number = 0;
    if (in->broken || in->left < sizeof number) {
        in->broken = true;
        return 0;
    }
    memcpy(&number, in->at, sizeof number);
    in->at += sizeof number;
    in->left -= sizeof number;
    return number;
}

char *message_string(struct message_reader *in, size_t *length)
{
    long long size = message_number(in);
    if (length != NULL) {
        *length = 0;
    }
    if (in->broken || size < 0) {
        return NULL;
    }
    if ((unsigned long long)size > in->left) {
        in->broken = true;
        return NULL;
    }
    char *string = string_copy_bytes(in->at, (size_t)size);
    in->at += size;
    in->left -= (size_t)size;
    if (length != NULL) {
        *length = (size_t)size;
    }
    return string;
}
