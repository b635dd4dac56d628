/* agreement: who may use which product, for what, until when: requests and answers, as
 * files of the mesh, agreements/ID.yaml.
 *
 * States: requested, approved, rejected, ended. A request is a new file; an answer
 * changes the file's own lines and keeps its comments, order and unknown keys (amend.h).
 * The file records who asked and answered, and when (days, UTC, by the clock of the
 * mesh):
 *
 *   id, provider {product, port, team, contact}, consumer {team}, purpose, status, role,
 *   requestedBy, requestedDate, approvers, startDate, endDate, reassessDate,
 *   answeredBy, answeredDate, reason, endedBy, reassessedBy, reassessedDate
 *
 * Keys of other Data Usage Agreement files (`info.status`, `info.startDate`) are changed
 * where they stand.
 *
 * Who answers: the approvers that the contract names for the role (by user name, by an
 * address whose part before the @ is the user name, by team, or by the team's contact);
 * members of the team that owns the product, of its contracts or of the product itself;
 * the stewards of the mesh: who acts in a role whose name has "steward" in it, or belongs
 *  to a team of type guild. Of a team whose members the mesh lists only those are
 * members. The team that uses a product may end its own agreement. Where a mesh names
 * neither approvers nor owner, anybody answers. All this guides people who mean well:
 * whoever may write the files of the mesh can write anything into them. The wall is the
 * file system and the review of the repository.
 *
 * A mesh that lies in a git commit or on the web cannot be changed: the text of the
 * request is given back, to be sent to those who answer.
 *
 * What an agreement holds for a role is decided by policy.h, from the catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_AGREEMENT_H
#define MWB_AGREEMENT_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/text.h"

struct agreement {
    char *id, *product, *port, *provider, *consumer, *consumer_product, *purpose, *role;
    char *status, *start, *end, *reassess; /* days; NULL: not given */
    char *approvers;                       /* who is to answer: names or addresses */
    char *path;
    char *due; /* a reminder: "to be looked at again since 2026-08-31"; NULL: nothing */
};
struct agreement_filter {
    const char *product, *team, *status; /* product: its id; NULL: any */
    bool due;                            /* only those with a reminder */
};
/* Those with a reminder first, then by product and id. Reminders: no answer yet;
 * approved, and its end or the day to look at it again is past or within 30 days. */
struct array agreement_list(const struct catalog *catalog,
                            const struct agreement_filter *filter);
void agreements_release(struct array *agreements);
/* Those of a product as lines of its card: appends struct catalog_fact of the group
 * "agreements". */
void agreement_facts(const struct catalog *catalog, const char *product,
                     struct array *facts);

/* The approvers that contracts of a product name for a role, else its owner. Yours; NULL:
 * nobody is named. */
char *agreement_approvers_of(const struct catalog *catalog, const char *product,
                             const char *port, const char *role);

/* Who acts. Each may be NULL. */
struct agreement_person {
    const char *name, *team, *role;
};

struct agreement_request {
    const char *product, *port; /* port NULL: all of it */
    const char *purpose;
    const char *until; /* a day, or NULL */
    struct agreement_person person;
};
struct agreement_asked {
    char *id;
    char *path; /* of the file, relative to the mesh; NULL: it could not be written */
    char *text; /* what stands in it */
    char *approvers; /* whom to tell; NULL: nobody is named */
    char *why_not;   /* a sentence, when there is no path */
};
/* Refused when the same was asked for and waits for an answer, or is agreed upon. */
bool agreement_ask(const struct catalog *catalog, const struct agreement_request *request,
                   struct agreement_asked *asked, struct error *err);
void agreement_asked_release(struct agreement_asked *asked);

enum agreement_step {
    AGREEMENT_APPROVE, /* of a request: from today, until its end or `until` */
    AGREEMENT_REJECT,  /* of a request: with a reason */
    AGREEMENT_END,     /* today */
    AGREEMENT_REASSESS /* looked at: again on the day `until` */
};
struct agreement_answer {
    const char *id;
    enum agreement_step step;
    const char *reason;   /* of a rejection; else NULL */
    const char *until;    /* a day, or NULL: what the file says */
    const char *reassess; /* of an approval: a day; NULL: what the file says, or a year */
    struct agreement_person person;
};
/* *path: the file that was changed, relative to the mesh. Yours. */
bool agreement_answer(const struct catalog *catalog,
                      const struct agreement_answer *answer, char **path,
                      struct error *err);

#endif
