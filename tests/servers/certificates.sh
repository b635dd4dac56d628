#!/bin/sh
# Certificates for servers of tests: certificates.sh FOLDER makes an authority there
# (ca.crt), and what it signed for 127.0.0.1 and localhost (good), for other names
# (other-name), for a time that is over (expired), and one that signed itself
# (self-signed); each a .crt and a .key.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
cd "$1"
exec >/dev/null 2>certificates.log
here="subjectAltName=IP:127.0.0.1,DNS:localhost"
new="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

# shellcheck disable=SC2086
request() { # NAME NAMES-IT-IS-FOR
    openssl req -new $new -subj "/CN=$1" -addext "$2" -keyout "$1.key" -out "$1.csr"
}
sign() { # NAME FROM UNTIL
    openssl ca -batch -config ca.conf -notext -in "$1.csr" -out "$1.crt" -startdate "$2" \
        -enddate "$3"
}

cat >ca.conf <<'END'
[ca]
default_ca = test
[test]
database = ca.index
serial = ca.serial
new_certs_dir = .
certificate = ca.crt
private_key = ca.key
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
END
: >ca.index
echo 01 >ca.serial
# shellcheck disable=SC2086
openssl req -x509 $new -subj "/CN=authority of a test" -days 2 -keyout ca.key -out ca.crt
# shellcheck disable=SC2086
openssl req -x509 $new -subj "/CN=self-signed" -addext "$here" -days 2 -keyout self-signed.key \
    -out self-signed.crt
request good "$here"
request expired "$here"
request other-name "subjectAltName=DNS:other.example.org"
sign good 20200101000000Z 20991231000000Z
sign expired 20200101000000Z 20200201000000Z
sign other-name 20200101000000Z 20991231000000Z
