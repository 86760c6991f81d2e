"""The decisions of an operator as separate requests: `POST /<action>/<target>`, with a token in Authorization."""

from __future__ import annotations

import copy
import hmac
import json
import re
import secrets
import uuid
from collections.abc import Callable
from dataclasses import asdict
from inspect import Parameter, signature
from threading import Lock
from urllib.parse import parse_qs, unquote

from .fleet import (
    REBIND_LASTS_SECONDS,
    CloneDecision,
    Command,
    Fleet,
    JoinToken,
    Node,
    Rebind,
    approval_code_from,
    hash_of,
)
from .http_server import Answer, Request
from .node_endpoints import Clock, bearer_token

COMMAND_LASTS_SECONDS = 3600
UPDATE_MODES = ('free', 'gated', 'own')
COMMAND_KINDS = ('update', 'restart-app', 'reboot', 'shutdown', 'blink')
"""The kinds that need no service name."""


class Refused(Exception):
    """The operator's request cannot be carried out; the message says why."""


class OperatorEndpoints:
    def __init__(self, fleet: Fleet, lock: Lock, clock: Clock, operator_token: str) -> None:
        self._fleet = fleet
        self._lock = lock
        self._clock = clock
        self._operator_token = operator_token
        self._backup: Fleet | None = None
        self._acts: dict[str, Callable[..., str | None]] = {
            'join-token': self._make_join_token,
            'revoke-join-token': self._revoke_join_token,
            'nodes': self._list_nodes,
            'approve': self._approve,
            'revoke': self._revoke,
            'unrevoke': self._unrevoke,
            'rebind': self._rebind,
            'rotate': self._rotate,
            'void-tokens': self._void_tokens,
            'queue-command': self._queue_command,
            'cancel-command': self._cancel_command,
            'set-updates': self._set_updates,
            'resolve-clone': self._resolve_clone,
            'back-up': self._back_up,
            'restore': self._restore,
        }

    def answer(self, request: Request) -> Answer:
        token = bearer_token(request.headers.get_all('Authorization', [])) or ''
        if not hmac.compare_digest(token, self._operator_token):
            return _answer(401, 'This needs the operator token.', {'WWW-Authenticate': 'Bearer'})
        if request.method != 'POST':
            return _answer(405, 'Only POST is served.', {'Allow': 'POST'})
        order, *about = [unquote(part) for part in request.path.strip('/').split('/')]
        act = self._acts.get(order)
        if act is None:
            return _answer(404, f'There are {", ".join(self._acts)}.')
        options = {name: values[-1] for name, values in parse_qs(request.query).items()}
        try:
            bound = signature(act).bind(*about, **options)
        except TypeError:
            return _answer(400, f'This is asked for by {_form_of(order, act)}.')
        try:
            with self._lock:
                return _answer(200, act(*bound.args, **bound.kwargs) or '')
        except Refused as refused:
            return _answer(400, str(refused))

    def _make_join_token(self, *, uses: str = '1', hours: str = '24', approval: str = 'none') -> str:
        if approval not in ('none', 'required'):
            raise Refused('approval must be none or required.')
        join_token = f'join-{secrets.token_urlsafe(32)}'
        self._fleet.join_tokens[hash_of(join_token)] = JoinToken(
            uses_left=_whole_number('uses', uses),
            expires_at=self._clock.now() + _whole_number('hours', hours) * 3600,
            requires_approval=approval == 'required',
        )
        return join_token

    def _revoke_join_token(self, join_token: str) -> None:
        known = self._fleet.join_tokens.get(hash_of(join_token))
        if known is None:
            raise Refused('There is no such join token.')
        known.revoked = True

    def _list_nodes(self) -> str:
        hidden = ('key_hash', 'current', 'next')
        nodes = [
            {name: value for name, value in asdict(node).items() if name not in hidden}
            for node in self._fleet.nodes.values()
        ]
        return json.dumps(nodes, indent=2)

    def _approve(self, node_id: str) -> None:
        self._node(node_id).approved = True

    def _revoke(self, node_id: str) -> None:
        self._node(node_id).revoked = True

    def _unrevoke(self, node_id: str) -> None:
        self._node(node_id).revoked = False

    def _rebind(self, node_id: str, typed_code: str) -> None:
        code = approval_code_from(typed_code)
        if code is None:
            raise Refused('This is no approval code: it has 16 digits and letters.')
        self._node(node_id).rebind = Rebind(code, self._clock.now() + REBIND_LASTS_SECONDS)

    def _rotate(self, node_id: str) -> None:
        """T-4."""
        self._node(node_id).token_demanded_at = self._clock.now()

    def _void_tokens(self, node_id: str) -> None:
        """T-7."""
        node = self._node(node_id)
        node.current = node.next = None

    def _queue_command(self, node_id: str, kind: str) -> str:
        if kind not in COMMAND_KINDS:
            raise Refused(f'A command is one of {", ".join(COMMAND_KINDS)}.')
        command = Command(str(uuid.uuid4()), kind, self._clock.now() + COMMAND_LASTS_SECONDS)
        self._node(node_id).commands[command.command_id] = command
        return command.command_id

    def _cancel_command(self, node_id: str, command_id: str) -> None:
        command = self._node(node_id).commands.get(command_id.lower())
        if command is None:
            raise Refused('This node has no such command.')
        command.cancelled = True

    def _set_updates(self, node_id: str, mode: str) -> None:
        """D-2, D-16."""
        if mode not in UPDATE_MODES:
            raise Refused(f'Releases are taken in one of the modes {", ".join(UPDATE_MODES)}.')
        self._node(node_id).updates = mode

    def _resolve_clone(self, node_id: str, boot_id: str) -> None:
        """C-6."""
        node = self._node(node_id)
        boot_id = boot_id.lower()
        returned = [process.boot_id for process in node.superseded if process.first_return]
        turned_away = node.decision.turned_away if node.decision else []
        if boot_id not in (node.running.boot_id, *returned, *turned_away):
            raise Refused('No such process of this node can keep its identity.')
        if not node.suspected and node.decision is None:
            raise Refused('No two devices are suspected on this node.')
        node.run(boot_id)
        node.suspected = False
        node.next = None
        node.decision = CloneDecision()
        node.token_demanded_at = self._clock.now()

    def _back_up(self) -> None:
        self._backup = copy.deepcopy(self._fleet)

    def _restore(self) -> None:
        """Restores the fleet; its join tokens admit no node, because their later uses are not known (B-3)."""
        if self._backup is None:
            raise Refused('There is no backup.')
        restored = copy.deepcopy(self._backup)
        self._fleet.nodes = restored.nodes
        self._fleet.join_tokens = restored.join_tokens
        for join_token in self._fleet.join_tokens.values():
            join_token.revoked = True

    def _node(self, node_id: str) -> Node:
        node = self._fleet.node(node_id)
        if node is None:
            raise Refused(f'There is no node {node_id}.')
        return node


def _whole_number(name: str, text: str) -> int:
    if not re.fullmatch('[0-9]{1,6}', text):
        raise Refused(f'{name} must be a whole number.')
    return int(text)


def _form_of(order: str, act: Callable[..., str | None]) -> str:
    parameters = signature(act).parameters.values()
    places = ''.join(f'/{{{one.name}}}' for one in parameters if one.kind is not Parameter.KEYWORD_ONLY)
    options = '&'.join(f'{one.name}=...' for one in parameters if one.kind is Parameter.KEYWORD_ONLY)
    return f'/{order}{places}' + (f'?{options}' if options else '')


def _answer(status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(
        status,
        f'{text}\n'.encode(),
        {'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', **(headers or {})},
    )
