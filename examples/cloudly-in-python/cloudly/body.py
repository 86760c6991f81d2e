"""Reads the bytes of a request's body, at most as many as the contract allows."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from email.message import Message
from threading import Timer
from typing import BinaryIO

from .contract import BODY_MAX_BYTES
from .problem import Problem, malformed

BODY_SECONDS = 20  # F-9
_LINE_MAX_BYTES = 4096
_JSON_TYPE = re.compile(r'application/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?', re.IGNORECASE)  # F-4


def read_body(headers: Message, begin: Callable[[], BinaryIO], connection: socket.socket) -> bytes:
    """Raises Problem if headers or body are rejected: then the rest of the body may still arrive."""
    if not is_json_in_utf8(headers.get_all('Content-Type', [])):
        raise Problem('unsupported-media-type', {'detail': 'Content-Type must be application/json.'})
    if 'Content-Encoding' in headers:
        raise Problem('unsupported-media-type', {'detail': 'The body must come without Content-Encoding.'})

    # A read in progress at the deadline gets the end of the stream.
    deadline = Timer(BODY_SECONDS, connection.shutdown, [socket.SHUT_RD])
    deadline.daemon = True
    deadline.start()
    try:
        if 'Transfer-Encoding' in headers:
            codings = [coding.strip().lower() for coding in headers.get_all('Transfer-Encoding')]
            if codings != ['chunked'] or 'Content-Length' in headers:
                raise malformed(('', 'transfer-encoding'))
            return _read_chunks(begin())
        length = _length_of(headers)
        if length > BODY_MAX_BYTES:
            raise _too_large()
        return _read(begin(), length)
    except OSError:
        raise malformed(('', 'complete-body')) from None
    finally:
        deadline.cancel()


def is_json_in_utf8(content_types: list[str]) -> bool:
    return len(content_types) == 1 and _JSON_TYPE.fullmatch(content_types[0].strip()) is not None


def _length_of(headers: Message) -> int:
    lengths = set(headers.get_all('Content-Length', ['0']))
    length = lengths.pop().strip()
    if lengths or not re.fullmatch('[0-9]{1,15}', length):
        raise malformed(('', 'content-length'))
    return int(length)


def _read(stream: BinaryIO, length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise malformed(('', 'complete-body'))
    return body


def _read_chunks(stream: BinaryIO) -> bytes:
    """RFC 9112, 7.1."""
    body = bytearray()
    while True:
        size_line = _read_line(stream).split(b';')[0].strip()
        if not re.fullmatch(rb'[0-9A-Fa-f]{1,8}', size_line):
            raise malformed(('', 'complete-body'))
        size = int(size_line, 16)
        if size == 0:
            break
        if len(body) + size > BODY_MAX_BYTES:
            raise _too_large()
        body += _read(stream, size)
        if _read_line(stream) != b'\r\n':
            raise malformed(('', 'complete-body'))
    while _read_line(stream) != b'\r\n':
        pass  # a trailer
    return bytes(body)


def _read_line(stream: BinaryIO) -> bytes:
    line = stream.readline(_LINE_MAX_BYTES)
    if not line.endswith(b'\n'):
        raise malformed(('', 'complete-body'))
    return line


def _too_large() -> Problem:
    return Problem('payload-too-large', {'issues': [{'path': '', 'rule': 'max-bytes'}]})
