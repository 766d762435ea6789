#!/bin/sh
# Installs what Azure runs the app with into .runtime: install-runtime.sh VERSION
#
# An environment of its own with requirements.lock alone, as it is deployed, and Microsoft's Functions runtime. The
# runtime asks for Python 3.13; it is plain Python that works on 3.11 and 3.12 too, so where there is no 3.13 it goes
# into an environment of the Python at hand.
set -eu

version=$1
python=$(sh scripts/python313.sh || echo .venv/bin/python)

echo "Installing Microsoft's Functions runtime $version for $("$python" --version) into .runtime ..."
rm -rf .runtime
"$python" -m venv .runtime
pip=".runtime/bin/python -m pip install --quiet --disable-pip-version-check"
$pip --require-hashes --requirement requirements.lock
if .runtime/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then
    $pip "azure-functions-runtime==$version"
else
    echo "There is no Python 3.13 here: the runtime is installed against its own requirement."
    $pip --no-deps --ignore-requires-python "azure-functions-runtime==$version" azurefunctions-extensions-base
fi
touch .runtime/installed
