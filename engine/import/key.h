/* key: the index of a contract's key, and what it tells of the rows.
 *
 * Products are joined on their keys, so a declared primary key gets the index
 * mwb_key_<table>. The direct way builds it from its rows' values (pages.h), the
 * reference way has SQLite build it; both count how many different keys there are, for
 * each number of leading columns. sqlite_stat1 gets those as ANALYZE would write them:
 * the rows, then for each number of columns the rows that share a key on average, rounded
 * up (sqlite.org/fileformat2.html, section 2.6.4). A key that is not unique is told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_KEY_H
#define MWB_IMPORT_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/error.h"
#include "engine/import/load.h"

/* The columns of the key in its order, as places in plan.columns; `columns` has room for
 * all of them. Returns how many; 0: there is no key. */
size_t key_columns(const struct plan *plan, size_t *columns);

/* CREATE INDEX. Does nothing without a key. */
bool key_make_index(struct load *load, struct error *err);
/* The root page of the index; 0: there is no key. */
uint32_t key_root(const struct load *load);

/* Count different keys of the table that is filled, into load->key_distinct. */
bool key_count(struct load *load, struct error *err);
/* load->key_distinct into sqlite_stat1, which is there, and into the notes. */
bool key_tell(struct load *load, struct error *err);

#endif
