#!/bin/sh
# schemas: documents of random content, made from the official JSON schemas, have the same
# verdict by the tables of the engine and by python3-jsonschema. SCHEMAS_DOCUMENTS of each
# (60), from SCHEMAS_SEED (1) on.
# SPDX-License-Identifier: GPL-3.0-or-later
if [ -z "${MWB_SHARED:-}" ] || [ ! -d "$MWB_SHARED/standards" ]; then
    echo "1..0 # SKIP MWB_SHARED is not set: no official schemas beside the repository"
    exit 0
fi
if ! python3 -c 'import jsonschema, referencing' 2>/dev/null; then
    echo "1..0 # SKIP there is no python3 with jsonschema to compare with"
    exit 0
fi
exec python3 "$TESTS_SRCDIR/suites/schemas.py" "$TESTS_BUILDDIR/suites/standard_tool" \
    "$MWB_SHARED/standards" "${SCHEMAS_DOCUMENTS:-60}" "${SCHEMAS_SEED:-1}"
