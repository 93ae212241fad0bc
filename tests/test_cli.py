"""The command line imports what the command at hand needs, and knows every command by its name."""

import subprocess
import sys
from importlib import import_module

import pytest

from publisher.cli.main import _MODULES, parser


@pytest.mark.parametrize(("name", "module"), _MODULES.items())
def test_a_command_is_called_as_its_module_says(name: str, module: str) -> None:
    assert name == import_module(f"publisher.cli.{module}").NAME
    assert f"    {name}" in parser().format_help() and f"    {name}" in parser(name).format_help()


def test_to_check_data_needs_no_server() -> None:
    said = "import sys; from publisher.cli.main import parser; parser('validate'); print('fastapi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
