"""Reads a message that follows the contract from the bytes of a body, by rows 3 to 7 of R-1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import ValidationError

from . import contract
from .contract import Json
from .problem import Problem, malformed

Place = tuple[str | int, ...]


def read_message(name: str, body: bytes) -> Json:
    """The message in a body of at most BODY_MAX_BYTES.

    Raises Problem by the first row that applies.
    """
    message = _read_json(body)
    unsafe = next(_unsafe_places(message), None)
    if unsafe:
        raise malformed(unsafe)
    if isinstance(message.get('protocol'), bool) or message.get('protocol') != 1:
        raise Problem('unsupported-protocol', {'supported': [1]})
    if _bytes_of(message.get('status')) > contract.STATUS_MAX_BYTES:
        raise Problem('payload-too-large', {'issues': [{'path': 'status', 'rule': 'max-bytes'}]})
    long_string = next(_long_strings(message), None)
    if long_string:
        raise malformed(long_string)
    issues = [issue for error in contract.validator(name).iter_errors(message) for issue in _issues_of(error)]
    if issues:
        raise malformed(*issues)
    return message


def _read_json(body: bytes) -> Json:
    try:
        text = body.decode('utf-8-sig')  # F-8
    except UnicodeDecodeError:
        raise malformed(('', 'utf-8')) from None
    if _depth_of(text) > contract.DEPTH_MAX:
        raise malformed(('', 'max-depth'))
    try:
        message = json.loads(text, parse_constant=_refuse_constant, parse_int=_whole_number)
    except ValueError:
        raise malformed(('', 'json')) from None
    if not isinstance(message, dict):
        raise malformed(('', 'object'))
    return message


# A string that does not end extends to the end of the text: each character is examined only once in any text.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BRACKET = re.compile(r'[\[\]{}]')


def _depth_of(text: str) -> int:
    """How deep objects and lists are nested; checked before parsing, because the parser itself has a limit."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub('', text)):
        depth += 1 if bracket in '[{' else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(name: str) -> None:
    raise ValueError(f'{name} is not JSON')  # J-1


def _whole_number(digits: str) -> int | float:
    """A number of thousands of digits is always out of range (J-7), and too expensive for Python as an int."""
    return int(digits) if len(digits) <= 64 else float(digits)


_UNSAFE = re.compile('[\x00\ud800-\udfff]')


def _unsafe_places(message: Json) -> Iterator[tuple[str, str]]:
    """J-3 and J-4."""
    for place, key, value in _walk(message):
        if key is not None and (_UNSAFE.search(key) or key == '__proto__'):
            yield _path_of(place[:-1]), 'safe-key'
        if isinstance(value, str) and _UNSAFE.search(value):
            yield _path_of(place), 'safe-text'


def _long_strings(message: Json) -> Iterator[tuple[str, str]]:
    """J-5."""
    for place, _, value in _walk(message):
        if isinstance(value, str) and len(value) > contract.STRING_MAX_CHARACTERS:
            yield _path_of(place), 'max-length'


def _walk(value: Any, place: Place = ()) -> Iterator[tuple[Place, str | None, Any]]:
    """Every value with its place, and with its key if it has one."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*place, key), key if isinstance(key, str) else None, child
        yield from _walk(child, (*place, key))


def _bytes_of(status: Any) -> int:
    return len(json.dumps(status, ensure_ascii=False, separators=(',', ':')).encode())


def _issues_of(error: ValidationError) -> Iterator[tuple[str, str]]:
    if error.validator in ('oneOf', 'anyOf') and error.context:
        for part in _likeliest_branch(error):
            yield from _issues_of(part)
    elif error.validator == 'required':
        for name in error.validator_value:
            if name not in error.instance:
                yield _path_of((*error.absolute_path, name)), 'required'
    else:
        yield _path_of(tuple(error.absolute_path)), str(error.validator)


def _likeliest_branch(error: ValidationError) -> list[ValidationError]:
    """Of several forms that a value may have, the one whose `const` it has."""
    branches: dict[Any, list[ValidationError]] = {}
    for part in error.context:
        branches.setdefault(part.schema_path[0], []).append(part)
    return min(branches.values(), key=lambda errors: sum(part.validator == 'const' for part in errors))


def _path_of(place: Place) -> str:
    return '.'.join(str(part) if isinstance(part, int) or part in contract.names() else '*' for part in place)
