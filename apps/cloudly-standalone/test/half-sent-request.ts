import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface HalfSentRequest {
  /** Sends the rest, and resolves with all that was answered until the server closed the connection. */
  finish: () => Promise<string>;
}

/** A POST of JSON whose headers have arrived, and half of whose body has. */
export async function sendHalf(url: string, token: string, message: object): Promise<HalfSentRequest> {
  const { hostname, port, pathname } = new URL(url);
  const body = JSON.stringify(message);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => {
    socket.destroy();
  });
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${hostname}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    // The server's word that the headers have arrived.
    'Expect: 100-continue',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const [continued] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
  if (!continued.startsWith('HTTP/1.1 100')) throw new Error(`The server answered before it had all: ${continued}`);
  const half = Math.floor(body.length / 2);
  await new Promise((resolve) => socket.write(body.slice(0, half), resolve));
  const answer = text(socket);
  return {
    finish: () => {
      socket.write(body.slice(half));
      return answer;
    },
  };
}
