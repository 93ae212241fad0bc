#!/bin/sh
# Makes sure that wrk is there, which puts load on servers for `make bench`: a system one, or Debian's package.
set -u
command -v wrk >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "== wrk für die Vergleiche installieren (installing wrk for the benchmarks) =="
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk >/dev/null && exit 0
fi
echo "Für die Vergleiche fehlt wrk (Debian/Ubuntu: sudo apt install wrk)." >&2
echo "The benchmarks need wrk." >&2
exit 1
