#!/bin/sh
# crowd: four users with four processes each query, refresh, evict and change one product in
# one shared cache, under different umasks, and are killed at random. Every query answers from
# exactly one version, nobody waits for long, and no file has a wrong owner or mode. It runs
# MULTI_SECONDS (8) and needs root, who becomes the users; without that it skips. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
group=54500
users="54501 54502 54503 54504"
seconds=${MULTI_SECONDS:-8}
patience=${MULTI_PATIENCE:-10}
[ -z "${MWB_SLOW:-}" ] || patience=60
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-crowd-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
chmod 755 "$scratch"
cp "${MWB:?is set by make check}" "$scratch/mwb" && chmod 755 "$scratch/mwb" || exit 99
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
count=0
failed=0

as() { # as USER COMMAND...
    user=$1
    shift
    setpriv --reuid="$user" --regid="$user" --groups=$group env -i PATH="$PATH" \
        HOME="$scratch/home-$user" LC_ALL=C.UTF-8 MWB_CACHE="$scratch/shared" \
        ASAN_OPTIONS="$ASAN_OPTIONS" "$@"
}

if [ "$(id -u)" -ne 0 ] || ! as 54501 "$scratch/mwb" version >/dev/null 2>&1; then
    echo "1..0 # SKIP only root can become several users"
    exit 0
fi
for user in $users; do
    mkdir -m 700 "$scratch/home-$user" && chown "$user:$user" "$scratch/home-$user"
done
mkdir "$scratch/shared" "$scratch/mesh"
chgrp $group "$scratch/shared" "$scratch/mesh"
chmod 2770 "$scratch/shared"
chmod 2775 "$scratch/mesh"

# A generation: each row carries its number, which also tells how many there are.
cat >"$scratch/change" <<'END'
#!/bin/sh
# change NUMBER FILE
awk -v n="$1" 'BEGIN { print "n,text"
    for (i = 0; i < 500 + n % 500; i++) print n ",some words of row " i }' >"$2.$$" &&
    chmod 644 "$2.$$" && mv -f "$2.$$" "$2"
END
# One process: what it does is drawn by its own dice.
cat >"$scratch/worker" <<'END'
#!/bin/sh
# worker SEED END PATIENCE UMASK: a line for each thing done
top=$(dirname "$0")
umask "$4"
mesh=$top/mesh/t.csv
printf 'set cache_limit 1\nversions --evict\n' >"$HOME/evict-$1"
ask="SELECT min(n), max(n), count(*) FROM t.t"
dice=$1
while [ "$(date +%s)" -lt "$2" ]; do
    dice=$(((dice * 1103515245 + 12345) % 2147483648))
    way=$((dice / 65536 % 16))
    case $way in
    0) sh "$top/change" $((dice / 65536)) "$mesh" && echo changed ;;
    1 | 2) timeout -s KILL 0.0$((dice / 1048576 % 100)) "$top/mwb" get t --refresh --mesh "$mesh" >/dev/null 2>&1
        echo struck ;;
    3) timeout -s KILL 0.0$((dice / 1048576 % 100)) "$top/mwb" script "$HOME/evict-$1" --mesh "$mesh" >/dev/null 2>&1
        echo struck ;;
    4 | 5 | 6)
        said=$(timeout -s KILL "$3" "$top/mwb" get t --refresh --mesh "$mesh" 2>&1)
        echo "refreshed $? $said" | tr '\n' ' ' && echo ;;
    7)
        said=$(timeout -s KILL "$3" "$top/mwb" script "$HOME/evict-$1" --mesh "$mesh" 2>&1)
        echo "evicted $? $said" | tr '\n' ' ' && echo ;;
    *)
        said=$(timeout -s KILL "$3" "$top/mwb" query "$ask" --mesh "$mesh" --format csv 2>&1 | tail -n 1)
        echo "asked $said" ;;
    esac
done
END
chmod 755 "$scratch/change" "$scratch/worker"
sh "$scratch/change" 1 "$scratch/mesh/t.csv"
chgrp $group "$scratch/mesh/t.csv"

end=$(($(date +%s) + seconds))
seed=${MULTI_SEED:-1}
for process in 1 2 3 4; do
    for user in $users; do
        seed=$(((seed * 7919 + 1) % 1000000007))
        case $user in
        54501) mask=000 ;;
        54502) mask=022 ;;
        54503) mask=077 ;;
        *) mask=027 ;;
        esac
        as "$user" "$scratch/worker" "$seed" "$end" "$patience" $mask >"$scratch/$user-$process" 2>&1 &
    done
done
wait
cat "$scratch"/54*-* >"$scratch/all"

point() { # point STATUS TITLE FILE
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        head -20 "$3" | cut -c1-400 | sed 's/^/# /'
    fi
}

grep '^asked ' "$scratch/all" | awk '{
    split($2, a, ",")
    if (NF != 2 || a[1] !~ /^[0-9]+$/ || a[1] != a[2] || a[3] != 500 + a[1] % 500) print
}' >"$scratch/halves"
asked=$(grep -c '^asked ' "$scratch/all")
point "$([ ! -s "$scratch/halves" ] && [ "$asked" -gt 0 ]; echo $?)" \
    "$asked queries answered from exactly one version" "$scratch/halves"
grep '^refreshed ' "$scratch/all" | grep -v '^refreshed 0 ' >"$scratch/bad"
point "$([ ! -s "$scratch/bad" ]; echo $?)" \
    "$(grep -c '^refreshed ' "$scratch/all") refreshes succeeded, none waited $patience s" "$scratch/bad"
grep '^evicted ' "$scratch/all" | grep -v '^evicted 0 ' >"$scratch/bad"
point "$([ ! -s "$scratch/bad" ]; echo $?)" \
    "$(grep -c '^evicted ' "$scratch/all") evictions succeeded" "$scratch/bad"
grep -vE '^(asked|refreshed|evicted|changed|struck)' "$scratch/all" >"$scratch/bad"
point "$([ ! -s "$scratch/bad" ]; echo $?)" \
    "$(grep -c '^struck' "$scratch/all") kills, $(grep -c '^changed' "$scratch/all") changes, nothing else" \
    "$scratch/bad"
for user in $users; do
    as "$user" "$scratch/mwb" versions --mesh "$scratch/mesh/t.csv"
done >"$scratch/said" 2>&1
{
    find "$scratch/shared/stage" -mindepth 1
    find "$scratch"/home-*/.cache/mwb/stage "$scratch"/home-*/.cache/mwb/spool -mindepth 1
} >"$scratch/bad" 2>&1
point "$([ ! -s "$scratch/bad" ]; echo $?)" 'the next start sweeps what each left' "$scratch/bad"
{
    find "$scratch/shared" ! -group $group
    find "$scratch/shared" -perm /007
    find "$scratch/shared/products" -type d ! -perm 2770
    find "$scratch/shared/products" -type f \( -name '*.db' -o -name '*.sha256' -o -name current \) \
        ! -perm 440
    find "$scratch/shared" -mindepth 1 ! -uid 54501 ! -uid 54502 ! -uid 54503 ! -uid 54504
    for user in $users; do
        find "$scratch/home-$user" ! -user "$user"
        find "$scratch/home-$user/.cache/mwb" -type d -perm /077
    done
    find "$scratch/shared/products" -type f ! -name '*.db' ! -name '*.sha256' ! -name '*.used' \
        ! -name current ! -name fetch
} >"$scratch/bad" 2>&1
point "$([ ! -s "$scratch/bad" ]; echo $?)" 'no file has a wrong owner, group or mode' "$scratch/bad"
echo "1..$count"
exit $((failed > 0))
