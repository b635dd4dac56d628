/* standard_tool: for each path on standard input what strict checking says of the file:
 * valid, invalid and the first error, or unreadable and why; a line each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/finding.h"
#include "engine/standard.h"

static void say(const char *verdict, const char *reason)
{
    printf("%s\t", verdict);
    for (; *reason != '\0'; reason++) {
        putchar((unsigned char)*reason < ' ' ? ' ' : *reason);
    }
    putchar('\n');
}

static void check(const char *path)
{
    struct error err = {0};
    struct document_place place;
    struct array findings = ARRAY_OF(struct finding);
    struct standard_check_spec spec = {.path = path, .strict = true};
    struct document *document = document_read(path, &place, &err);
    if (document == NULL) {
        say("unreadable", err.message);
        return;
    }
    bool valid = standard_validate(document_root(document), &spec, &findings);
    const struct finding *first = array_at(&findings, 0);
    say(valid ? "valid" : "invalid", first != NULL ? first->sentence : "");
    findings_release(&findings);
    document_free(document);
}

int main(void)
{
    char path[4096];
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        check(path);
    }
    return 0;
}
