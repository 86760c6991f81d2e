"""How a registration is judged: R-1 from row 8 on. The caller holds the fleet's lock."""

from __future__ import annotations

from .contract import HEARTBEAT_INTERVAL_MS, Json
from .fleet import TURNED_AWAY_MAX, Fleet, JoinToken, KeptStatus, Node, Process, approval_code_of, comparable, hash_of
from .problem import Problem


def judge_register(fleet: Fleet, request: Json, join_token: str | None, now: float) -> tuple[int, Json]:
    """The HTTP status and members of the answer.

    Raises Problem where the registration is refused.
    """
    node = fleet.node(request['nodeId'])
    if node and node.key_hash == hash_of(request['registrationKey']):
        return _judge_own(fleet, node, request, now)

    token = _good_join_token(fleet, join_token, now)
    if node:
        _rebind(node, request, now)
        return _admit(fleet, node, request, now, status_code=200)

    if token.uses_left < 1:
        raise Problem('join-token-used')
    token.uses_left -= 1
    node = _new_node(request, approved=not token.requires_approval)
    fleet.nodes[comparable(node.node_id)] = node
    return _admit(fleet, node, request, now, status_code=201)


def _judge_own(fleet: Fleet, node: Node, request: Json, now: float) -> tuple[int, Json]:
    """The key is the node's own: the join token is not checked (R-2)."""
    boot_id = request['bootId'].lower()
    if node.revoked:
        raise Problem('node-revoked', {'nodeId': node.node_id})
    if node.decision and boot_id != node.running.boot_id:
        if not node.decision.token_was_used:
            turn_away(node, boot_id)
        raise Problem('node-id-taken')
    if node.suspected:
        raise Problem('clone-suspected')
    return _admit(fleet, node, request, now, status_code=200)


def _admit(fleet: Fleet, node: Node, request: Json, now: float, *, status_code: int) -> tuple[int, Json]:
    boot_id = request['bootId'].lower()
    if not node.has_seen(boot_id):
        node.run(boot_id)
    if boot_id == node.running.boot_id and node.running.highest_sequence == 0:
        node.status = KeptStatus(request['status'], None, boot_id)
    if not node.approved:
        return 202, {'accepted': False, 'reason': 'pending-approval'}
    node_token = fleet.issue_node_token(node, now)
    return status_code, {
        'accepted': True,
        'nodeId': node.node_id,
        'nodeToken': node_token,
        'heartbeatIntervalMs': HEARTBEAT_INTERVAL_MS,
    }


def _good_join_token(fleet: Fleet, join_token: str | None, now: float) -> JoinToken:
    """R-3."""
    if join_token is None:
        raise Problem('join-token-missing')
    token = fleet.join_tokens.get(hash_of(join_token))
    if token is None:
        raise Problem('join-token-unknown')
    if token.revoked:
        raise Problem('join-token-revoked')
    if token.uses_left < 1:
        raise Problem('join-token-used')
    if token.expires_at <= now:
        raise Problem('join-token-expired')
    return token


def _rebind(node: Node, request: Json, now: float) -> None:
    """Lets another device take over the node ID if an operator has allowed it (O-6, O-7)."""
    code = approval_code_of(request['registrationKey'])
    allowed = node.rebind is not None and node.rebind.approval_code == code and node.rebind.expires_at > now
    if not allowed or node.revoked:
        raise Problem('node-id-taken')
    node.key_hash = hash_of(request['registrationKey'])
    node.approval_code = code
    node.current = node.next = None
    node.rebind = None
    node.suspected = False
    node.decision = None


def _new_node(request: Json, *, approved: bool) -> Node:
    boot_id = request['bootId'].lower()
    return Node(
        node_id=request['nodeId'],
        key_hash=hash_of(request['registrationKey']),
        approval_code=approval_code_of(request['registrationKey']),
        approved=approved,
        running=Process(boot_id),
        status=KeptStatus(request['status'], None, boot_id),
    )


def turn_away(node: Node, boot_id: str) -> None:
    """Remembers a process that was rejected because of a decision, so that an operator may choose again (C-9)."""
    if node.decision and boot_id not in node.decision.turned_away:
        node.decision.turned_away = [*node.decision.turned_away, boot_id][-TURNED_AWAY_MAX:]
