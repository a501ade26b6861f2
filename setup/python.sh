#!/bin/sh
# Prints the Python to build with: $PYTHON if it is set, else the first that fits. Or one line and the mend.
set -u

fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
can_make_venv='import ensurepip, venv'
lacking=

if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
else
    set -- python3 python3.14 python3.13 python3.12 python3.11 python
fi

for python in "$@"; do
    "$python" -c "$fits" 2>/dev/null || continue
    if "$python" -c "$can_make_venv" 2>/dev/null; then
        command -v "$python"
        exit 0
    fi
    lacking=${lacking:-$python}
done

if [ -n "$lacking" ]; then
    version=$("$lacking" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$lacking cannot make virtual environments: its venv module is not installed" >&2
    echo "    mend: install it (Debian, Ubuntu: apt-get install python$version-venv), then run make again" >&2
elif [ -n "${PYTHON:-}" ]; then
    echo "PYTHON=$PYTHON is not a Python 3.11, 3.12, 3.13 or 3.14" >&2
    echo "    mend: give the path of one (make PYTHON=/usr/bin/python3.11), or leave PYTHON out" >&2
else
    echo "no Python 3.11, 3.12, 3.13 or 3.14 was found" >&2
    echo "    mend: install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3" >&2
fi
exit 1
