#!/bin/bash
# get from a server that lies (liar.py): what is right comes whole, all else is refused with
# a sentence, and nothing of it can be seen; the version before stays. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
if ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP python3 is not installed, so there is no server that lies"
    exit 0
fi
. "$TESTS_SRCDIR/servers/lib.sh"
trap 'rm -rf "$scratch"' EXIT
coproc python3 "$TESTS_SRCDIR/servers/liar.py"
read -r port _ <&"${COPROC[0]}" || exit 99
web=http://127.0.0.1:$port

ask() { # PATH
    python3 -c 'import sys, urllib.request as r; sys.stdout.buffer.write(r.urlopen(sys.argv[1]).read())' \
        "$web/$1"
}

all="3000,4498500"

# ---- Right, in unusual clothes, or at the second attempt ----

right="right no-tag until-close chunked chunk-trailer early-hints gzip gzip-members
    packed.csv.gz plain.csv.gz cookies to-right-301 to-right-307 hop-5 to-blank hang-up-once
    break-once break-once-ranges break-weak-tag gzip-break-once status-503-once retry-words"
for lie in $right; do
    product "$lie" "$web/$lie?get"
done
get $right
point $? "fetched together"
for lie in $right; do
    [ "$(rows "$lie")" = "$all" ]
    point $? "$lie: every row is there"
done

# ---- Refused ----

refused="short long length-negative length-overflow length-no-number length-hex length-list
    length-twice-other length-and-chunked hang-up-in-head transfer-gzip transfer-gzip-alone
    transfer-twice gzip-cut gzip-cut-tail gzip-nothing gzip-sum gzip-size gzip-garbage
    gzip-second-cut gzip-bits gzip-not gzip-zlib gzip-twice deflate brotli rot13
    packed-br.csv.gz to-file to-ftp to-gopher to-dict to-ldap to-smb to-scp to-data
    to-javascript to-no-host to-nothing to-control to-user to-itself to-and-fro hop-6
    to-nowhere to-long to-injected to-endless-page no-redirect-300 no-redirect-304
    no-redirect-305 status-204 status-207 status-401 status-403 status-404 status-410
    status-501 status-999 status-000 status-letters status-endless status-404-endless
    status-100-endless http-0-9 http-2 not-http noise retry-later retry-next-century
    head-endless header-endless header-large header-nul part-unasked asks asks-digest
    asks-proxy"
for lie in $refused; do
    product "$lie" "$web/$lie?get"
done
timeout 60 "$MWB" get $refused >all 2>&1
[ $? -eq 3 ]
point $? "all others together end with a failure"
for lie in $refused; do
    grep "/$lie: ." all >said
    point $? "$lie: $(cut -c 1-150 said)"
    ! is_here "$lie"
    point $? "$lie: nothing of it is here"
done

# ---- What is declared ----

git_hash() {
    { printf 'blob %d\0' "$bytes" && cat right.csv; } | sha1sum | cut -d ' ' -f 1
}

bytes=$(ask right | tee right.csv | wc -c)
sha256=$(sha256sum <right.csv | cut -d ' ' -f 1)
sha1=$(sha1sum <right.csv | cut -d ' ' -f 1)
zeros=0000000000000000000000000000000000000000
n=0
for more in "\"bytes\":$bytes" "\"hash\":\"sha256:$sha256\"" "\"hash\":\"sha1:$sha1\"" \
    "\"hash\":\"sha1:$(git_hash)\"" "\"bytes\":$bytes,\"hash\":\"sha256:$sha256\""; do
    n=$((n + 1))
    product "declared-$n" "$web/right?declared-$n" ",$more"
    get "declared-$n" && [ "$(rows "declared-$n")" = "$all" ]
    point $? "declared and right: ${more%%:*}"
done
for more in "\"bytes\":$((bytes - 1))" "\"bytes\":$((bytes + 1))" \
    "\"hash\":\"sha256:$zeros${sha256:40}\"" "\"hash\":\"sha1:$zeros\"" \
    "\"hash\":\"sha3:$sha1\""; do
    n=$((n + 1))
    product "declared-$n" "$web/right?declared-$n" ",$more"
    get "declared-$n"
    [ $? -eq 3 ] && ! is_here "declared-$n"
    point $? "declared and wrong: $(cut -c 1-100 <said | tail -1)"
done
for lie in endless endless-chunked bomb gzip-members-endless length-too-much; do
    product "$lie" "$web/$lie" ",\"bytes\":$bytes"
    get "$lie"
    [ $? -eq 3 ] && ! is_here "$lie"
    point $? "$lie: stopped at what is declared"
done

# ---- A version stays when its source begins to lie ----

product turns "$web/turns"
get turns && [ "$(rows turns)" = "$all" ]
point $? "turns: the first answer is right"
for turn in cut page redirect gone; do
    get turns --refresh
    point $(($? != 3)) "turns: another is refused: $turn"
    [ "$(rows turns)" = "$all" ]
    point $? "turns: and the version before answers"
done

get right --refresh
point $? "right: refreshed"
said_again=$(cat said)
point $(($(printf '%s' "$said_again" | grep -ci 'here already\|unchanged\|nothing changed') == 0)) \
    "right: it did not change: $said_again"

# ---- Secrets ----

mkdir -p home/.config/mwb
printf '[http://127.0.0.1:%d]\ntoken = canary-token\n' "$port" >home/.config/mwb/credentials
chmod 600 home/.config/mwb/credentials
product with-secret "$web/asks?secret"
get with-secret && [ "$(rows with-secret)" = "$all" ]
point $? "with the secret of its origin"
for lie in sends-away-302 sends-away-307 sends-to-name sends-round; do
    product "$lie" "$web/$lie?secret"
    get "$lie"
    point $? "$lie: fetched from where it was sent to"
done
ask log >log
grep -q '^A .*authorization' log
point $? "the origin got the secret"
! grep -E '^B .*(authorization|canary)' log
point $? "no secret went to another server"
! grep -rqF canary-token cache said home/.local home/.cache 2>/dev/null
point $? "nor into the cache, or what is said"
[ -z "$(find "$MWB_CACHE" -path '*partial*' -type f -perm /077)" ]
point $? "what arrives is for nobody else"
finish
