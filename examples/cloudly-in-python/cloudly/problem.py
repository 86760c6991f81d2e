"""Problems: every answer of Cloudly except a success (A-2)."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """A verdict that rejects a request. `code` is one of problems.json; `members` are added to the document."""

    def __init__(self, code: str, members: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.members = members or {}


def malformed(*issues: tuple[str, str]) -> Problem:
    """`issues` are places and the rules that they break, never received values (J-15, J-16)."""
    return Problem('malformed-request', {'issues': [{'path': path, 'rule': rule} for path, rule in issues[:16]]})
