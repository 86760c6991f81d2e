"""All data of this Cloudly. PROTOCOL.md lists it under "What Cloudly has to keep"."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

SUPERSEDED_MAX = 8  # H-5
TURNED_AWAY_MAX = 8  # C-9
REBIND_LASTS_SECONDS = 24 * 3600  # O-8


@dataclass
class JoinToken:
    uses_left: int
    expires_at: float
    requires_approval: bool
    revoked: bool = False


@dataclass
class NodeToken:
    token_hash: str
    issued_at: float


@dataclass
class Process:
    """One run of a node's agent."""

    boot_id: str
    highest_sequence: int = 0
    first_return: tuple[int, float] | None = None
    """For a superseded process: the sequence and time of the first heartbeat with which it returned (C-1)."""


@dataclass
class CloneDecision:
    """An operator has decided which of two devices keeps the identity (C-6)."""

    token_was_used: bool = False
    turned_away: list[str] = field(default_factory=list)


@dataclass
class Rebind:
    approval_code: str
    expires_at: float


@dataclass
class KeptStatus:
    status: Any
    status_hash: str | None
    boot_id: str


@dataclass
class Command:
    command_id: str
    kind: str
    expires_at: float
    cancelled: bool = False
    result: Any = None

    def is_due(self, now: float) -> bool:
        return not self.cancelled and self.result is None and self.expires_at > now


@dataclass
class Node:
    node_id: str
    key_hash: str
    approval_code: str
    approved: bool
    running: Process
    status: KeptStatus
    revoked: bool = False
    superseded: list[Process] = field(default_factory=list)
    current: NodeToken | None = None
    next: NodeToken | None = None
    token_demanded_at: float = 0
    suspected: bool = False
    decision: CloneDecision | None = None
    rebind: Rebind | None = None
    vitals: Any = None
    running_command: Any = None
    seen_at: float | None = None
    commands: dict[str, Command] = field(default_factory=dict)
    updates: str | None = None

    def run(self, boot_id: str) -> None:
        """Makes this process the running one, and supersedes the previous one (H-5)."""
        if boot_id == self.running.boot_id:
            return
        process = next((one for one in self.superseded if one.boot_id == boot_id), Process(boot_id))
        others = [one for one in self.superseded if one is not process]
        self.superseded = [*others, self.running][-SUPERSEDED_MAX:]
        self.running = process

    def has_seen(self, boot_id: str) -> bool:
        return boot_id in (self.running.boot_id, *(one.boot_id for one in self.superseded))


@dataclass
class Fleet:
    cloudly_id: str = field(default_factory=lambda: f'python-{uuid.uuid4()}')
    nodes: dict[str, Node] = field(default_factory=dict)
    """By `comparable(node_id)`."""
    join_tokens: dict[str, JoinToken] = field(default_factory=dict)
    """By hash."""

    def node(self, node_id: str) -> Node | None:
        return self.nodes.get(comparable(node_id))

    def node_of(self, node_token: str) -> Node | None:
        """The node with this current or next token (T-1). In a large fleet, use an index instead of a search."""
        token_hash = hash_of(node_token)
        return next((node for node in self.nodes.values() if token_hash in _token_hashes(node)), None)

    def issue_node_token(self, node: Node, now: float) -> str:
        """A token of 256 random bits as the node's next one (K-4, T-2)."""
        token = f'node-{secrets.token_urlsafe(32)}'
        node.next = NodeToken(hash_of(token), now)
        return token


def _token_hashes(node: Node) -> Iterator[str]:
    return (token.token_hash for token in (node.current, node.next) if token)


def hash_of(secret: str) -> str:
    """The stored form of a token or key (K-6)."""
    return hashlib.sha256(secret.encode()).hexdigest()


_UUID = re.compile(r'[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}')


def comparable(node_id: str) -> str:
    """I-2: only UUIDs are the same in either case."""
    return node_id.lower() if _UUID.fullmatch(node_id) else node_id


_CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'


def approval_code_of(registration_key: str) -> str:
    """I-4."""
    first_80_bits = int.from_bytes(hashlib.sha256(registration_key.encode('ascii')).digest()[:10])
    digits = ''.join(_CROCKFORD[first_80_bits >> shift & 31] for shift in range(75, -1, -5))
    return '-'.join(digits[start : start + 4] for start in range(0, 16, 4))


def approval_code_from(typed: str) -> str | None:
    """The approval code that a person has typed, or None if it is none (I-4)."""
    digits = re.sub(r'[-\s]', '', typed).upper().translate(str.maketrans('OIL', '011'))
    if len(digits) != 16 or not set(digits) <= set(_CROCKFORD):
        return None
    return '-'.join(digits[start : start + 4] for start in range(0, 16, 4))
