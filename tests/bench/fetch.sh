# Fetching from a server on this host, and asking it whether something changed: nginx, as
# it comes. Left out where it is not installed.
# SPDX-License-Identifier: GPL-3.0-or-later

PATH=$PATH:/usr/sbin

# nginx serves $work/www at $web; stop_nginx ends it.
start_nginx() {
    local user=
    [ "$(id -u)" -ne 0 ] || user="user root;" # else it could not read the folder
    web_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    web=http://127.0.0.1:$web_port
    mkdir -p "$work/www"
    cat >"$work/nginx.conf" <<END
$user
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 64; }
http {
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
    uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
    server { listen 127.0.0.1:$web_port; root $work/www; }
}
END
    nginx -e "$work/nginx.log" -p "$work" -c "$work/nginx.conf" >/dev/null 2>&1 &
    nginx=$!
    until (: <>"/dev/tcp/127.0.0.1/$web_port") 2>/dev/null; do
        kill -0 "$nginx" 2>/dev/null || { cat "$work/nginx.log"; return 1; }
    done
}

stop_nginx() {
    kill -QUIT "$nginx"
    wait "$nginx"
}

# A product of one table: MESH NAME PATH
put_product() {
    mkdir -p "$work/$1/$2"
    printf '{"name":"%s","resources":[{"name":"t","format":"csv","path":"%s"}]}\n' "$2" "$3" \
        >"$work/$1/$2/datapackage.json"
}

get_again() { # NAME: with nothing here
    fresh
    "$mwb" products --mesh "$work/fetch" >/dev/null 2>&1
    wall "$mwb" get "$1" --mesh "$work/fetch" 2>"$work/ours.log"
}

get_local() {
    get_again near
}

get_remote() {
    get_again far
}

check_got() { # NAME
    right "rows of $1" "$fetch_rows" "$("$mwb" query "SELECT count(*) FROM $1.t" \
        --mesh "$work/fetch" --format csv 2>>"$work/ours.log" | sed -n 2p)"
}

measure_throughput() {
    local ours peer input=$work/www/orders.csv
    make_rows orders "$fetch_rows" "$input" || return
    fresh
    put_product fetch far "$web/orders.csv"
    put_product fetch near orders.csv
    ln -f "$input" "$work/fetch/near/orders.csv"
    ours=$(median_of "$huge_runs" get_remote) && check_got far || return
    peer=$(median_of "$huge_runs" get_local) && check_got near || return
    say "get of $(($(stat -c %s "$input") >> 20)) MiB by http (s)" "$ours" "get of the same local file" \
        "$peer" 13/10 2/1
    rm -f "$input" "$work/fetch/near/orders.csv"
}

measure_unchanged() {
    local i ours count=1000
    mkdir -p "$work/www/small"
    for ((i = 0; i < count; i++)); do
        printf 'id,name\n1,row %d\n' "$i" >"$work/www/small/$i.csv"
        put_product unchanged "p$i" "$web/small/$i.csv"
    done
    fresh
    "$mwb" get --all --mesh "$work/unchanged" >"$work/ours.log" 2>&1 || { tail -3 "$work/ours.log"; return 1; }
    ours=$(wall -n "$huge_runs" "$mwb" get --all --refresh --mesh "$work/unchanged" 2>"$work/ours.log")
    say "refresh of $count unchanged products (s)" "$ours" - - 2 4
}

measure_fetch() {
    if ! command -v nginx >/dev/null || ! command -v python3 >/dev/null; then
        note "left out: fetching, for there is no nginx here"
        return 0
    fi
    local MWB_WEB_PRIVATE=1 nginx web web_port status=0
    export MWB_WEB_PRIVATE
    start_nginx || return
    has_room 5 "fetching" && { measure_throughput || status=1; }
    measure_unchanged || status=1
    stop_nginx
    return $status
}
