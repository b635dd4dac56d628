# mesh.awk: write a mesh of many small products: awk -f mesh.awk -v dir=DIR -v count=1000
# Forty products a domain, each an ODPS descriptor and an ODCS contract of eight columns
# over one CSV file of three rows.
# SPDX-License-Identifier: GPL-3.0-or-later
function product_descriptor(file, name, domain, number) {
    print "apiVersion: v1.0.0\nkind: DataProduct\nid: " domain "/" name > file
    print "name: " name "\nversion: 1." number % 7 ".0\nstatus: active" > file
    print "domain: " domain "\ntags: ['domain:" domain "', 'number:" number "']" > file
    print "description:\n  purpose: Numbers of kind " number " for planning." > file
    print "  limitations: Made up for measuring.\n  usage: Read it whole." > file
    print "outputPorts:\n  - name: " name "\n    type: file\n    version: 1.0.0" > file
    print "    contractId: " domain "-" name > file
    print "team:\n  name: Team " domain "\n  members:" > file
    print "    - username: owner-" domain "@shop.example.org\n      role: owner" > file
    close(file)
}

function column(file, name, type) {
    print "      - name: " name "\n        logicalType: " type > file
    print "        description: What is known of " name "." > file
    print "        required: true\n        classification: internal" > file
}

function contract(file, name, domain, at) {
    print "apiVersion: v3.1.0\nkind: DataContract\nid: " domain "-" name > file
    print "name: " name "\nversion: 1.0.0\nstatus: active\ndomain: " domain > file
    print "servers:\n  - server: files\n    type: local\n    path: data/rows.csv" > file
    print "    format: csv" > file
    print "schema:\n  - name: rows\n    physicalType: table\n    properties:" > file
    column(file, "row_id", "integer")
    column(file, "name", "string")
    for (at = 1; at <= 6; at++) {
        column(file, "measure_" at, "number")
    }
    print "slaProperties:\n  - property: frequency\n    value: 1\n    unit: d" > file
    close(file)
}

function data(file, row) {
    print "row_id,name,measure_1,measure_2,measure_3,measure_4,measure_5,measure_6" > file
    for (row = 1; row <= 3; row++) {
        print row ",row " row "," row * 2 "," row * 3 "," row / 2 ",1,2,3" > file
    }
    close(file)
}

BEGIN {
    file = dir "/mesh.yaml"
    system("mkdir -p '" dir "'")
    print "name: A large mesh\ndomains:" > file
    for (i = 0; i < count; i += 40) {
        print "  - name: domain-" i / 40 "\n    class: source" > file
    }
    close(file)
    for (i = 0; i < count; i++) {
        domain = "domain-" int(i / 40)
        name = "product-" i
        folder = dir "/" domain "/" name
        folders = folders " '" folder "/data'"
        if (i % 40 == 39 || i == count - 1) {
            system("mkdir -p" folders)
            folders = ""
        }
    }
    for (i = 0; i < count; i++) {
        domain = "domain-" int(i / 40)
        name = "product-" i
        folder = dir "/" domain "/" name
        product_descriptor(folder "/" name ".odps.yaml", name, domain, i)
        contract(folder "/" name ".odcs.yaml", name, domain)
        data(folder "/data/rows.csv")
    }
}
