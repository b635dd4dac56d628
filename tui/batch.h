/* batch: the face without a screen: one verb, its answer on stdout, a sentence on stderr.
 *
 * Nothing but data goes to stdout. The exit status is the kind of the error (error.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_BATCH_H
#define MWB_TUI_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/workbench.h"

/* Run the words as a verb (words[0] is its name) and print what it answers. `mesh` and
 * `role` may be NULL. Returns the exit status. */
int batch_run(const char *mesh, const char *role, const char *const *words, size_t count);

/* `mwb [MESH]` without a terminal: what the mesh is and how to go on. The exit status. */
int batch_open(const char *mesh, const char *role);

/* That text; with an example (a saved query that crosses domains, with its rows and its
 * chart) when asked. */
struct output;
bool batch_summary(struct output *output, struct workbench *workbench, bool with_example,
                   struct error *err);

/* Print rows as a table (row_limit 0: all) and a chart as text. `call` gives flags; NULL.
 */
struct command_call;
bool batch_print_rows(struct output *output, struct result *result, long long row_limit,
                      struct error *err);
void batch_print_chart(struct output *output, const struct chart *chart,
                       const struct command_call *call);

/* Print one sentence on stderr: "mwb: ..." made safe. */
void batch_complain(const struct error *err);

/* The mesh to open when none is named: MWB_MESH, then the setting. Yours; NULL: none. */
char *batch_default_mesh(void);
/* The mesh as named, or a file with what came on standard input when its name is "-", or
 * the default when it is needed. Yours; NULL with a sentence, or without: there is none.
 */
char *batch_mesh(const struct workbench *workbench, const char *named, bool is_needed,
                 struct error *err);

#endif
