import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { heartbeatOf, nodeOf, TURN_STEP } from './heartbeat-node.mjs';

/**
 * Heartbeats of so many nodes over kept connections, on plain sockets: what a client of HTTP costs would come out of what the
 * server gets of the machine.
 */
export async function openHeartbeatLoad(port, { known, connectionCount }) {
  // Each is made when its turn comes: there may be a million.
  const nodes = [];
  // They have sent one before.
  const sequences = new Uint32Array(known).fill(1);
  const connections = [];
  const idle = [];
  const waiting = [];
  let turn = 0;

  const nextRequest = () => {
    turn = (turn + TURN_STEP) % known;
    const node = (nodes[turn] ??= nodeOf(turn));
    sequences[turn] += 1;
    const body = heartbeatOf(node, sequences[turn]);
    return (
      `POST /baseos/v1/nodes/heartbeat HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${node.nodeToken}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    );
  };

  const take = (connection, text) => {
    connection.received += text;
    const headEnd = connection.received.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const head = connection.received.slice(0, headEnd);
    const length = /content-length: (\d+)/i.exec(head)?.[1];
    if (!head.startsWith('HTTP/1.1 200') || length === undefined) {
      connection.settle.reject(new Error(`An answer that is none to a heartbeat:\n${connection.received}`));
      return;
    }
    if (connection.received.length < headEnd + 4 + Number(length)) return;
    const body = connection.received.slice(headEnd + 4);
    connection.received = '';
    connection.settle.resolve(body);
    const send = waiting.shift();
    if (send) send(connection);
    else idle.push(connection);
  };

  /** Resolves with the body of the answer, which must be a 200. */
  const beat = () =>
    new Promise((resolve, reject) => {
      const send = (connection) => {
        connection.settle = { resolve, reject };
        connection.socket.write(nextRequest());
      };
      const connection = idle.pop();
      if (connection) send(connection);
      else waiting.push(send);
    });

  while (connections.length < connectionCount) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    const connection = { socket, received: '', settle: undefined };
    socket.setEncoding('latin1').on('data', (text) => take(connection, text));
    socket.on('close', () => connection.settle?.reject(new Error('The server has closed a connection of the load')));
    connections.push(connection);
    idle.push(connection);
  }

  return {
    /** One heartbeat, and what it was answered. */
    beat: async () => JSON.parse(await beat()),

    /**
     * Open loop: a heartbeat is due at a set pace, whatever became of those before. The latency counts from when it was due,
     * so that a server that stalls is charged for all that it kept waiting.
     */
    async paced({ perSecond, seconds }) {
      const latenciesMs = [];
      const answers = [];
      const count = Math.round(perSecond * seconds);
      const startMs = performance.now();
      while (answers.length < count) {
        const dueCount = Math.min(count, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
        while (answers.length < dueCount) {
          const dueMs = startMs + (answers.length / perSecond) * 1000;
          answers.push(beat().then(() => latenciesMs.push(performance.now() - dueMs)));
        }
        await pause(1);
      }
      await Promise.all(answers);
      return { latenciesMs, count };
    },

    /** Closed loop: every connection has a heartbeat under way at any time, for so long or until there were so many. */
    async saturating({ seconds = Infinity, heartbeats = Infinity }) {
      const startMs = performance.now();
      let begun = 0;
      let count = 0;
      const keepBusy = async () => {
        while (begun < heartbeats && performance.now() < startMs + seconds * 1000) {
          begun += 1;
          await beat();
          count += 1;
        }
      };
      await Promise.all(connections.map(keepBusy));
      return { count, perSecond: (count / (performance.now() - startMs)) * 1000 };
    },

    close() {
      for (const { socket } of connections) socket.destroy();
    },
  };
}
