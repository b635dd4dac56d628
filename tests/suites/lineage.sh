#!/bin/sh
# lineage: what is written for other programs is read by them: events of OpenLineage by the
# classes of its official client (openlineage-python, in the Python that
# MWB_OPENLINEAGE names, else python3; the package brings no JSON schemas), DOT by
# Graphviz. What is not installed is skipped by name.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
mwb=${MWB:-./mwb}
python=${MWB_OPENLINEAGE:-python3}
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
HOME=$scratch/home MWB_CACHE=$scratch/cache
export HOME MWB_CACHE
mkdir -p "$HOME"
cp -r "$TESTS_SRCDIR/../samples/mesh" "$scratch/mesh" && chmod -R u+w "$scratch/mesh"
echo 1..3

written() { # written FORMAT FLAG...: the whole mesh
    format=$1
    shift
    "$mwb" lineage --mesh "$scratch/mesh" --format "$format" "$@"
}

written openlineage >"$scratch/products.jsonl" &&
    written openlineage --columns >"$scratch/columns.jsonl"
if [ $? -ne 0 ]; then
    echo "not ok 1 - events are written"
elif ! "$python" -c 'import openlineage.client' 2>/dev/null; then
    echo "ok 1 # SKIP $python has no openlineage-python to read events with"
elif "$python" "$TESTS_SRCDIR/suites/lineage_events.py" "$scratch/products.jsonl" \
    "$scratch/columns.jsonl"; then
    echo "ok 1 - the official client reads every event"
else
    echo "not ok 1 - the official client reads every event"
fi
number=2
for flag in --depth=0 --columns; do
    [ "$flag" = --columns ] || flag=
    if ! command -v dot >/dev/null; then
        echo "ok $number # SKIP there is no dot of Graphviz to read DOT with"
    elif written dot $flag | dot -Tsvg >"$scratch/graph.svg" 2>"$scratch/said" &&
        [ ! -s "$scratch/said" ] && grep -q '</svg>' "$scratch/graph.svg"; then
        echo "ok $number - dot draws it${flag:+ $flag}"
    else
        echo "not ok $number - dot draws it${flag:+ $flag}"
        sed 's/^/# /' "$scratch/said"
    fi
    number=$((number + 1))
done
