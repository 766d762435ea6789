#!/bin/sh
# Makes .venv with a Python that muster runs on, and muster and its tools in it. PYTHON names the one to try first.
set -eu

fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

if ! .venv/bin/python -c "$fits" 2>/dev/null; then
    chosen=
    for python in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
        if "$python" -c "$fits" 2>/dev/null; then
            chosen=$python
            break
        fi
    done
    if [ -z "$chosen" ]; then
        found=$("${PYTHON:-python3}" --version 2>&1 || true)
        echo "muster needs Python 3.11, 3.12 or 3.13; '${PYTHON:-python3}' is: ${found:-not there}." >&2
        echo "Install one of them, or name it: make PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
    echo "Making .venv with $("$chosen" --version) ..."
    rm -rf .venv
    "$chosen" -m venv .venv
fi

echo "Installing muster and its tools into .venv (a minute on a new machine) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
touch .venv/installed
