#!/bin/sh
# groups: a role with a Unix group is open to its members only. Run as root, which acts as
# another user with and without the group; skips elsewhere. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
MWB=${MWB:-./mwb}
MWB=$(cd "$(dirname "$MWB")" && pwd)/$(basename "$MWB")

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

test "$(id -u)" -eq 0 || skip_all "only root can act as other users"
command -v setpriv >/dev/null || skip_all "setpriv is not installed"
group=$(getent group games users mail | cut -d: -f1 | head -n 1)
number=$(getent group "$group" | cut -d: -f3)
test -n "$number" || skip_all "no group to be a member of"
id nobody >/dev/null 2>&1 || skip_all "there is no user nobody"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-groups-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
chmod 755 "$scratch"
cp "$MWB" "$scratch/mwb" # the build may lie where nobody may look
chmod 755 "$scratch/mwb"
mkdir "$scratch/home" "$scratch/mesh"
chown nobody "$scratch/home"
cat >"$scratch/mesh/mesh.yaml" <<MESH
name: shop
roles:
  - {name: clerk, classifications: [public], group: $group, contact: door@example.org}
  - {name: guest, classifications: [public]}
  - {name: owner, classifications: [public], members: [nobody]}
  - {name: other, classifications: [public], members: [somebody-else]}
MESH
count=0
failed=0

as_nobody() { # as_nobody GROUPS ARGUMENT...: GROUPS as for setpriv
    groups=$1
    shift
    env -i PATH="$PATH" HOME="$scratch/home" LC_ALL=C.UTF-8 setpriv --reuid nobody \
        --regid "$(id -g nobody)" "$groups" "$scratch/mwb" "$@" --mesh "$scratch/mesh" \
        2>&1
}

gives() { # gives TITLE PATTERN GROUPS ARGUMENT...
    title=$1
    pattern=$2
    shift 2
    count=$((count + 1))
    as_nobody "$@" >"$scratch/out"
    if grep -q "$pattern" "$scratch/out"; then
        printf '%s\n' "ok $count - $title"
    else
        failed=$((failed + 1))
        printf '%s\n' "not ok $count - $title"
        sed 's/^/# /' "$scratch/out"
    fi
}

member="--groups=$number"
gives "a member has the role without asking" "^clerk,yes" "$member" role --format csv
gives "who is none has the next" "^guest,yes" --clear-groups role --format csv
gives "who is none is told whom to ask" \
    "belongs to the group $group, and you are not in it; ask door@example.org" \
    --clear-groups query "SELECT 1" --role clerk
gives "a member may ask for another role" "^1$" "$member" query "SELECT 1 AS one" --role \
    guest --format csv
gives "a user is named" "^1$" --clear-groups query "SELECT 1 AS one" --role owner \
    --format csv
gives "another user is not" "open to the users only that mesh.yaml names" --clear-groups \
    query "SELECT 1" --role other
gives "looking at decisions needs no group" "^product," --clear-groups access --role clerk \
    --format csv
echo "1..$count"
exit $((failed > 0))
