#!/bin/sh
# Makes the virtual environment named by $1 with $PYTHON (3.11 or newer), and says what to do when that fails.
set -u
python=${PYTHON:-python3}
fail() { printf '%s\n' "$@" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 || fail \
  "Python fehlt: $python wurde nicht gefunden. Installieren Sie Python 3.11 oder neuer." \
  "Python is missing: $python was not found. Install Python 3.11 or newer."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
  "Python ist zu alt: $("$python" --version). Nötig ist 3.11 oder neuer; zum Beispiel: make PYTHON=python3.12 serve" \
  "Python is too old. 3.11 or newer is needed; for example: make PYTHON=python3.12 serve"
if ! "$python" -c 'import ensurepip' 2>/dev/null && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "python3-venv wird installiert (installing python3-venv)"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv
fi
"$python" -m venv "$1" || fail \
  "Die Umgebung $1 ließ sich nicht anlegen. Unter Debian und Ubuntu fehlt meist ein Paket: sudo apt install python3-venv" \
  "The environment $1 could not be made. On Debian and Ubuntu a package is usually missing: sudo apt install python3-venv"
