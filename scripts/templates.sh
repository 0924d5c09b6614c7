#!/bin/sh
# Check or format the Django templates: djade for the tags, djlint for the HTML.
set -eu

templates=$(find src -path '*/templates/*' -name '*.html' | sort)
[ -n "$templates" ] || exit 0

# shellcheck disable=SC2086  # one argument for each file; their names hold no spaces
case "$1" in
check)
    .venv/bin/djade --target-version 5.2 --check $templates
    .venv/bin/djlint --quiet --lint $templates
    ;;
format)
    .venv/bin/djade --target-version 5.2 $templates || true
    ;;
esac
