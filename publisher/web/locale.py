"""The languages of the pages: German texts in the templates, English ones from ``locale/en*.po``."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent.parent / "locale"


@cache
def translations(language: str) -> NullTranslations:
    """The texts of ``language``, read once; German is the language of the templates and needs none."""
    files = sorted(FOLDER.glob(f"{language}*.po"))
    if not files:
        return NullTranslations()
    return GNUTranslations(_compiled(merged(language, files)))


def merged(language: str, files: list[Path]) -> Catalog:
    """One catalogue of all ``files``."""
    whole = Catalog(locale=language, charset="utf-8")
    for path in files:
        with path.open("rb") as stream:
            for message in read_po(stream, locale=language):
                if message.id:
                    whole.add(message.id, message.string, context=message.context)
    return whole


def _compiled(catalog: Catalog) -> BytesIO:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return compiled
