"""Lets mypy check what ``msgspec.structs.replace`` is given, as it does for dataclasses."""

from __future__ import annotations

from collections.abc import Callable

from mypy.plugin import FunctionSigContext, Plugin
from mypy.plugins.dataclasses import replace_function_sig_callback
from mypy.types import FunctionLike


class CheckedReplace(Plugin):
    """Knows the fields of structs: mypy reads these as it reads dataclasses."""

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        """Return what makes the signature for the struct that is given."""
        return replace_function_sig_callback if fullname == "msgspec.structs.replace" else None


def plugin(version: str) -> type[Plugin]:
    """Tell mypy of it."""
    del version
    return CheckedReplace
