"""What the README and the docs promise is there: commands, files, links, settings, queries."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.cli.main import parser
from publisher.core.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [link for link in _LINK.findall(text) if not (page.parent / link).exists()]
    assert missing == []


def test_every_folder_of_the_map_exists() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for folder in re.findall(r"`((?:[a-z]+/)+)`", text):
        candidates = [ROOT / folder, ROOT / "sparql" / folder, ROOT / "publisher" / folder]
        assert any(candidate.is_dir() for candidate in candidates), folder


def test_every_package_is_on_the_map() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    packages = {path.parent.name for path in (ROOT / "publisher").glob("*/__init__.py")}
    assert {name for name in packages if f"`publisher/{name}/`" not in text} == set()
    inner = {f"{path.parent.parent.name}/{path.parent.name}" for path in (ROOT / "publisher").glob("*/*/__init__.py")}
    assert {name for name in inner if f"`{name}/`" not in text} == set()


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "docs/decisions.md").read_text(encoding="utf-8").lower()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = project[project.index("dependencies = [") : project.index("[project.scripts]")]
    names = set(re.findall(r'^  "([A-Za-z-]+)', block, re.MULTILINE)) - {"types-requests"}
    assert {name for name in names if name.lower() not in text} == set()


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_commands_of_the_docs_exist() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    known = set(re.findall(r"^    (\w+)", parser().format_help(), re.MULTILINE))
    assert set(re.findall(r"`kreisgraph ([a-z]+)", text)) <= known


OTHER = {"no_assets", "chromium", "virtuoso", "update", "store_user", "store_password", "store_token"}
"""Names in the environment that are no settings: of tests, and credentials."""


def test_settings_named_in_the_docs_exist() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    names = {name.lower() for name in re.findall(rf"{PREFIX}([A-Z_]+[A-Z])", text)}
    assert names - set(Settings.model_fields) - OTHER == set()


def test_help_runs_without_a_release() -> None:
    done = subprocess.run([sys.executable, "-m", "publisher", "--help"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0
    assert "validate" in done.stdout
