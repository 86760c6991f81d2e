import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What networks and other servers do in place of an answer. */
export type Fault = (socket: Socket) => void;

/** An answer in bytes. */
export function answerWith(status: string, headers: Record<string, string>, body: string | Buffer = ''): Fault {
  const fields = { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return (socket) => {
    socket.write(`HTTP/1.1 ${status}\r\n${head.join('')}\r\n`);
    socket.write(body);
  };
}

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

function startChunked(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
}

/** Writes a piece again and again, as fast as the client reads it. */
function pour(socket: Socket, piece: Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', write);
  write();
}

export const hang: Fault = () => {};

export const hangAfterHeaders: Fault = (socket) => startChunked(socket);

/** Always alive and never done: no timeout between two bytes ends this. */
export const trickle: Fault = (socket) => {
  startChunked(socket);
  const timer = setInterval(() => socket.write(chunk(Buffer.from(' '))), 5);
  socket.on('close', () => clearInterval(timer));
};

export const reset: Fault = (socket) => socket.resetAndDestroy();

export const resetWithinBody: Fault = (socket) => {
  startChunked(socket);
  socket.write(chunk(Buffer.from('{')), () => socket.resetAndDestroy());
};

export const closeWithinBody: Fault = (socket) => {
  answerWith('200 OK', { 'Content-Length': '100' }, '{"protocol":1')(socket);
  socket.end();
};

/** As much as the client reads. */
export const endlessBody: Fault = (socket) => {
  startChunked(socket);
  pour(socket, chunk(Buffer.alloc(64 * 1024, ' ')));
};

/** 16 KiB that become 16 MiB. */
export const gzipBomb: Fault = answerWith(
  '200 OK',
  { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
  gzipSync(Buffer.alloc(16 * 1024 * 1024, ' ')),
);

export function redirectTo(location: string, status = '307 Temporary Redirect'): Fault {
  return answerWith(status, { Location: location });
}

export const captivePortal: Fault = answerWith(
  '200 OK',
  { 'Content-Type': 'text/html' },
  '<!doctype html><title>Welcome to the hotel</title>',
);

export const proxyLogin: Fault = answerWith('407 Proxy Authentication Required', { 'Proxy-Authenticate': 'Basic' });

/** A valid body whose first character beyond ASCII comes in two pieces. */
export function splitCharacter(body: object): Fault {
  const bytes = Buffer.from(JSON.stringify({ ...body, note: 'ä' }));
  const cut = bytes.indexOf(0xc3) + 1;
  return (socket) => {
    startChunked(socket);
    socket.write(chunk(bytes.subarray(0, cut)));
    socket.write(Buffer.concat([chunk(bytes.subarray(cut)), Buffer.from('0\r\n\r\n')]));
  };
}

export const latin1: Fault = answerWith(
  '200 OK',
  { 'Content-Type': 'application/json' },
  Buffer.from('{"a":"ä"}', 'latin1'),
);

export const anotherProtocol: Fault = (socket) => socket.end('SSH-2.0-OpenSSH_10.0\r\n');

/** A length that no device could hold, and as many bytes as the client reads. */
export const tenGigabytes: Fault = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10737418240\r\n\r\n');
  pour(socket, Buffer.alloc(64 * 1024, ' '));
};

export const byteEachMinute: Fault = (socket) => {
  startChunked(socket);
  socket.write(chunk(Buffer.from('{')));
  const timer = setInterval(() => socket.write(chunk(Buffer.from(' '))), 60_000);
  socket.on('close', () => clearInterval(timer));
};

export const endlessHeaders: Fault = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\n');
  pour(socket, Buffer.from('X-Filler: filler\r\n'.repeat(1000)));
};

export const endlessInterimAnswers: Fault = (socket) => {
  pour(socket, Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000)));
};

export const switchingProtocols: Fault = (socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\u0081\u0001');
};

/** An answer from before HTTP had heads. */
export const headless: Fault = (socket) => socket.end('<html>It works!</html>');

/** The answer of a TLS server to plain HTTP: an alert. */
export const tlsAlert: Fault = (socket) => socket.end(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46]));

export const badGatewayPage: Fault = answerWith(
  '502 Bad Gateway',
  { 'Content-Type': 'text/html' },
  '<h1>502 Bad Gateway</h1><hr>nginx',
);

export function bare(status: string): Fault {
  return answerWith(status, {});
}

export function json(body: string, status = '200 OK', contentType = 'application/json'): Fault {
  return answerWith(status, { 'Content-Type': contentType }, body);
}
