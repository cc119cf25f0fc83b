#!/bin/sh
# Sends a document, waits for it, and keeps its Markdown in result.md: samples/read.sh scan.pdf
set -eu
server=${OCRCHAT_URL:-http://127.0.0.1:8000}
ask() { curl --silent --show-error --fail-with-body ${OCRCHAT_TOKEN:+--header "Authorization: Bearer $OCRCHAT_TOKEN"} "$@"; }
value_of() { sed -n "s/^{.*\"$1\": *\"\([a-z0-9]*\)\".*/\1/p" | head -n 1; }

job=$(ask --form "file=@$1" --form tier=cpu "$server/api/v1/ocr/" | cut -c1-200)
uuid=$(echo "$job" | value_of uuid)
while status=$(echo "$job" | value_of status) && [ "$status" = pending -o "$status" = processing ]; do
    sleep 2
    job=$(ask "$server/api/v1/ocr/$uuid/" | cut -c1-200)
done
[ "$status" = done ] || exit 1
ask --output result.md "$server/api/v1/ocr/$uuid/download/?format=md"
cat result.md
