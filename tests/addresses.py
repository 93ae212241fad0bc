"""Addresses of the site that tests of HTTP go through."""

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GOAL = "kreis/12071/1/ziel-01"
DOCUMENTS = [f"/doc/{GOAL}.{ending}" for ending in ("html", "ttl", "jsonld", "nt", "rdf")] + [f"/en/doc/{GOAL}.html"]
PAGES = [
    "/",
    "/en/",
    "/kreise",
    "/vergleich",
    "/felder",
    "/daten",
    "/methode",
    "/suche?q=Sprache",
    "/ns.html",
    "/lizenz",
]
DATA = ["/ns.ttl", "/context.jsonld", "/manifest.json", "/abfragen/documents/resource.rq", "/validation/report.ttl"]
FILES = ["/dumps/12071.ttl", "/dumps/kreisgraph.nq", "/sources/12071/source-1.txt", "/static/site.css"]
KEPT = [*DOCUMENTS, *PAGES, *DATA, *FILES, "/validation/report.html"]
THINGS = [f"/id/{GOAL}", "/id/kreis/12071", "/ns", "/ns/1.0.0", f"/doc/{GOAL}"]
