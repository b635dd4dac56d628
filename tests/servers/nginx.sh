#!/bin/bash
# get from nginx: ranges, tags, packing, redirects, TLS; a fetch that is killed goes on where
# it ended. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
PATH=$PATH:/usr/sbin
for tool in nginx openssl python3; do
    if ! command -v $tool >/dev/null; then
        echo "1..0 # SKIP $tool is not installed"
        exit 0
    fi
done
. "$TESTS_SRCDIR/servers/lib.sh"
nginx=
trap '[ -z "$nginx" ] || kill -QUIT "$nginx" 2>/dev/null; rm -rf "$scratch"' EXIT

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# ---- The server ----

plain=$(free_port)
tls=$(free_port)
mkdir www tls
sh "$TESTS_SRCDIR/servers/certificates.sh" tls

configure() { # LIMITS
    cat >nginx.conf <<END
$user
worker_processes 1;
pid $scratch/nginx.pid;
error_log $scratch/error.log;
daemon off;
events { worker_connections 64; }
http {
    types { text/csv csv; application/gzip gz; }
    default_type application/octet-stream;
    log_format brief '\$status \$request_uri \$body_bytes_sent "\$http_range" "\$http_if_range" "\$http_authorization" \$connection';
    access_log $scratch/access.log brief;
    client_body_temp_path $scratch/t1; proxy_temp_path $scratch/t2; fastcgi_temp_path $scratch/t3;
    uwsgi_temp_path $scratch/t4; scgi_temp_path $scratch/t5;
    gzip_types text/csv;
    keepalive_requests 100000;
    server {
        listen 127.0.0.1:$plain;
        root $scratch/www;
        $1
        location /packed/ { alias $scratch/www/; gzip on; gzip_min_length 1; gzip_proxied any; }
        location /moved/ { rewrite ^/moved/(.*) /\$1 permanent; }
        location /to-tls/ { rewrite ^/to-tls/(.*) https://127.0.0.1:$tls/\$1 redirect; }
        location /untagged/ { alias $scratch/www/; etag off; }
        location /secret/ { alias $scratch/www/; if (\$http_authorization != "Bearer canary-token") { return 401; } }
    }
    server {
        listen 127.0.0.1:$tls ssl;
        ssl_certificate $scratch/tls/good.crt;
        ssl_certificate_key $scratch/tls/good.key;
        root $scratch/www;
        location /to-plain/ { rewrite ^/to-plain/(.*) http://127.0.0.1:$plain/\$1 redirect; }
    }
}
END
}

# A server that root starts would give its rights up, and could not read the folder.
user=
[ "$(id -u)" -ne 0 ] || user="user root;"
configure ""
awk 'BEGIN { print "id,name,amount"; for (i = 0; i < 3000; i++) print i ",row " i "," i * 3 ".50" }' \
    >www/small.csv
awk 'BEGIN { print "id,text"; for (i = 0; i < 200000; i++) print i ",a longer text with the number " i * 7 }' \
    >www/large.csv
gzip -k www/small.csv
nginx -e "$scratch/error.log" -p "$scratch" -c "$scratch/nginx.conf" >/dev/null 2>&1 &
nginx=$!
until [ -s nginx.pid ] && (: <>"/dev/tcp/127.0.0.1/$plain") 2>/dev/null; do
    kill -0 "$nginx" 2>/dev/null || { cat error.log; echo "Bail out! nginx does not start"; exit 99; }
done
web=http://127.0.0.1:$plain
all=3000,4498500

# ---- Ways to ask ----

export SSL_CERT_FILE=$scratch/tls/ca.crt
while read -r name address; do
    product "$name" "$address"
    get "$name" && [ "$(rows "$name")" = "$all" ]
    point $? "$name: every row is there"
done <<END
plain $web/small.csv
packed $web/packed/small.csv
gz $web/small.csv.gz
gz-packed $web/packed/small.csv.gz
moved $web/moved/small.csv
to-tls $web/to-tls/small.csv
tls https://127.0.0.1:$tls/small.csv
untagged $web/untagged/small.csv
END
grep -q '^200 /packed/small.csv [0-9]\{1,5\} ' access.log
point $? "it came packed"
product down "https://127.0.0.1:$tls/to-plain/small.csv"
get down
[ $? -eq 3 ] && ! is_here down
point $? "from https to http: $(cut -c 1-150 said)"
unset SSL_CERT_FILE
product unknown "https://127.0.0.1:$tls/small.csv?unknown"
get unknown
[ $? -eq 3 ] && ! is_here unknown
point $? "an authority that nobody here knows: $(cut -c 1-150 said)"
product secret "$web/secret/small.csv"
get secret
point $(($? != 3)) "without a secret: $(cut -c 1-150 said)"
mkdir -p home/.config/mwb
printf '[%s]\ntoken = canary-token\n' "$web" >home/.config/mwb/credentials
chmod 600 home/.config/mwb/credentials
get secret && [ "$(rows secret)" = "$all" ]
point $? "with one"

# ---- Asked again ----

answers() { # PATTERN: how often it stands in the log
    kill -USR1 "$nginx" # the log is written at once
    grep -c "$1" access.log
}

for name in plain packed untagged gz; do
    before=$(answers '^304 ')
    get "$name" --refresh
    [ $? -eq 0 ] && [ "$(answers '^304 ')" -gt "$before" ]
    point $? "$name: not modified"
done
echo "3000,one more,9.50" >>www/small.csv
get plain --refresh && [ "$(rows plain)" = "3001,4501500" ]
point $? "plain: what changed is fetched"

# ---- Killed, and gone on with ----

reload() { # LIMITS
    local worker
    worker=$(pgrep -P "$nginx")
    configure "$1"
    kill -HUP "$nginx"
    while kill -0 $worker 2>/dev/null; do :; done
}

arrived() { # bytes of the part that is on its way
    find "$MWB_CACHE" -path '*partial*' -name '*.part' -printf '%s\n' 2>/dev/null | sort -n | tail -1
}

reload "limit_rate_after 3m; limit_rate 8k;"
product large "$web/large.csv"
timeout 60 "$MWB" get large >said 2>&1 &
getting=$!
until [ "$(arrived || echo 0)" -ge 3000000 ] 2>/dev/null; do
    kill -0 $getting 2>/dev/null || break
done
pkill -KILL -P $getting 2>/dev/null
kill -KILL $getting 2>/dev/null
wait $getting 2>/dev/null
! is_here large
point $? "killed: nothing can be seen"
[ "$(arrived || echo 0)" -ge 3000000 ]
point $? "but what came is kept"
reload ""
timeout 60 "$MWB" get large >said 2>&1
point $? "got again"
[ "$(rows large)" = "200000,19999900000" ]
point $? "every row is there"
answers '^206 /large.csv' >/dev/null
bytes=$(sed -n 's/^206 .large.csv \([0-9]*\) .*/\1/p' access.log)
[ -n "$bytes" ] && [ "$bytes" -lt $(($(wc -c <www/large.csv) - 2900000)) ]
point $? "and only the rest was asked for: ${bytes:-nothing} bytes"
finish
