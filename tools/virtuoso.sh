#!/bin/sh
# Makes sure that a Virtuoso for the tests of other SPARQL servers is there: KREISGRAPH_VIRTUOSO, a system one, or
# Debian's package (only its programs: no service is set up). Without root the package is unpacked in .kreisgraph.
set -u
[ -n "${KREISGRAPH_VIRTUOSO:-}" ] && exit 0
command -v virtuoso-t >/dev/null 2>&1 && exit 0
PACKAGE=virtuoso-opensource-7-bin
PLACE=.kreisgraph/virtuoso
[ -x "$PLACE/usr/bin/virtuoso-t" ] && exit 0
if command -v apt-get >/dev/null 2>&1; then
  echo "== Virtuoso für die Prüfungen installieren (installing Virtuoso for the tests, half a minute) =="
  if [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$PACKAGE" >/dev/null && exit 0
  else
    mkdir -p "$PLACE" && (cd "$PLACE" && apt-get download -qq "$PACKAGE" && dpkg -x "$PACKAGE"_*.deb .) && "$PLACE/usr/bin/virtuoso-t" -? >/dev/null 2>&1
    [ -x "$PLACE/usr/bin/virtuoso-t" ] && exit 0
  fi
fi
echo "Für die Prüfungen fehlt Virtuoso. Installieren Sie es (Debian: sudo apt install $PACKAGE) oder setzen Sie KREISGRAPH_VIRTUOSO." >&2
echo "The tests need Virtuoso. Install it, or set KREISGRAPH_VIRTUOSO to the path of virtuoso-t." >&2
exit 1
