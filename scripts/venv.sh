#!/bin/sh
# Make .venv and install exactly what the given requirements file names; do nothing when that is done already.
set -eu

wanted=$1
stamp=.venv/installed

say() { printf '%s\n' "$*" >&2; }

# A link is somebody's own environment: use it as it is.
[ -L .venv ] && exit 0

sum=$(cat requirements.txt requirements-dev.txt | cksum)
if [ -x .venv/bin/python ] && [ -f "$stamp" ]; then
    # The development set holds the other one.
    case "$(cat "$stamp")" in
    "$sum $wanted" | "$sum requirements-dev.txt") exit 0 ;;
    esac
fi

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 && is_new_enough "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

uv=$(command -v uv || true)
if [ ! -x .venv/bin/python ] || ! is_new_enough .venv/bin/python; then
    rm -rf .venv
    if [ -n "$uv" ]; then
        say "Making the environment .venv with uv"
        "$uv" venv --quiet --python ">=3.11" .venv
    elif python=$(find_python); then
        say "Making the environment .venv with $python"
        if ! "$python" -m venv .venv >.venv.log 2>&1; then
            rm -rf .venv
            cat .venv.log >&2
            rm -f .venv.log
            say "This Python can't make an environment. Install the package python3-venv (Debian, Ubuntu: apt install python3-venv) or uv, then run make again."
            exit 1
        fi
        rm -f .venv.log
    else
        say "Coopwerf needs Python 3.11 or later. Install the packages python3 and python3-venv (or uv, which brings its own Python), then run make again."
        exit 1
    fi
fi

say "Installing what $wanted names"
if [ -n "$uv" ]; then
    "$uv" pip install --quiet --python .venv/bin/python -r "$wanted"
    "$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
else
    .venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check -r "$wanted"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
echo "$sum $wanted" >"$stamp"
