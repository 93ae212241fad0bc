#!/bin/sh
# Makes sure that a Chromium for the browser tests is there: KREISGRAPH_CHROMIUM, a system one, or Debian's package.
set -u
[ -n "${KREISGRAPH_CHROMIUM:-}" ] && exit 0
for name in chromium chromium-browser google-chrome-stable google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -d "/Applications/Google Chrome.app" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "== Chromium für die Browsertests installieren (installing Chromium, about a minute) =="
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
echo "Für die Browsertests fehlt Chromium. Installieren Sie es (Debian/Ubuntu: sudo apt install chromium) oder setzen Sie KREISGRAPH_CHROMIUM." >&2
echo "The browser tests need Chromium. Install it, or set KREISGRAPH_CHROMIUM to its path." >&2
exit 1
