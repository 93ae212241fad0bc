"""An input folder in which Spree-Neiße has three versions: its real one, an invented revision, an invented draft.

The invented texts lie in tests/data/versions and nowhere else; they say of themselves that they are invented.
"""

import shutil
from pathlib import Path

from publisher.graph.sources import Sources

ROOT = Path(__file__).parent.parent
INVENTED = ROOT / "tests" / "data" / "versions" / "12071-spree-neisse"
COUNTY = "data/counties/12071-spree-neisse"


def revised(folder: Path) -> Sources:
    """A copy of the input folders in ``folder`` with the invented versions, the real one being superseded."""
    for name in ("ontology", "data", "shapes", "sparql"):
        shutil.copytree(ROOT / name, folder / name)
    for path in INVENTED.iterdir():
        shutil.copy(path, folder / COUNTY / path.name)
    concept = folder / COUNTY / "concept.ttl"
    text = concept.read_text(encoding="utf-8")
    assert text.count("ic:versionStatus ic:StatusUnknown") == 1
    concept.write_text(text.replace("ic:StatusUnknown", "ic:Superseded"), encoding="utf-8")
    return Sources(folder)
