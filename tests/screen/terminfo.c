/* terminfo: the only file of the harness that includes the headers of curses, whose
 * macros would eat common names elsewhere. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/terminfo.h"

#include <curses.h>
#include <stddef.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

bool terminfo_choose(const char *term)
{
    int status = 0;
    if (cur_term != NULL) {
        del_curterm(cur_term);
    }
    return term[0] != '\0' && setupterm(term, STDERR_FILENO, &status) == OK;
}

const char *terminfo_string(const char *capability)
{
    if (cur_term == NULL) {
        return NULL;
    }
    const char *string = tigetstr(capability);
    return string == NULL || string == (char *)-1 || string[0] == '\0' ? NULL : string;
}

bool terminfo_flag(const char *capability)
{
    return cur_term != NULL && tigetflag(capability) > 0;
}

/* Keys are input; resets, printers and function key programs are not for drawing. */
static bool is_for_drawing(const char *capability)
{
    static const char *const others[] = {"k",  "rs",    "is", "mc",
                                         "pf", "iprog", "if", "rf"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strncmp(capability, others[i], strlen(others[i])) == 0) {
            return false;
        }
    }
    return true;
}

void terminfo_each_string(void (*each)(void *owner, const char *string), void *owner)
{
    for (size_t i = 0; strnames[i] != NULL; i++) {
        const char *string =
            is_for_drawing(strnames[i]) ? terminfo_string(strnames[i]) : NULL;
        if (string != NULL) {
            each(owner, string);
        }
    }
}
