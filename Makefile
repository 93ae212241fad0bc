# make serve: from a fresh checkout to the running site; make test: everything that must hold.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: serve build validate test docs bench bench-quick bench-pages bench-pipeline attack clean

serve: build
	$(BIN)/kreisgraph serve

build: $(VENV)/.installed
	@echo "== Daten prüfen und Veröffentlichung bauen (validate and build) =="
	$(BIN)/kreisgraph build

validate: $(VENV)/.installed
	$(BIN)/kreisgraph validate

test: $(VENV)/.installed-test
	@sh tools/chromium.sh
	@sh tools/nginx.sh
	@sh tools/virtuoso.sh
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

docs: $(VENV)/.installed-test
	$(BIN)/python tools/docs.py

# Ours beside rdflib-endpoint, Oxigraph server and Virtuoso with 5, 50 and 400 counties, written to docs/benchmarks.md.
BENCH_COUNTIES ?= 5,50,400
bench: $(VENV)/.installed-bench
	@sh tools/wrk.sh
	@sh tools/virtuoso.sh || echo "== Ohne Virtuoso geht es weiter (going on without Virtuoso) =="
	@echo "== Messen: alle Server nacheinander, je Größe 10 bis 25 Minuten; nur eine Größe: make bench BENCH_COUNTIES=50 =="
	@echo "== Measuring: all servers in turn, 10 to 25 minutes for each size; one size only: make bench BENCH_COUNTIES=50 =="
	PATH="$$PATH:$(CURDIR)/.kreisgraph/virtuoso/usr/bin" $(BIN)/python -m benchmarks.compare all --counties $(BENCH_COUNTIES) --write docs/benchmarks.md

# A quick look in three minutes: queries and validation in process, small queries over HTTP; prints, writes nothing.
bench-quick: build $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.endpoint releases

# Rude clients against the endpoint for a minute; ends with an error when an answer is not honest.
attack: build
	$(BIN)/python -m benchmarks.killers releases

# 400 counties, most of them made up: validation beside pySHACL, releases from nothing and after one change (an hour).
bench-pipeline: $(VENV)/.installed-bench
	rm -rf .kreisgraph/nation
	$(BIN)/python -m benchmarks.counties .kreisgraph/nation/input
	$(BIN)/python -m benchmarks.pipeline .kreisgraph/nation/input --build .kreisgraph/nation

# 400 counties, most of them made up: weight and time of every kind of page, written to docs/scale.md (a quarter of an hour).
bench-pages: $(VENV)/.installed-test
	rm -rf .kreisgraph/scale
	$(BIN)/python -m benchmarks.counties .kreisgraph/scale/input
	$(BIN)/python -m benchmarks.release .kreisgraph/scale/input .kreisgraph/scale/releases
	$(BIN)/python -m benchmarks.pages .kreisgraph/scale/releases --write docs/scale.md

$(VENV)/.created:
	@echo "== Python-Umgebung anlegen (creating .venv) =="
	@PYTHON="$(PYTHON)" sh tools/venv.sh $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml hatch_build.py ui/package-lock.json
	@echo "== Pakete und Schriften installieren (installing packages and fonts; a minute or two) =="
	$(BIN)/python -m pip install --quiet --progress-bar on -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "== Prüfwerkzeuge installieren (installing test tools) =="
	$(BIN)/python -m pip install --quiet --progress-bar on -e '.[test]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-test
	@echo "== Vergleichsprogramme installieren (installing the peers) =="
	$(BIN)/python -m pip install --quiet --progress-bar on -e '.[bench]'
	@touch $@

clean:
	rm -rf $(VENV) releases .kreisgraph ui/node_modules publisher/static/vendor
