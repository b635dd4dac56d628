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

/* Run the words as a verb (words[0] is its name) and print what it answers. `mesh` may be
 * NULL. Returns the exit status. */
int batch_run(const char *mesh, const char *const *words, size_t count);

/* What the mesh is and how to go on, for `mwb [MESH]` without a terminal; with an example
 * (a saved query that crosses domains, with its rows and its chart) when asked. */
int batch_summary(struct workbench *workbench, bool with_example);

/* Print rows as a table (row_limit 0: all) and a chart as text. `call` gives flags; NULL.
 */
struct command_call;
bool batch_print_rows(struct result *result, long long row_limit);
void batch_print_chart(const struct chart *chart, const struct command_call *call);

/* Print one sentence on stderr: "mwb: ..." made safe. */
void batch_complain(const struct error *err);

/* The mesh to open when none is named: MWB_MESH, then the setting. Yours; NULL: none. */
char *batch_default_mesh(void);

#endif
