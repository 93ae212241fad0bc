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
    assert [*_long_functions(tree), *_undocumented(tree), *_foreign_text(tree)] == []


def _long_functions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or 0) - node.lineno + 1
            if size > FUNCTION_LINES:
                yield f"{node.name}: {size} lines"


def _undocumented(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if public and not node.name.startswith("_") and not _exempt(node) and not ast.get_docstring(node):
            yield f"{node.name}: no docstring"


def _exempt(node: ast.stmt) -> bool:
    """Error classes are described by their messages."""
    return isinstance(node, ast.ClassDef) and any(isinstance(item, ast.Assign) for item in node.body)


def _foreign_text(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.search(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b[^.]*\{", node.value):
                yield f"line {node.lineno}: SPARQL in Python"
            if re.search(r"<(div|p|table|html|a|ul|span)( [^>]*)?>", node.value):
                yield f"line {node.lineno}: HTML in Python"
