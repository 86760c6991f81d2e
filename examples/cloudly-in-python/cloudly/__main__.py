"""python3 -m cloudly: a Cloudly on loopback; its data is lost when its process ends."""

from __future__ import annotations

import argparse
import secrets
from threading import Lock, Thread

from .fleet import Fleet
from .http_server import serve
from .node_endpoints import Clock, NodeEndpoints
from .operator_endpoints import OperatorEndpoints


def main() -> None:
    parser = argparse.ArgumentParser(prog='cloudly', description='A Cloudly in memory, for nodes on this machine.')
    parser.add_argument('--port', type=int, default=8080, help='where nodes are served; 0 takes a free one (8080)')
    parser.add_argument('--operator-port', type=int, default=8081, help='where the operator is (8081)')
    parser.add_argument('--base-path', default='', help='the path of the URL that nodes are configured with')
    options = parser.parse_args()

    fleet, lock, clock = Fleet(), Lock(), Clock()
    operator_token = secrets.token_urlsafe(32)
    nodes = serve(options.port, NodeEndpoints(fleet, lock, clock, options.base_path).answer)
    operator = serve(options.operator_port, OperatorEndpoints(fleet, lock, clock, operator_token).answer)
    Thread(target=operator.serve_forever, daemon=True).start()

    print(f'Listening on 127.0.0.1, port: {nodes.server_port}', flush=True)
    print(f'Listening for operators on 127.0.0.1, port: {operator.server_port}', flush=True)
    print(f'OPERATOR_TOKEN={operator_token}', flush=True)
    try:
        nodes.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == '__main__':
    main()
