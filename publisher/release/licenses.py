"""Where the licences of the list of dcat-ap.de stand, and what the world calls them."""

_LICENSES = {
    "cc-by/4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa/4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc-zero": "https://creativecommons.org/publicdomain/zero/1.0/",
    "dl-by-de/2.0": "https://www.govdata.de/dl-de/by-2-0",
    "dl-zero-de/2.0": "https://www.govdata.de/dl-de/zero-2-0",
    "ccpdm/1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
    "odbl": "https://opendatacommons.org/licenses/odbl/1-0/",
    "odby": "https://opendatacommons.org/licenses/by/1-0/",
    "odcpddl": "https://opendatacommons.org/licenses/pddl/1-0/",
}
"""Licence in the list of dcat-ap.de → the address that search engines know it by."""


def license_address(license: str) -> str:
    """Where the text of ``license`` (an IRI of the list of dcat-ap.de) stands; the IRI itself where we know none."""
    return _LICENSES.get(license.partition("/licenses/")[2], license)


def license_name(license: str) -> str:
    """A short name for ``license``, as lists of open licences have it: ``CC-BY-4.0``."""
    return license.partition("/licenses/")[2].replace("/", "-").upper()
