"""Calls with one fixed text are answered when a template is compiled, and all others when it is shown."""

import pytest
from jinja2 import Environment
from markupsafe import Markup

from publisher.web.environment import Fixed, SiteEnvironment


class Links:
    """Has a function of the same name as a fixed one."""

    def href(self, path: str) -> str:
        """Marks the path."""
        return f"own:{path}"


@pytest.fixture(scope="module")
def environment() -> Environment:
    """An environment whose fixed functions count how often they are asked."""
    asked: list[str] = []

    def href(path: str) -> str:
        asked.append(path)
        return f"/en{path}?a&b"

    def text(one: str) -> str:
        return Markup(f"<b>{one}</b>" if one == "bold" else one)

    made = SiteEnvironment(extensions=[Fixed], autoescape=True)
    made.extend(fixed={"href": href, "_": text})
    made.globals |= {"href": lambda path: f"late:{path}", "_": lambda one, **more: f"late {one}", "links": Links()}
    made.globals["asked"] = asked
    return made


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('{{ href("/x") }}', "/en/x?a&amp;b"),
        ('{{ _("Suche") }}', "Suche"),
        ('{{ _("Suche")|upper }}', "SUCHE"),
        ('{{ _("a") ~ _("b") }}', "ab"),
        ('{{ _("bold") }}', "late bold"),
        ('{{ _("a") ~ _("bold") }}', "alate bold"),
        ('{{ links.href("/x") }}', "own:/x"),
        ('{% set p = "/y" %}{{ href(p) }}', "late:/y"),
        ('{{ _("x %(n)s", n=1) }}', "late x %(n)s"),
        ('{{ href("/x" ~ 1) }}', "late:/x1"),
        ('{% if href("/x") == "/en/x?a&b" %}yes{% endif %}', "yes"),
        ('href("/x")', 'href("/x")'),
    ],
)
def test_a_call_gives_what_it_says(environment: Environment, source: str, shown: str) -> None:
    assert environment.from_string(source).render() == shown


def test_a_fixed_call_is_asked_once_however_often_a_page_is_shown(environment: Environment) -> None:
    template = environment.from_string('{{ href("/once") }}')
    for _ in range(3):
        assert template.render() == "/en/once?a&amp;b"
    assert environment.globals["asked"].count("/once") == 1  # type: ignore[attr-defined]
