"""An HTTP server of the standard library that passes every request on before its body is read."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from .contract import BODY_MAX_BYTES

IDLE_SECONDS = 60
DROPPED_SECONDS = 2
DROPPED_MAX_BYTES = 4 * BODY_MAX_BYTES


@dataclass
class Request:
    method: str
    path: str
    query: str
    headers: Message
    stream: BinaryIO
    connection: socket.socket
    continue_awaited: bool = False
    body_was_read: bool = False

    def begin_body(self) -> BinaryIO:
        """The stream of the body. A client that sent `Expect: 100-continue` gets its answer only here."""
        if self.continue_awaited:
            self.connection.sendall(b'HTTP/1.1 100 Continue\r\n\r\n')
        return self.stream


@dataclass
class Answer:
    status: int
    content: bytes
    headers: dict[str, str]


Answerer = Callable[[Request], Answer]


def serve(port: int, answer: Answerer) -> ThreadingHTTPServer:
    """A server on loopback that calls `answer` for each request, with a thread for each connection."""
    return _Server(('127.0.0.1', port), _handler(answer))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(answer: Answerer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        server_version = 'cloudly'
        sys_version = ''
        timeout = IDLE_SECONDS
        disable_nagle_algorithm = True
        continue_awaited = False

        def __getattr__(self, name: str) -> Any:
            """The base class looks for a method `do_<HTTP method>`: here one method answers them all."""
            if name.startswith('do_'):
                return self.answer_request
            raise AttributeError(name)

        def answer_request(self) -> None:
            try:
                url = urlsplit(self.path)
            except ValueError:
                url = urlsplit('')
            request = Request(
                self.command, url.path, url.query, self.headers, self.rfile, self.connection, self.continue_awaited
            )
            self.continue_awaited = False
            given = answer(request)
            # After unreadable headers, it is not known where the next request begins.
            must_close = bool(self.headers.defects) or (not request.body_was_read and _has_body(self.headers))
            self.send(given, close=must_close)
            if must_close:
                self.drop_body()

        def handle_expect_100(self) -> bool:
            self.continue_awaited = True
            return True

        def send(self, given: Answer, *, close: bool) -> None:
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.send_header('Content-Length', str(len(given.content)))
            if close:
                self.send_header('Connection', 'close')
                self.close_connection = True
            self.end_headers()
            if self.command != 'HEAD':
                self.wfile.write(given.content)

        def drop_body(self) -> None:
            """Continues to read for a while: few senders read an answer before they have written everything."""
            deadline = monotonic() + DROPPED_SECONDS
            dropped = 0
            try:
                self.connection.shutdown(socket.SHUT_WR)
                while dropped < DROPPED_MAX_BYTES and (left := deadline - monotonic()) > 0:
                    self.connection.settimeout(left)
                    piece = self.rfile.read1(65536)
                    if not piece:
                        return
                    dropped += len(piece)
            except OSError:
                return

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the base class would log each request line."""

    return Handler


def _has_body(headers: Message) -> bool:
    lengths = headers.get_all('Content-Length', [])
    return 'Transfer-Encoding' in headers or any(length.strip() != '0' for length in lengths)
