"""What a template may do: name values, loop over them and ask whether there are any. Nothing else."""

from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Values are escaped, unknown names are errors, nothing is called, and no number grows without bound."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuses what could make a text of any length."""
        raise SecurityError(operator)

    def is_safe_callable(self, obj: Any) -> bool:
        """Values have nothing that a template needs to call."""
        return False


def environment() -> TemplateEnvironment:
    """A new environment for one template."""
    made = TemplateEnvironment(undefined=StrictUndefined, autoescape=True)
    made.globals.clear()
    return made
