"""Tidiness as tests: style, types, layers, sizes, and what may not stand in the code."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILE_LINES, FUNCTION_LINES = 300, 40
SOURCES = sorted((ROOT / "publisher").rglob("*.py"))
SILENT = [path for path in SOURCES if path.parent.name not in ("cli", "language") and path.name != "settings.py"]
"""Code without a word for readers; the command line speaks, ``language`` knows German words, settings have defaults."""
_SIGN, _WORDS = r"[äöüÄÖÜßẞ„“”…]", r"\b(der|die|das|und|oder|kein|keine|nicht|ist|sind|im|zum|zur|mit) "
_GERMAN = re.compile(rf"(?=.*[A-Za-z]).*({_SIGN}|{_WORDS})", re.DOTALL)


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "publisher", "tools", "tests", "hatch_build.py"),
        ("ruff", "format", "--check", "publisher", "tools", "tests", "hatch_build.py"),
        ("mypy",),
    ],
    ids=" ".join,
)
def test_tool_is_content(command: tuple[str, ...]) -> None:
    _run(sys.executable, "-m", *command)


def test_imports_point_down() -> None:
    _run(str(Path(sys.executable).parent / "lint-imports"))


def test_generated_docs_are_up_to_date() -> None:
    _run(sys.executable, "tools/docs.py", "--check")


def test_districts_are_what_the_table_gives() -> None:
    _run(sys.executable, "tools/districts.py", "--check")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_is_small_and_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= FILE_LINES
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what lives in it"
    assert [*_long_functions(tree), *_undocumented(tree), *_foreign_text(tree), *_translated(tree)] == []


@pytest.mark.parametrize("path", SILENT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_of_the_interface_is_in_code(path: Path) -> None:
    assert list(_german(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_text_of_the_interface_is_noticed_in_code() -> None:
    lines = (
        '"""Für alle."""',
        '_log.info("Übrig"); pattern = re.compile("[äx]")',
        'name = visit.gettext("Suche")',
        'title = f"Größe {size}" + " …" + "1, 2 …" + "kreis"',
        'part = "Landkreise im Vergleich"',
        '"""Für das, was darüber steht."""',
    )
    tree = ast.parse("\n".join(lines))
    assert list(_translated(tree)) == ["line 3: gettext in Python"]
    assert sorted(line.partition(":")[0] for line in _german(tree)) == ["line 4", "line 5"]


def _long_functions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or 0) - node.lineno + 1
            if size > FUNCTION_LINES:
                yield f"{node.name}: {size} lines"


def _undocumented(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if public and not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{node.name}: no docstring"


def _foreign_text(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.search(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b[^.]*\{", node.value):
                yield f"line {node.lineno}: SPARQL in Python"
            if re.search(r"<(div|p|table|html|a|ul|span)( [^>]*)?>", node.value):
                yield f"line {node.lineno}: HTML in Python"


def _translated(tree: ast.Module) -> Iterator[str]:
    """Texts to be translated: they stand in templates, or with both languages in ``publisher/locale``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        if called in ("_", "gettext", "ngettext", "pgettext") and any(map(_is_text, node.args)):
            yield f"line {node.lineno}: gettext in Python"


def _german(tree: ast.Module) -> Iterator[str]:
    """Strings with German words or signs, but for what nobody reads on a page: docstrings, logs, patterns."""
    unread: set[ast.AST] = set()
    for node in ast.walk(tree):
        call = isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("_log.", "re."))
        if call or (isinstance(node, ast.Expr) and _is_text(node.value)):
            unread.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in unread and _GERMAN.match(str(node.value)):
            yield f"line {node.lineno}: {node.value!r}"


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
