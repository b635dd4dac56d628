#!/bin/sh
# shared-cache: several users of one host. A group's cache serves what one of them fetched;
# modes and owners are as they should be under every umask; what a hostile user planted on
# the way to a cache, or a member in it, is never followed and never believed. It needs
# root, who becomes the users with setpriv(1); without that it skips. Some of what can be
# planted in `make check`; PLANTED=all tries everything everywhere. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
friend=54401
victim=54402
hostile=54403
group=54400
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-shared-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
count=0
failed=0
chmod 755 "$scratch"
cp "${MWB:?is set by make check}" "$scratch/mwb" && chmod 755 "$scratch/mwb" || exit 99
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0

# as USER COMMAND: in a shell of that user, a member of the group.
as() {
    setpriv --reuid="$1" --regid="$1" --groups="${groups:-$group}" env -i PATH="$PATH" \
        HOME="${home:-$scratch/home-$1}" LC_ALL=C.UTF-8 MWB="$scratch/mwb" top="$scratch" \
        MWB_CACHE="${cache:-}" MWB_NOW="${MWB_NOW:-2026-01-15T12:00:00Z}" \
        ASAN_OPTIONS="$ASAN_OPTIONS" sh -c "cd \"$scratch\"; umask ${mask:-022}; $2" 2>&1
}

if [ "$(id -u)" -ne 0 ] || ! as $victim "$scratch/mwb version" >/dev/null 2>&1; then
    echo "1..0 # SKIP only root can become several users"
    exit 0
fi
for user in $friend $victim $hostile; do
    mkdir "$scratch/home-$user" && chown $user:$user "$scratch/home-$user"
    chmod 700 "$scratch/home-$user"
done
mkdir -m 755 "$scratch/mesh"
printf 'word\none\n' >"$scratch/mesh/t.csv"
chmod 644 "$scratch/mesh/t.csv"

point() { # point STATUS TITLE
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        printf '%s\n' "$said" | sed 's/^/# /'
    fi
}

query="\$MWB query 'SELECT word FROM t.t' --mesh mesh/t.csv --format csv"

make_shared() {
    rm -rf "$scratch/shared" "$scratch"/home-*/.cache
    mkdir "$scratch/shared" && chgrp $group "$scratch/shared" && chmod 2770 "$scratch/shared"
}

# Whatever lies in the shared folder and is not as it should be.
wrong_modes() {
    find "$scratch/shared" ! -group $group -print
    find "$scratch/shared/products" -type d ! -perm 2770 -print
    find "$scratch/shared/stage" -mindepth 1 -print
    find "$scratch/shared" -type f \( -name '*.db' -o -name '*.sha256' -o -name current \) \
        ! -perm 440 -print
    find "$scratch/shared" -type f -perm /007 -print
    find "$scratch"/home-*/.cache/mwb -type d -perm /077 -print
}

# ---- One fetch serves all ----

cache=$scratch/shared
for mask in 000 022 027 077; do
    make_shared
    said=$(as $friend "$query")
    point "$([ "$said" = "word
one" ]; echo $?)" "umask $mask: a friend fetches it"
    said=$(wrong_modes)
    point "$([ -z "$said" ]; echo $?)" "umask $mask: modes and groups are right"
    made=$(find "$scratch/shared" -name '*.db' -exec stat -c '%i %Y %U' {} +)
    said=$(as $victim "$query")
    point "$([ "$said" = "word
one" ]; echo $?)" "umask $mask: it is there for the next one"
    said=$(find "$scratch/shared" -name '*.db' -exec stat -c '%i %Y %U' {} +)
    point "$([ "$said" = "$made" ]; echo $?)" "umask $mask: who did not fetch it again"
    said=$(as $victim "\$MWB get t --refresh --mesh mesh/t.csv; $query" | tail -n 1)$(wrong_modes)
    point "$([ "$said" = one ]; echo $?)" "umask $mask: but may refresh it"
    said=$(as $friend "$query")$(wrong_modes)
    point "$([ "$said" = "word
one" ]; echo $?)" "umask $mask: for all"
done
mask=022
said=$(find "$scratch/shared" -mindepth 1 -maxdepth 1 | sort | sed 's|.*/||' | tr '\n' ' ')
point "$([ "$said" = "products stage " ]; echo $?)" 'nothing private lies in the shared folder'
said=$(groups=$hostile as $hostile "$query")
case $said in
"mwb: "*"could not share the cache $cache: you are not in its group "*) point 0 'who is no member is told' ;;
*) point 1 'who is no member is told' ;;
esac
mkdir -m 700 "$scratch/home-$victim/mine"
cp "$scratch/mesh/t.csv" "$scratch/home-$victim/mine"
chown -R $victim "$scratch/home-$victim/mine"
before=$(find "$cache/products" -name '*.db' | wc -l)
said=$(as $victim "\$MWB get t --mesh ~/mine/t.csv >/dev/null 2>&1; find \$MWB_CACHE/products -name '*.db' | wc -l")
point "$([ "$said" = "$before" ]; echo $?)" 'what only one can read is not shared'

cp "$scratch/mesh/t.csv" "$scratch/mesh/u.csv"
chown $victim "$scratch/mesh/u.csv"
chmod 600 "$scratch/mesh/u.csv"
said=$(as $victim "\$MWB query 'SELECT word FROM u.u' --mesh mesh/u.csv --format csv | tail -n 1;
    \$MWB query 'SELECT word FROM u.u' --mesh mesh/u.csv --format csv | tail -n 1;
    \$MWB versions --mesh mesh/u.csv --format csv | cut -d, -f7 | tail -n 1
    find \$MWB_CACHE/products -name '*.db' | wc -l" | tr '\n' ' ')
point "$([ "$said" = "one one current $before " ]; echo $?)" 'nor a file in a mesh that all can read'
rm "$scratch/mesh/u.csv"

# ---- What others planted ----

echo canary >"$scratch/home-$victim/canary"
chown $victim "$scratch/home-$victim/canary"
chmod 600 "$scratch/home-$victim/canary"
canary=$(stat -c '%i %s %Y %a %h' "$scratch/home-$victim/canary")
mkdir -m 777 "$scratch/lair"
chown $hostile "$scratch/lair"
chmod 777 "$scratch/lair"

# The victim asks: the right rows or a sentence, and nothing of the victim's went elsewhere.
harmless() { # harmless TITLE
    said=$(as $victim "timeout 20 sh -c \"$query\"")
    status=$?
    bad=
    case "$status $said" in
    "0 word
one") ;;
    "3 mwb: "*"could not "*) ;;
    *) bad="$bad answer" ;;
    esac
    [ "$(stat -c '%i %s %Y %a %h' "$scratch/home-$victim/canary")" = "$canary" ] || bad="$bad canary"
    [ "$(cat "$scratch/home-$victim/canary")" = canary ] || bad="$bad canary"
    [ -z "$(find "$scratch/lair" -user $victim)" ] || bad="$bad lair"
    said="$status: $said"
    point "$([ -z "$bad" ]; echo $?)" "$1${bad:+:$bad}"
    rm -rf "$scratch/lair"/* "$scratch/lair"/.[!.]*
}

# plant WHAT PATH: as the hostile user
plant() {
    case $1 in
    folder) as $hostile "mkdir -m 755 $2" ;;
    open-folder) as $hostile "mkdir $2 && chmod 777 $2" ;;
    link-to-lair) as $hostile "ln -s $scratch/lair $2" ;;
    link-to-home) as $hostile "ln -s $scratch/home-$victim $2" ;;
    link-to-canary) as $hostile "ln -s $scratch/home-$victim/canary $2" ;;
    link-to-nothing) as $hostile "ln -s $scratch/lair/nothing $2" ;;
    link-to-itself) as $hostile "ln -s $2 $2" ;;
    file) as $hostile "echo poison >$2; chmod 666 $2" ;;
    pipe) as $hostile "mkfifo $2; chmod 666 $2" ;;
    esac
}

kinds="link-to-home pipe"
[ "${PLANTED:-some}" != all ] || kinds="folder open-folder link-to-lair link-to-home link-to-canary
    link-to-nothing link-to-itself file pipe"

# On the way to a cache of one's own: in a folder like /tmp, and in a home of somebody else.
mkdir -m 1777 "$scratch/tmp"
chmod 1777 "$scratch/tmp"
for what in $kinds; do
    for path in cache way/cache; do
        cache=$scratch/tmp/$path
        rm -rf "$scratch/tmp/"*
        plant $what "$scratch/tmp/${path%%/*}"
        harmless "$what at ${path%%/*} of $path"
    done
    rm -rf "$scratch/tmp/"*
    as $hostile "mkdir -m 777 $scratch/tmp/home"
    chmod 777 "$scratch/tmp/home"
    home=$scratch/tmp/home cache=
    plant $what "$scratch/tmp/home/.cache"
    harmless "$what at .cache of a home of somebody else"
    home=
done

# In a shared cache, by a member, before it was ever used and after.
cache=$scratch/shared
for what in $kinds; do
    for path in products stage; do
        make_shared
        plant $what "$cache/$path"
        harmless "$what as $path of a shared cache"
    done
done
make_shared
as $friend "$query" >/dev/null
product=$(dirname "$(find "$cache/products" -name current)")
db=$(find "$product" -name '*.db')
cp -a "$cache" "$scratch/kept"
fresh() {
    rm -rf "$cache" "$scratch/home-$victim/.cache"
    cp -a "$scratch/kept" "$cache"
}
for what in $kinds; do
    for path in "$product" "${product%/*}" "${product%/*/*}" "$product/current" "$db" \
        "${db%.db}.sha256" "${db%.db}.used" "$product/fetch"; do
        fresh
        as $hostile "mv $path $path.aside; rm -rf $path" >/dev/null
        rm -rf "$path.aside"
        plant $what "$path"
        harmless "$what as $(basename "$path") of a product"
    done
done
# spoil TITLE COMMAND: what a member does to a version
spoil() {
    fresh
    as $hostile "$2"
    harmless "$1"
}
spoil 'another database in its place' "cp $db $scratch/lair/x; rm $db; chmod 600 $scratch/lair/x
    printf x | dd of=$scratch/lair/x bs=1 seek=8000 conv=notrunc 2>/dev/null; cp $scratch/lair/x $db; chmod 440 $db"
spoil 'open to changes' "cp $db $db.x; mv -f $db.x $db; chmod 660 $db"
spoil 'open to everybody' "cp $db $db.x; mv -f $db.x $db; chmod 444 $db"
spoil 'of another group' "cp $db $db.x; chgrp $hostile $db.x; mv -f $db.x $db; chmod 440 $db"
spoil 'with a second name' "cp $db $db.x; mv -f $db.x $db; chmod 440 $db; ln $db $scratch/shared/second"
spoil 'a pointer with a second name' "cp $product/current $product/x; chmod 440 $product/x; mv -f $product/x $product/current; ln $product/current $scratch/shared/second"
spoil 'a pointer anybody may change' "cp $product/current $product/x; chmod 666 $product/x; mv -f $product/x $product/current"
spoil 'a pointer out of the folder' "printf '../../../../../../../../etc/passwd\n' >$product/x; chmod 440 $product/x; mv -f $product/x $product/current"
spoil 'no sum' "rm -f ${db%.db}.sha256"
spoil 'the sum of something else' "rm -f ${db%.db}.sha256; printf '%064d\n' 0 >${db%.db}.sha256; chmod 440 ${db%.db}.sha256"
spoil 'nothing left' "rm -rf $cache/products"
chmod 2777 "$cache"
harmless 'a shared cache open to all'
chmod 2770 "$cache"
echo "1..$count"
exit $((failed > 0))
