"""Code with a query in place: whatever the query, each language reads it back as it is, and each program runs."""

import ast
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest
from endpoint_host import running, settings, write_release

from publisher.release.citation.citing import latex
from publisher.web.snippets import form, plain, python, r, shell

TEXTS = {
    "one line": "SELECT * WHERE { ?s ?p ?o }",
    "lines": "SELECT ?s\nWHERE {\n\t?s ?p ?o\n}\n",
    "single quotes": "FILTER(?x = 'its' || ?x = '''it's''')'",
    "double quotes": 'FILTER(?x = "a\\"b" && ?y = """c"d""")\n"',
    "three at the end": 'x\n"""',
    "five at the end": 'x\n"""""',
    "after a backslash": 'x\n\\"',
    "backslashes": "\\ \\\\ \\n \\' \\\" \\u00e4\n\\",
    "of a shell": "$HOME `id` $(id) !! \\$ ; | & > < * ? ~ #\n@file",
    "of R": 'r"(x)" )" )-" )--" )---"\n)"',
    "other scripts": "„Straße“ – 日本語 😀 Ä\n…",
    "of HTML": "</code></pre><script>&amp;&lt;\n'\"",
    "empty": "",
}
HARD = {"return": "a\r\nb\rc", "null": "a\0b", "no-break space": "a\u00a0b", "bell": "a\ab\x1b[31m", "bom": "\ufeffa"}
"""What cannot be copied from a page without loss."""


@pytest.mark.parametrize("text", [*TEXTS.values(), *HARD.values()], ids=[*TEXTS, *HARD])
def test_python_reads_the_text_back(text: str) -> None:
    literal = python(text)
    assert ast.literal_eval(literal) == text
    assert literal.isascii() or not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]", literal)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_shell_reads_the_text_back(text: str) -> None:
    done = subprocess.run(["sh", "-c", f"printf %s {shell(text)}"], capture_output=True, check=True)
    assert done.stdout.decode() == text


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_r_reads_the_text_back(text: str) -> None:
    found = re.fullmatch(r'r"(-*)\((.*?)\)\1"', r(text), re.DOTALL)
    assert found, "the string ends at the first bracket followed by as many dashes and a quotation mark"
    assert found[2] == text


def test_only_what_can_be_copied_is_shown_as_it_is() -> None:
    assert all(plain(text) for text in TEXTS.values())
    assert not any(plain(text) for text in HARD.values())


@pytest.mark.parametrize("text", [*TEXTS.values(), *HARD.values()], ids=[*TEXTS, *HARD])
def test_a_form_is_one_word_everywhere(text: str) -> None:
    body = form([("query", text), ("default-graph-uri", "http://e.example/?a=b&c")])
    assert re.fullmatch(r"[\w.~%+=&-]+", body, re.ASCII)
    assert httpx.QueryParams(body)["query"] == text


def test_latex_has_no_bare_special_character() -> None:
    assert latex("50 % & $5 #1 a_b {c} ~ ^ \\") == (
        r"50 \% \& \$5 \#1 a\_b \{c\} \textasciitilde{} \textasciicircum{} \textbackslash{}"
    )


@dataclass(frozen=True)
class Program:
    """A query, what its page is called with beside it, and what each program must print."""

    query: str
    printed: str
    other: tuple[tuple[str, str], ...] = ()


PROGRAMS = {
    "select": Program(
        "SELECT ?l ?q\nWHERE {\n  ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l\n"
        '  FILTER(LANG(?l) = \'de\') BIND("""it\'s $HOME `x` \\\\ "so" %20&amp;ü""" AS ?q)\n}',
        'it\'s $HOME `x` \\ "so" %20&amp;ü',
    ),
    "one graph": Program(
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "3001",
        (("default-graph-uri", "https://w3id.org/kreisgraph/id/graph/12071"),),
    ),
    "ask": Program("ASK { ?s ?p 'text 0' }", "true"),
    "construct": Program("CONSTRUCT WHERE { <http://e.example/4> ?p ?o }", "text 4"),
    "control characters": Program('SELECT ("a\u00a0b\u0001c" AS ?x) {}', "a\u00a0b\u0001c"),
}
BLOCK = re.compile(r'<pre[^>]*aria-labelledby="code-(\w+)"[^>]*><code>(.*?)</code></pre>', re.DOTALL)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site runs that knows its own address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    releases = tmp_path_factory.mktemp("site") / "releases"
    chosen = settings(releases, port=port, public_url=f"http://127.0.0.1:{port}")
    write_release(releases)
    with running("serve", releases, chosen) as (_, said):
        assert said.startswith("http://"), said
        yield f"http://127.0.0.1:{port}"


def _snippets(address: str, program: Program) -> dict[str, str]:
    fields = [("query", program.query), *program.other]
    page = httpx.get(f"{address}/sparql", params=fields, headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    found = {name: unescape(code) for name, code in BLOCK.findall(page.text)}
    assert list(found) == ["curl", "python", "wrapper", "r"]
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_programs_of_the_page_run(address: str, tmp_path: Path, name: str) -> None:
    program = PROGRAMS[name]
    found = _snippets(address, program)
    commands = {
        "curl": ["sh", "-c", found["curl"].replace("curl ", "curl --silent --show-error ", 1)],
        "python": [sys.executable, "-c", found["python"]],
        "wrapper": [sys.executable, "-W", "error", "-c", found["wrapper"]],
    }
    for language, command in commands.items():
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, timeout=60)
        assert done.returncode == 0, f"{language}: {done.stderr.decode()}"
        printed = done.stdout.decode()
        shown = repr(program.printed)[1:-1] if name == "control characters" and language != "curl" else program.printed
        # CSV doubles quotation marks, and Python prints a dictionary with the escapes of its strings.
        read = printed.replace('""', '"').replace("\\'", "'").replace("\\\\", "\\")
        assert shown.replace("\\\\", "\\").lower() in read.lower(), f"{language}: {printed}"


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_program_in_r_is_whole(address: str, name: str) -> None:
    """There may be no R here: outside of strings, brackets and quotation marks are in balance; the query is there."""
    program = PROGRAMS[name]
    text = _snippets(address, program)["r"]
    strings = re.compile(r'r"(-*)\((.*?)\)\1"|"[^"\\\n]*"|`[^`\n]*`|#[^\n]*', re.DOTALL)
    held = [found[2] for found in strings.finditer(text) if found[2] is not None]
    bare = strings.sub("", text)
    assert not re.search(r"[\"'`\\]", bare), bare
    assert [bare.count(mark) for mark in "([{"] == [bare.count(mark) for mark in ")]}"]
    assert not bare.rstrip().endswith(("|>", ",", "="))
    if plain(program.query):
        assert program.query in held
        assert all(value in held for _, value in program.other)
    else:
        assert any(httpx.QueryParams(value).get("query") == program.query for value in held)


def test_a_citation_can_be_read_by_programs(address: str) -> None:
    page = httpx.get(
        f"{address}/en/sparql", params={"query": "SELECT ('50 % {x}' AS ?y) {}"}, headers={"Accept": "text/html"}
    )
    blocks = re.findall(r'aria-labelledby="zitat-(\w+)"[^>]*><code>(.*?)</code></pre>', page.text, re.DOTALL)
    found = {name: unescape(code) for name, code in blocks}
    (item,) = json.loads(found["csl"])
    assert item["type"] == "dataset" and item["title"] == "Query of one’s own"
    assert item["issued"] == {"date-parts": [[2026, 1, 1]]} and item["version"] == "2026-01-01-test"
    assert httpx.get(item["URL"], headers={"Accept": "text/html"}).text == page.text
    assert item["license"] == "https://creativecommons.org/licenses/by/4.0/"
    bibtex = found["bibtex"]
    assert bibtex.startswith("@misc{kreisgraph-2026-01-01-") and bibtex.count("{") == bibtex.count("}")
    assert f"url          = {{{item['URL']}}}" in bibtex
    assert re.search(r"year += \{2026\}", bibtex) and "2026-01-01-test" in bibtex
