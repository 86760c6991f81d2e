"""Runs the example with a clock that advances by the milliseconds in each line of standard input."""

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cloudly import __main__ as program  # noqa: E402
from cloudly.node_endpoints import Clock  # noqa: E402

ahead_seconds = 0.0


class ToldClock(Clock):
    def now(self) -> float:
        return super().now() + ahead_seconds


def listen() -> None:
    global ahead_seconds
    for line in sys.stdin:
        ahead_seconds += int(line) / 1000
        print('told', flush=True)


program.Clock = ToldClock
threading.Thread(target=listen, daemon=True).start()
program.main()
