# All checks of a contract over ten million rows: what its schema implies and its rules,
# beside the same counts as the statements that people write by hand.
# SPDX-License-Identifier: GPL-3.0-or-later

write_orders_contract() { # FILE
    cat >"$1" <<'YAML'
apiVersion: v3.1.0
kind: DataContract
id: shop-orders
name: orders
domain: shop
version: 1.0.0
status: active
servers: [{server: here, type: local, path: orders.csv, format: csv}]
schema:
- name: orders
  quality: [{id: enough, metric: rowCount, mustBeGreaterThan: 1000}]
  properties:
  - {name: order_id, logicalType: integer, required: true, unique: true, logicalTypeOptions: {minimum: 1}}
  - {name: ordered_at, logicalType: timestamp, required: true, logicalTypeOptions: {minimum: '2020-01-01T00:00:00Z'}}
  - {name: customer, logicalType: string, required: true, logicalTypeOptions: {pattern: '^C[0-9]{7}$'}}
  - {name: article, logicalType: string, required: true, logicalTypeOptions: {pattern: '^A[0-9]{6}$', maxLength: 7}}
  - {name: status, logicalType: string, required: true, quality: [{id: not_cancelled, metric: invalidValues, mustBeGreaterThan: 0, arguments: {validValues: [delivered, shipped, paid]}}]}
  - {name: quantity, logicalType: integer, required: true, logicalTypeOptions: {minimum: 1, maximum: 8}}
  - {name: price, logicalType: number, required: true, logicalTypeOptions: {exclusiveMinimum: 0, maximum: 500}}
  - {name: currency, logicalType: string, required: true}
  - {name: channel, logicalType: string, required: true}
  - {name: country, logicalType: string, required: true, quality: [{id: given, metric: missingValues, unit: percent, mustBeLessThan: 1, arguments: {missingValues: [null, '']}}]}
YAML
}

# Every count in one statement, but for the key.
quality_sql="SELECT count(*), sum(status NOT IN('delivered','shipped','paid')),
    sum(order_id IS NULL), sum(typeof(order_id)<>'integer'), sum(order_id<1),
    sum(ordered_at IS NULL), sum(ordered_at<'2020-01-01T00:00:00Z'), sum(customer IS NULL),
    sum(customer NOT GLOB 'C[0-9][0-9][0-9][0-9][0-9][0-9][0-9]'), sum(article IS NULL),
    sum(article NOT GLOB 'A[0-9][0-9][0-9][0-9][0-9][0-9]'), sum(length(article)>7),
    sum(status IS NULL), sum(quantity IS NULL), sum(quantity<1), sum(quantity>8),
    sum(price IS NULL), sum(price<=0), sum(price>500), sum(currency IS NULL),
    sum(channel IS NULL), sum(country IS NULL OR country='') FROM orders;
SELECT count(*) FROM (SELECT 1 FROM orders GROUP BY order_id HAVING count(*)>1)"

quality_found() { # KEY: the value of this check
    "$mwb" check orders --mesh "$work/quality" --rule "$1" --format jsonl 2>/dev/null |
        sed 's/.*"value":\([0-9]*\).*/\1/'
}

measure_quality() {
    local folder=$work/quality/shop/orders input=$work/orders-$huge_rows.csv
    local ours peer version checks
    fresh quality
    make_rows orders "$huge_rows" "$input" || return 1
    mkdir -p "$folder"
    ln -f "$input" "$folder/orders.csv" || cp "$input" "$folder/orders.csv" || return 1
    write_orders_contract "$folder/orders.odcs.yaml"
    "$mwb" get orders --mesh "$work/quality" >/dev/null 2>&1 || return 1
    version=$(find "$XDG_CACHE_HOME" -name '*.db' -path '*/products/*' | head -1)
    checks=$("$mwb" check orders --mesh "$work/quality" --format jsonl 2>/dev/null | wc -l)
    right "rows that were checked" "$huge_rows" "$(quality_found orders.enough)" || return 1
    right "orders that were cancelled" \
        "$(sqlite3 "$version" "$quality_sql" | head -1 | cut -d'|' -f2)" \
        "$(quality_found orders.status.not_cancelled)" || return 1
    ours=$("$tools/clock" -n "$huge_runs" "$mwb" check orders --mesh "$work/quality" 2>/dev/null)
    peer=$("$tools/clock" sqlite3 "$version" "$quality_sql")
    say "$checks checks of $huge_rows rows x 10, s" "$(column 1 "$ours")" \
        "sqlite3, by hand" "$(column 1 "$peer")" 10 20
    say "$checks checks of $huge_rows rows x 10, CPU s" "$(column 2 "$ours")" \
        "sqlite3, by hand" "$(column 2 "$peer")" 10 20
}
