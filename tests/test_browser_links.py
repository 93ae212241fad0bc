"""Every link of the site leads somewhere, to a place that is there, and HEAD says the same as GET."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
import requests
from browser_pages import LANGUAGES, kinds
from web_client import BROWSER, Structure

pytest_plugins = ["browser_fixtures"]
pytestmark = pytest.mark.browser

PER_PATTERN = 2
"""So many links of a pattern (numbers, names of rules, language aside) are followed."""
MOST = 3000
_ALIKE = re.compile(r"\d+|(?<=shape/)[\w-]+")
VARYING = {"date", "connection", "transfer-encoding", "content-encoding", "content-length", "retry-after"}


@dataclass(frozen=True)
class Links:
    """Addresses of our own with the anchors asked for in them, and a page each is found on."""

    targets: dict[str, set[str]]
    found_on: dict[str, str]


@pytest.fixture(scope="module")
def web() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["Accept"] = BROWSER
        yield session


@pytest.fixture(scope="module")
def links(running_site: str, web: requests.Session) -> Links:
    found = Links(defaultdict(set), {})
    for path in (kind.at(language) for kind in kinds() for language in LANGUAGES):
        for link in Structure(web.get(running_site + path, timeout=60).text).links:
            address, anchor = urldefrag(urljoin(running_site + path, link))
            if address.startswith(running_site + "/"):
                found.targets[address].add(anchor)
                found.found_on.setdefault(address, path)
    for wrong in (kind.at(language) for kind in kinds() if kind.status >= 400 for language in LANGUAGES):
        # An error page links itself in the other language, and is an error there too.
        found.targets.pop(running_site + wrong, None)
    return found


@pytest.fixture(scope="module")
def chosen(links: Links) -> list[str]:
    """Some links of each pattern, spread over all of them."""
    patterns: dict[str, list[str]] = defaultdict(list)
    for address in sorted(links.targets):
        parts = urlsplit(address)
        # Both languages have the same templates: what is followed is spread over them.
        patterns[_ALIKE.sub("*", parts.path.removeprefix("/en")) + "?" + re.sub(r"=[^&]*", "", parts.query)].append(
            address
        )
    spread = [same[:: -(-len(same) // PER_PATTERN)] for same in patterns.values()]
    addresses = [address for same in spread for address in same]
    assert 200 < len(addresses) <= MOST
    return addresses


def test_every_link_leads_somewhere(chosen: list[str], links: Links, web: requests.Session) -> None:
    broken = {}
    for address in chosen:
        answer = web.get(address, timeout=60)
        anchors = {unquote(anchor) for anchor in links.targets[address] if anchor}
        if answer.status_code >= 400:
            broken[address] = f"{answer.status_code} (on {links.found_on[address]})"
        elif anchors and (missing := anchors - set(Structure(answer.text).ids)):
            broken[address] = f"no #{sorted(missing)[0]} (on {links.found_on[address]})"
    assert not broken, "\n".join(f"{address}: {why}" for address, why in broken.items())


def test_head_says_the_same_as_get(chosen: list[str], web: requests.Session) -> None:
    different = {}
    for address in chosen[::4]:
        get, head = (web.request(method, address, allow_redirects=False, timeout=60) for method in ("GET", "HEAD"))
        if get.status_code != head.status_code or _stable(get) != _stable(head) or head.content:
            different[address] = (get.status_code, head.status_code, _stable(get).items() ^ _stable(head).items())
    assert not different, "\n".join(f"{address}: {how}" for address, how in different.items())


def _stable(answer: requests.Response) -> dict[str, str]:
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in VARYING}
    # Only what has a body is compressed, and says so.
    return headers | {"vary": headers.get("vary", "").replace(", Accept-Encoding", "")}
