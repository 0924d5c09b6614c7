#!/bin/sh
# Make .cache/peers, an environment apart, and install the counters of others that bench and some proofs compare with.
set -eu

where=.cache/peers
wanted=bench/peers/requirements.txt
sum=$(cksum <"$wanted")
[ -x "$where/bin/python" ] && [ "$(cat "$where/installed" 2>/dev/null)" = "$sum" ] && exit 0

rm -rf "$where"
if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python .venv/bin/python "$where"
    uv pip install --quiet --python "$where/bin/python" -r "$wanted"
else
    .venv/bin/python -m venv "$where"
    "$where/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"
fi
printf '%s' "$sum" >"$where/installed"
