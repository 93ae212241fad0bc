"""What the text of a query says before anything parses it."""

import time

import pytest

from publisher.core.refusals import QueryForbidden, QueryTooLarge
from publisher.endpoint.tokens import UPDATES, check, names_dataset, outline

HARMLESS = [
    "SELECT ?service { ?service ?load ?with }",
    "SELECT $INSERT { ?s ?p $INSERT }",
    'SELECT * { ?s ?p "SERVICE" }',
    "SELECT * { ?s ?p 'LOAD', '''a 'DELETE' ''', \"\"\"b \"DROP\" \"\"\" }",
    r'SELECT * { ?s ?p "a\"SERVICE" }',
    r"SELECT * { ?s ?p '''a\''' SERVICE''' }",
    "SELECT * { ?s <http://x.example/SERVICE> ?o }",
    "PREFIX ex: <x:> SELECT * { ?s ex:SERVICE ex:a.SERVICE }",
    "PREFIX add: <x:> SELECT * { ?s add:to ?o }",
    "PREFIX : <x:> SELECT * { ?s :COPY ?o }",
    "SELECT * { _:WITH ?p ?o } # SERVICE",
    "# INSERT DATA {}\nASK {}",
    'SELECT * { ?s ?p "x"@add }',
]
CALLING = [
    ("SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }", "SERVICE"),
    ("SELECT * { service silent ?x { ?s ?p ?o } }", "SERVICE"),
    ("SELECT * { ?s ?p 1.SERVICE<x:y>{} }", "SERVICE"),
    ("SELECT * { ?s ?p true.SERVICE<x:y>{} }", "SERVICE"),
    ("ASK { FILTER(?a<?b)SERVICE<x:y>{} }", "SERVICE"),
    ("ASK { FILTER(1<2)SERVICE ?x {} FILTER(3>2) }", "SERVICE"),
    ("ASK { ?s ?p '''\\'' . SERVICE <x:y> {} }", "SERVICE"),
    ('ASK { ?s ?p "unclosed\n . SERVICE <x:y> {} }', "SERVICE"),
    ("ASK { # comment\r SERVICE <x:y> {} }", "SERVICE"),
    ("INSERT DATA { <a:a> <b:b> <c:c> }", "INSERT"),
    ("LOAD <http://x.example/>", "LOAD"),
    ("WITH <g:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "DELETE"),
    *[(f"{word.lower()} ALL", word) for word in ("CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD")],
]
FORMS = [
    ("SELECT * {}", "SELECT"),
    ("PREFIX select: <x:> BASE <http://select/> ask {}", "ASK"),
    ("# SELECT\nCONSTRUCT { ?s ?p ?o } { SELECT * { ?s ?p ?o } }", "CONSTRUCT"),
    ("DESCRIBE <http://x.example/SELECT>", "DESCRIBE"),
    ("", None),
    ("nothing at all", None),
]
SLOW = [
    "'''" + "\\'''" * 25_000,
    '"\\' * 50_000,
    "a." * 50_000,
    "<" * 100_000,
    "<a" * 50_000,
    "''''" * 25_000,
    "a:" * 50_000,
]


@pytest.mark.parametrize("query", HARMLESS)
def test_a_word_that_is_no_keyword_is_let_through(query: str) -> None:
    found = check(query, 10_000, 10)
    assert not found.words & UPDATES and not found.services


@pytest.mark.parametrize(("query", "keyword"), CALLING)
def test_updates_and_calls_to_others_are_refused_with_their_keyword(query: str, keyword: str) -> None:
    with pytest.raises(QueryForbidden) as caught:
        check(query, 10_000, 10)
    assert caught.value.facts["keyword"] == keyword


@pytest.mark.parametrize(
    ("query", "allowed"),
    {
        "SELECT * { SERVICE <http://good.example/> { ?s ?p ?o } }": True,
        "SELECT * { service silent<http://good.example/>{ ?s ?p ?o } }": True,
        "SELECT * { SERVICE # <http://good.example/>\n <http://bad.example/> {} }": False,
        "PREFIX g: <http://good.example/> SELECT * { SERVICE g: { ?s ?p ?o } }": False,
        "SELECT * { BIND(<http://good.example/> AS ?x) SERVICE ?x { ?s ?p ?o } }": False,
        "SELECT * { SERVICE <http://good.example/> {} SERVICE <http://bad.example/> {} }": False,
        r"SELECT * { SERVICE <http://good.example/> {} SERV\u0049CE <http://bad.example/> {} }": False,
        r"SELECT * { SERVICE <http://go\u006Fd.example/> {} }": False,
        "SELECT * { SERVICE <http://good.example/x> {} }": False,
        "SELECT * { SERVICE 'http://good.example/' {} } SERVICE": False,
    }.items(),
)
def test_only_addresses_on_the_list_may_be_called_and_only_written_out(query: str, allowed: bool) -> None:
    try:
        assert check(query, 1000, 10, ("http://good.example/",)).services and allowed
    except QueryForbidden as refused:
        assert refused.facts["keyword"] == "SERVICE" and not allowed


@pytest.mark.parametrize(("query", "form"), FORMS)
def test_the_form_is_the_first_keyword_of_its_kind(query: str, form: str | None) -> None:
    assert outline(query).form == form


def test_length_and_nesting_have_a_limit() -> None:
    with pytest.raises(QueryTooLarge, match="101 characters"):
        check("A" * 101, 100, 10)
    with pytest.raises(QueryTooLarge, match="more than 10 nested"):
        check("ASK " + "{" * 11 + "}" * 11, 100, 10)
    assert check('ASK { ?s ?p "((((((((((((((" }', 100, 10).depth == 1


def test_a_query_whose_value_changes_by_itself_is_known() -> None:
    assert outline("SELECT (NOW() AS ?t) {}").steady is False
    assert outline('SELECT ("NOW()" AS ?now) {}').steady is True
    assert outline("SELECT * FROM <g:g> {}").names_dataset
    assert not outline("SELECT ?from {}").names_dataset


@pytest.mark.parametrize("query", SLOW)
def test_no_text_takes_long(query: str) -> None:
    start = time.monotonic()
    outline(query)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <g:g> {}",
        "select * from <g:g> {}",
        "SELECT ?from $FROM { ?from ?p $FROM }",
        "SELECT ?x-FROM {}",
        'SELECT ("FROM" AS ?x) {}',
        "SELECT * { ?x <urn:FROM> ?y } # FROM",
        "PREFIX FROM: <x:> SELECT * { ?x FROM:FROM ?y }",
        "SELECT *\nFROM\nNAMED <g:g> {}",
        "SELECT (1AS ?n)FROM<g:g> {}",
    ],
)
def test_the_short_look_for_from_says_what_the_outline_says(query: str) -> None:
    assert names_dataset(query) == outline(query).names_dataset
