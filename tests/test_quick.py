"""Templates are run in a quicker way than Jinja's own and give out the same."""

from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined, pass_context
from markupsafe import Markup

from publisher.graph.queries import Call
from publisher.views.site import Site, Text
from publisher.web.environment import SiteEnvironment
from publisher.web.links import Links

PARTS = """
{%- macro plain(a, b=2) %}[{{ a }}|{{ b }}]{% endmacro %}
{%- macro missed(a) %}[{{ a is defined }}]{% endmacro %}
{%- macro others() %}[{{ varargs }}|{{ kwargs }}]{% endmacro %}
{%- macro around(name) %}<{{ name }}>{{ caller("<in>") }}{% endmacro %}
{%- macro nested(a) %}{{ plain(a, plain(a)) }}{% endmacro %}
"""


def make(kind: type[Environment]) -> Environment:
    """An environment with functions of every kind that templates call."""

    @pass_context
    def seen(context: Any, name: str) -> str:
        return f"{context.get(name)}<"

    made = kind(autoescape=True, undefined=StrictUndefined)
    made.globals |= {
        "seen": seen,
        "given": lambda *args, **kwargs: f"<{args}{kwargs}>",
        "ready": lambda: Markup("<b>"),
        "text": Text("<i>"),
        "number": 3,
        "page": "<page>",
    }
    return made


@pytest.mark.parametrize(
    "source",
    [
        "{{ plain('<') }}",
        "{{ plain('<', ready()) }}",
        "{{ plain(b='>', a='<') }}",
        "{{ plain('<', b=text) }}",
        "{{ missed() }}{{ missed(1) }}",
        "{{ others(1, '<', c=3) }}",
        "{% call(inner) around('<') %}{{ inner }}{{ plain(inner) }}{% endcall %}",
        "{{ nested('&') }}",
        "{{ text }}{{ number }}{{ none }}{{ ready() }}{{ '<b>'|safe }}{{ 1.5 }}{{ ['<'] }}",
        "{{ given('<', 1, b=2) }}",
        "{% for page in 'ab' %}{{ seen('page') }}{{ given(page) }}{% endfor %}{{ seen('page') }}",
        "{% set page = '>' %}{{ seen('page') }}",
        "{{ 'x'.upper() }}{{ 'a,b'.split(',') }}{{ '<'|upper }}{{ text.value ~ ready() }}",
        "{% autoescape false %}{{ plain('<') }}{{ '<' }}{{ given('<') }}{% endautoescape %}",
        "{% set kept %}{{ page }}{% endset %}{{ kept }}{{ plain(kept) }}",
    ],
)
def test_a_template_gives_out_what_it_does_with_jinja(source: str) -> None:
    quick, usual = (make(kind).from_string(PARTS + source).render() for kind in (SiteEnvironment, Environment))
    assert quick == usual


@pytest.mark.parametrize(
    "source", ["{{ plain(1, 2, 3) }}", "{{ plain(1, c=3) }}", "{{ plain(1, a=1) }}", "{{ plain() }}"]
)
def test_a_wrong_call_is_as_wrong_as_with_jinja(source: str) -> None:
    said = []
    for kind in (SiteEnvironment, Environment):
        with pytest.raises(Exception) as error:
            make(kind).from_string(PARTS + source).render()
        said.append((error.type, str(error.value)))
    assert said[0] == said[1]


def test_the_address_of_a_query_is_the_same_in_pieces(site: Site) -> None:
    links = Links(site.base)
    for query in site.queries:
        given = {name: 7 if one.kind == "number" else "x:ä+&" for name, one in query.parameters.items()}
        call = Call(query.name, given)
        assert links.asking(site.queries.pieces(call), "en") == links.href(
            "/sparql", "en", query=site.queries.text(call)
        )
