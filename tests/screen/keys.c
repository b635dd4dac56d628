/* keys: names of keys to bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/keys.h"
#include "tests/screen/terminfo.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct key_name {
    const char *name;
    const char *capability; /* of terminfo; NULL: always the same bytes */
    const char *bytes;
};

static const struct key_name key_names[] = {
    {"Enter", NULL, "\r"},
    {"Tab", NULL, "\t"},
    {"Esc", NULL, "\033"},
    {"Space", NULL, " "},
    {"lt", NULL, "<"},
    {"BS", "kbs", "\177"},
    {"Up", "kcuu1", "\033[A"},
    {"Down", "kcud1", "\033[B"},
    {"Right", "kcuf1", "\033[C"},
    {"Left", "kcub1", "\033[D"},
    {"Home", "khome", "\033[H"},
    {"End", "kend", "\033[F"},
    {"PageUp", "kpp", "\033[5~"},
    {"PageDown", "knp", "\033[6~"},
    {"Ins", "kich1", "\033[2~"},
    {"Del", "kdch1", "\033[3~"},
    {"S-Tab", "kcbt", "\033[Z"},
    {"F1", "kf1", "\033OP"},
    {"F2", "kf2", "\033OQ"},
    {"F3", "kf3", "\033OR"},
    {"F4", "kf4", "\033OS"},
    {"F5", "kf5", "\033[15~"},
    {"F6", "kf6", "\033[17~"},
    {"F7", "kf7", "\033[18~"},
    {"F8", "kf8", "\033[19~"},
    {"F9", "kf9", "\033[20~"},
    {"F10", "kf10", "\033[21~"},
    {"F11", "kf11", "\033[23~"},
    {"F12", "kf12", "\033[24~"},
    {"C-Enter", NULL, "\033[13;5u"},
    {"C-Space", NULL, ""}, /* NUL: appended apart */
    {"Paste", NULL, "\033[200~"},
    {"/Paste", NULL, "\033[201~"},
};

static bool append_listed(const char *name, struct text *bytes)
{
    for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++) {
        const struct key_name *key = &key_names[i];
        if (strcmp(key->name, name) != 0) {
            continue;
        }
        const char *own =
            key->capability != NULL ? terminfo_string(key->capability) : NULL;
        text_append(bytes, own != NULL ? own : key->bytes);
        if (key->bytes[0] == '\0') {
            text_append_char(bytes, '\0');
        }
        return true;
    }
    return false;
}

static bool append_key(const char *name, struct text *bytes)
{
    if (append_listed(name, bytes)) {
        return true;
    }
    if (strncmp(name, "C-", 2) == 0 && name[2] != '\0' && name[3] == '\0') {
        text_append_char(bytes, (char)(toupper((unsigned char)name[2]) & 0x1F));
        return true;
    }
    if (strncmp(name, "M-", 2) == 0 && name[2] != '\0') {
        text_append_char(bytes, '\033');
        if (append_listed(name + 2, bytes)) {
            return true;
        }
        text_append(bytes, name + 2);
        return name[3] == '\0' || (name[2] & 0x80) != 0;
    }
    return false;
}

bool keys_bytes(const char *written, const struct names *names, struct text *bytes,
                struct error *err)
{
    for (const char *at = written; *at != '\0';) {
        const char *end = *at == '<' ? strchr(at, '>') : NULL;
        if (*at == '\\') {
            at++;
            escape_append(bytes, &at);
        } else if (*at == '$') {
            name_append(bytes, &at, names);
        } else if (end != NULL && end > at + 1 && end - at < 12 && at[1] != ' ') {
            char *name = string_copy_bytes(at + 1, (size_t)(end - at - 1));
            bool known = append_key(name, bytes);
            if (!known) {
                error_set(err, ERROR_USAGE,
                          "no key is called <%s>; write \\< for the sign", name);
            }
            free(name);
            if (!known) {
                return false;
            }
            at = end + 1;
        } else {
            text_append_char(bytes, *at++);
        }
    }
    return true;
}
