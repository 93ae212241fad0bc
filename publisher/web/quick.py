"""How templates are run so that some hundred outputs and calls of a page cost little.

What a template gives out is the same as with what Jinja brings; only checks are left out that nothing here needs.
https://jinja.palletsprojects.com/en/stable/api/#jinja2.Environment.code_generator_class
"""

from functools import partial
from types import FunctionType, MethodType
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape


def shown(value: object) -> str:
    """``value`` as it stands on a page: as ``escape`` gives it, and what is ready already as it is."""
    return value if type(value) is Markup else escape(value)


class QuickContext(Context):
    """A context that hands calls on: whether a function wants to know the context is asked only where it may."""

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What ``function`` gives for the arguments."""
        if type(function) is Macro or (type(function) in _OWN and not hasattr(function, "jinja_pass_arg")):
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return function(*args, **kwargs)
        return super().call(function, *args, **kwargs)


_OWN = {FunctionType, MethodType, partial}


class QuickCode(CodeGenerator):
    """Writes templates as Jinja does, but for the function that outputs go through."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 (Jinja finds it by this name)
        """The code of a whole template."""
        self.writeline(f"from {__name__} import {shown.__name__}")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write(f"{shown.__name__}(")
        else:
            super()._output_child_pre(node, frame, finalize)
