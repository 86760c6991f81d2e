"""The files of the contracts package: schemas for readers, and the table of problems."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

Json = dict[str, Any]

BODY_MAX_BYTES = 262_144  # F-7
STATUS_MAX_BYTES = 131_072  # J-9
STRING_MAX_CHARACTERS = 32_768  # J-5
DEPTH_MAX = 32  # J-2
COMMAND_RESULTS_MAX = 32  # J-13

HEARTBEAT_INTERVAL_MS = 60_000  # this Cloudly's choice, within W-1

FOLDER = Path(
    os.environ.get('BASEOS_CONTRACTS') or Path(__file__).resolve().parents[3] / 'packages' / 'contracts',
)


@cache
def problems() -> dict[str, Json]:
    return _read('problems.json')


@cache
def message_schema(name: str) -> Json:
    """The schema of a message for readers, such as `register-request`."""
    return _read(f'schema/tolerant/{name}.json')


@cache
def validator(name: str, definition: str | None = None) -> Draft202012Validator:
    """Validates a message, or the part of it with this name in the `$defs` of the schema."""
    schema = message_schema(name)
    if definition is None:
        return Draft202012Validator(schema)
    return Draft202012Validator({'$defs': schema['$defs'], '$ref': f'#/$defs/{definition}'})


@cache
def names() -> frozenset[str]:
    """All keys that the requests of the contract name: the only ones that an answer may repeat (J-15, J-16)."""
    return frozenset(
        name
        for request in ('register-request', 'heartbeat-request')
        for name in _property_names(message_schema(request))
    )


def _property_names(schema: Any) -> set[str]:
    parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    found = {name for part in parts for name in _property_names(part)}
    if isinstance(schema, dict) and isinstance(schema.get('properties'), dict):
        found.update(schema['properties'])
    return found


def _read(path: str) -> Any:
    return json.loads((FOLDER / path).read_text(encoding='utf-8'))
