"""How templates are run so that some hundred outputs and calls of a page cost little.

What a template gives out is the same as with what Jinja brings; only checks are left out that nothing here needs.
https://jinja.palletsprojects.com/en/stable/api/#jinja2.Environment.code_generator_class
"""

from collections.abc import Callable
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape


def shown(value: object) -> str:
    """``value`` as it stands on a page: as ``escape`` gives it, and what is ready already as it is."""
    return value if type(value) is Markup else escape(value)


class QuickMacro(Macro):
    """A macro that is called at once where arguments and parameters need no sorting out."""

    def __init__(self, environment: Environment, func: Callable[..., str], name: str, arguments: list[str], *more: Any):
        super().__init__(environment, func, name, arguments, *more)
        takes_others = any(more[:3])
        self.most = -1 if takes_others or not more[3] else len(arguments)
        """How many arguments it takes in their order; -1 where it takes others as well."""
        self.func = func

    def quickly(self, args: tuple[Any, ...]) -> Markup:
        """What it gives for ``args``, which are at most ``most``."""
        return Markup(self.func(*args, *(missing,) * (self.most - len(args))))


class QuickContext(Context):
    """A context that hands calls on: whether a function wants to know the context is asked only where it may."""

    def call(self, function: Any, /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **kwargs: Any) -> Any:
        """What ``function`` gives for the arguments; variables of loop and block are for those that ask for them."""
        kind = type(function)
        if kind is QuickMacro:
            return function.quickly(args) if not kwargs and len(args) <= function.most else function(*args, **kwargs)
        if kind in _PLAIN and not hasattr(function, "jinja_pass_arg"):
            return function(*args, **kwargs)
        return super().call(function, *args, _loop_vars=_loop_vars, _block_vars=_block_vars, **kwargs)


_PLAIN = {FunctionType, MethodType, partial}


class QuickCode(CodeGenerator):
    """Writes templates as Jinja does, but with what stands here for what outputs and macros go through."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 (a node's name)
        """The code of a whole template."""
        self.writeline(f"from {__name__} import {shown.__name__}, {QuickMacro.__name__}")
        super().visit_Template(node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """The macro made of the function written before."""
        self.write(QuickMacro.__name__.removesuffix(Macro.__name__))
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write(f"{shown.__name__}(")
        else:
            super()._output_child_pre(node, frame, finalize)
