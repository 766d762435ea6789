#!/bin/sh
# Prints the path of a Python 3.13, which is what Azure runs the app with, and fails where there is none.
set -eu

for candidate in .venv/bin/python python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13.*/bin/python3.13; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
        "$candidate" -c 'import sys; print(sys.executable)'
        exit
    fi
done
exit 1
