"""How a heartbeat is judged: H-1 from row 4 on. The caller holds the fleet's lock."""

from __future__ import annotations

from .contract import COMMAND_RESULTS_MAX, HEARTBEAT_INTERVAL_MS, Json, validator
from .fleet import CloneDecision, Fleet, KeptStatus, Node, comparable, hash_of
from .problem import Problem
from .register import turn_away

RETURNS_APART_SECONDS = 60  # C-1
TOKEN_LASTS_SECONDS = 30 * 24 * 3600  # T-4
TOKEN_IS_LOST_AFTER_SECONDS = 120  # T-6
COMMANDS_LISTED_MAX = 16  # D-5
COMMAND_LASTS_SECONDS_MAX = 7 * 24 * 3600  # D-4


def judge_heartbeat(fleet: Fleet, request: Json, node_token: str, now: float) -> Json:
    """The members of the answer 200.

    The token is looked up here, though it was good when the request began: that may be a while ago.

    Raises Problem where the heartbeat is refused.
    """
    node = fleet.node_of(node_token)
    if node is None or comparable(request['nodeId']) != comparable(node.node_id):
        raise Problem('node-token-unknown')
    if node.revoked:
        raise Problem('node-revoked', {'nodeId': node.node_id})

    boot_id = request['bootId'].lower()
    came_with_next = node.next is not None and node.next.token_hash == hash_of(node_token)
    if _is_undecided_for(node.decision) and not came_with_next and boot_id != node.running.boot_id:
        turn_away(node, boot_id)
        raise Problem('node-token-unknown')

    is_late = _note_process(node, boot_id, request['sequence'], now)
    if came_with_next and not node.suspected:
        _activate_next(node)
    _keep_results(node, request)
    if not is_late:
        _keep_report(node, request, boot_id, now)

    answer: Json = {'accepted': True, 'heartbeatIntervalMs': HEARTBEAT_INTERVAL_MS}
    if node.suspected:
        answer['cloneSuspected'] = True
    if is_late:
        return answer
    if 'status' not in request and not _has_status(node, request, boot_id):
        answer['sendFullStatus'] = True
    if not node.suspected:
        answer['desiredState'] = {'commands': _due_commands(node, now)}
        if node.updates is not None:
            answer['desiredState']['settings'] = {'updates': node.updates}  # D-16
        if not came_with_next and _needs_token(node, now):
            answer['nextNodeToken'] = fleet.issue_node_token(node, now)
    return answer


def _is_undecided_for(decision: CloneDecision | None) -> bool:
    """Whether an operator has chosen a process whose new token has not been used yet (C-7)."""
    return decision is not None and not decision.token_was_used


def _note_process(node: Node, boot_id: str, sequence: int, now: float) -> bool:
    """Whether the heartbeat is late; also checks whether the node's disk seems to be copied (H-5, C-1)."""
    if not node.has_seen(boot_id):
        node.run(boot_id)
    if boot_id == node.running.boot_id:
        is_late = sequence <= node.running.highest_sequence
        node.running.highest_sequence = max(sequence, node.running.highest_sequence)
        return is_late
    process = next(one for one in node.superseded if one.boot_id == boot_id)
    if sequence > process.highest_sequence:
        if process.first_return is None:
            process.first_return = (sequence, now)
        first_sequence, first_at = process.first_return
        if sequence > first_sequence and now - first_at >= RETURNS_APART_SECONDS:
            node.suspected = True
    return True


def _activate_next(node: Node) -> None:
    """T-3."""
    node.current, node.next = node.next, None
    if node.decision:
        node.decision.token_was_used = True


def _keep_results(node: Node, request: Json) -> None:
    """The first result of a command counts; those that cannot be read, or are of no command, are dropped (D-8, D-9)."""
    is_result = validator('heartbeat-request', 'commandResult').is_valid
    readable = [result for result in request.get('commandResults', []) if is_result(result)]
    for result in readable[:COMMAND_RESULTS_MAX]:
        command = node.commands.get(result['id'].lower())
        if command and command.result is None:
            command.result = result


def _keep_report(node: Node, request: Json, boot_id: str, now: float) -> None:
    is_command = validator('heartbeat-request', 'runningCommand').is_valid
    node.seen_at = now
    node.vitals = request['vitals']
    node.running_command = request.get('runningCommand') if is_command(request.get('runningCommand')) else None
    if 'status' in request:
        node.status = KeptStatus(request['status'], request['statusHash'], boot_id)


def _has_status(node: Node, request: Json, boot_id: str) -> bool:
    """H-10."""
    return node.status.boot_id == boot_id and node.status.status_hash == request['statusHash']


def _due_commands(node: Node, now: float) -> list[Json]:
    due = [command for command in node.commands.values() if command.is_due(now)]
    return [
        {'id': command.command_id, 'kind': command.kind, 'expiresInMs': max(1, int((command.expires_at - now) * 1000))}
        for command in due[:COMMANDS_LISTED_MAX]
    ]


def _needs_token(node: Node, now: float) -> bool:
    """T-4 to T-6, for a heartbeat with the current token."""
    if node.current is None:
        return False
    is_demanded = node.current.issued_at < node.token_demanded_at
    is_old = now - node.current.issued_at >= TOKEN_LASTS_SECONDS
    if not is_demanded and not is_old:
        return False
    if node.next is None:
        return True
    is_lost = now - node.next.issued_at >= TOKEN_IS_LOST_AFTER_SECONDS
    return is_lost or node.next.issued_at < node.token_demanded_at
