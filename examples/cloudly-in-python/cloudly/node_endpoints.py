"""Both endpoints of nodes, from request to answer."""

from __future__ import annotations

import json
import re
import sys
import time
import traceback
from datetime import datetime, timezone
from threading import Lock
from typing import Any

from . import contract
from .body import read_body
from .fleet import Fleet
from .heartbeat import judge_heartbeat
from .http_server import Answer, Request
from .message import read_message
from .problem import Problem
from .register import judge_register

RETRY_AFTER_SECONDS = 10


class Clock:
    """Monotonic seconds, regardless of the machine's clock."""

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()

    def now(self) -> float:
        return time.monotonic() + self._ahead


class NodeEndpoints:
    """`base_path` is the path of the URL in the nodes' configuration (F-1)."""

    def __init__(self, fleet: Fleet, lock: Lock, clock: Clock, base_path: str) -> None:
        self._fleet = fleet
        self._lock = lock
        self._clock = clock
        self._base_path = base_path.rstrip('/')

    def answer(self, request: Request) -> Answer:
        try:
            status, members = self._judge(request)
            return self._success(status, members)
        except Problem as problem:
            return self._refusal(problem)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return self._refusal(Problem('unavailable'))

    def _judge(self, request: Request) -> tuple[int, contract.Json]:
        endpoint = request.path.removeprefix(self._base_path)
        if endpoint not in ('/baseos/v1/nodes/register', '/baseos/v1/nodes/heartbeat'):
            raise Problem('not-found')
        if request.method != 'POST':
            raise Problem('method-not-allowed')
        token = bearer_token(request.headers.get_all('Authorization', []))
        return self._heartbeat(request, token) if endpoint.endswith('heartbeat') else self._register(request, token)

    def _register(self, request: Request, join_token: str | None) -> tuple[int, contract.Json]:
        message = _read(request, 'register-request')
        with self._lock:
            return judge_register(self._fleet, message, join_token, self._clock.now())

    def _heartbeat(self, request: Request, node_token: str | None) -> tuple[int, contract.Json]:
        with self._lock:
            is_known = node_token is not None and self._fleet.node_of(node_token) is not None
        if node_token is None or not is_known:
            raise Problem('node-token-unknown')  # H-2
        message = _read(request, 'heartbeat-request')
        with self._lock:
            return 200, judge_heartbeat(self._fleet, message, node_token, self._clock.now())

    def _success(self, status: int, members: contract.Json) -> Answer:
        headers = {'Content-Type': 'application/json', 'Cache-Control': 'no-store'}
        if status == 202:
            headers['Retry-After'] = str(RETRY_AFTER_SECONDS)
        return Answer(status, _json({**self._every_answer(), **members}), headers)

    def _refusal(self, problem: Problem) -> Answer:
        known = contract.problems()[problem.code]
        document = {
            'type': known['type'],
            'title': known['title'],
            'status': known['status'],
            'code': problem.code,
            **self._every_answer(),
            **problem.members,
        }
        headers = {'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store'}
        if known['status'] == 401:
            headers['WWW-Authenticate'] = 'Bearer'
        if known['status'] == 405:
            headers['Allow'] = 'POST'
        if known['status'] in (429, 503):
            headers['Retry-After'] = str(RETRY_AFTER_SECONDS)
        return Answer(known['status'], _json(document), headers)

    def _every_answer(self) -> dict[str, Any]:
        """A-3 to A-5."""
        server_time = datetime.now(timezone.utc).isoformat(timespec='milliseconds').replace('+00:00', 'Z')
        return {'protocol': 1, 'cloudlyId': self._fleet.cloudly_id, 'serverTime': server_time}


def _json(document: contract.Json) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def bearer_token(authorization: list[str]) -> str | None:
    """K-1 to K-3."""
    match = re.fullmatch(r'bearer +([!-~]{1,4096})', authorization[0].strip(), re.IGNORECASE) if authorization else None
    return match[1] if match and len(authorization) == 1 else None


def _read(request: Request, name: str) -> contract.Json:
    body = read_body(request.headers, request.begin_body, request.connection)
    request.body_was_read = True
    return read_message(name, body)
