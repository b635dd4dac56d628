# What the tests of servers share: a scratch folder with a mesh, its cache, and points. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-servers-XXXXXX") || exit 99
cd "$scratch" || exit 99
HOME=$scratch/home
MWB_CACHE=$scratch/cache
MWB_WEB_PRIVATE=1 # the servers are on this host
MWB_MESH=$scratch/mesh
export HOME MWB_CACHE MWB_WEB_PRIVATE MWB_MESH
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME http_proxy https_proxy SSL_CERT_FILE
mkdir home mesh
count=0
failed=0

point() { # STATUS TITLE
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        [ ! -s said ] || sed 's/^/# /' said
    fi
}

finish() {
    echo "1..$count"
    exit $((failed > 0))
}

# A product of one table, at an address: product NAME ADDRESS [MORE-JSON-OF-THE-RESOURCE]
product() {
    mkdir -p "mesh/$1"
    printf '{"name":"%s","resources":[{"name":"t","format":"csv","path":"%s"%s}]}\n' \
        "$1" "$2" "${3:-}" >"mesh/$1/datapackage.json"
}

get() { # NAME [OPTION...]: what it says is in `said`; at most ten seconds
    timeout 10 "$MWB" get "$@" >said 2>&1
}

is_here() { # NAME
    find "$MWB_CACHE" -name '*.db' -path "*/$1/*" 2>/dev/null | grep -q .
}

rows() { # NAME: how many, and the sum of their ids
    name=$(printf '%s' "$1" | tr -c 'a-z0-9' _)
    timeout 10 "$MWB" query "SELECT count(*), sum(id) FROM $name.t" --format csv 2>said |
        sed -n 2p
}
