"""Accept and Accept-Language, case by case."""

import pytest

from publisher.core.refusals import NotAcceptable
from publisher.web.negotiation import language, negotiate, prefers_html

OFFERED = ("text/html", "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

CASES = {
    None: "text/html",
    "": "text/html",
    "*/*": "text/html",
    BROWSER: "text/html",
    "text/turtle": "text/turtle",
    "TEXT/Turtle": "text/turtle",
    "text/turtle;charset=utf-8": "text/turtle",
    "text/turtle; q=0.5, application/ld+json": "application/ld+json",
    "text/turtle;q=0.9, */*;q=0.1": "text/turtle",
    "text/*": "text/html",
    "text/*, text/html;q=0.2": "text/turtle",
    "application/*": "application/ld+json",
    "application/rdf+xml;q=0.4, text/turtle;q=0.4": "text/turtle",
    "text/html;q=0, */*": "text/turtle",
    "image/png, application/n-triples;q=0.001": "application/n-triples",
    "text/turtle;q=oops, application/rdf+xml;q=0.1": "application/rdf+xml",
}


@pytest.mark.parametrize(("accept", "expected"), CASES.items(), ids=str)
def test_the_best_format_wins(accept: str | None, expected: str) -> None:
    assert negotiate(accept, OFFERED) == expected


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "*/*;q=0", "application/json"])
def test_what_nobody_offers_is_refused(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        negotiate(accept, OFFERED)


LANGUAGES = {
    None: "de",
    "": "de",
    "en": "en",
    "en-GB,en;q=0.9,de;q=0.8": "en",
    "fr": "de",
    "fr, en;q=0.5": "en",
    "de-AT": "de",
    "*": "de",
    "de;q=0, *": "en",
}


@pytest.mark.parametrize(("header", "expected"), LANGUAGES.items(), ids=str)
def test_the_best_language_wins(header: str | None, expected: str) -> None:
    assert language(header, ("de", "en")) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [(BROWSER, True), ("*/*", False), (None, False), ("text/turtle", False), ("text/html;q=0", False)],
)
def test_only_browsers_name_html(accept: str | None, expected: bool) -> None:
    assert prefers_html(accept) is expected
