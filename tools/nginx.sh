#!/bin/sh
# Makes sure that nginx is there, for the test of several machines behind one address: a system one, or Debian's package.
set -u
export PATH="$PATH:/usr/sbin"
command -v nginx >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "== nginx für die Tests installieren (installing nginx for the tests) =="
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null && exit 0
fi
echo "Für den Test mehrerer Maschinen fehlt nginx (Debian/Ubuntu: sudo apt install nginx-light)." >&2
echo "The test of several machines needs nginx." >&2
exit 1
