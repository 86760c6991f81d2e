import type { IncomingMessage, RequestListener } from 'node:http';
import type { SupervisorErrorCode } from '../src/errors/supervisor-error.js';

export interface ServerFault {
  answer: RequestListener;
  /** What a call of `device()` makes of it. */
  code: SupervisorErrorCode;
}

/** What can go wrong between the client and a Supervisor, each as a server does it. */
export const serverFaults = {
  'never answers': { answer: () => {}, code: 'timeout' },
  'sends half of a body and stops': {
    answer: (_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"api_port":');
    },
    code: 'timeout',
  },
  'drips a body without an end': {
    answer: (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    },
    code: 'timeout',
  },
  'resets the connection': { answer: (request) => request.socket.resetAndDestroy(), code: 'unreachable' },
  'closes the connection without an answer': { answer: (request) => request.socket.end(), code: 'unreachable' },
  'resets the connection in the middle of a body': {
    answer: (request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"api_port":', () => request.socket.resetAndDestroy());
    },
    code: 'unreachable',
  },
  'does not speak HTTP': {
    answer: (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    code: 'unexpected-response',
  },
  'redirects, with the request in the location': {
    answer: (request, response) => {
      response.writeHead(302, { Location: `http://login.example/?from=${encodeURIComponent(everythingOf(request))}` });
      response.end();
    },
    code: 'unexpected-response',
  },
  'sends more than any Supervisor does': {
    answer: (_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const pour = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.writeHead(200);
      response.on('drain', pour);
      pour();
    },
    code: 'unexpected-response',
  },
  'is a login page that repeats the request': {
    answer: (request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(`<html><body>Log in to see ${everythingOf(request)}</body></html>`);
    },
    code: 'unexpected-response',
  },
  'sends bytes that are not UTF-8': {
    answer: (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    },
    code: 'unexpected-response',
  },
  'sends torn JSON': {
    answer: (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end('{"api_port":48484,');
    },
    code: 'unexpected-response',
  },
  'sends an empty body': { answer: (_request, response) => response.end(), code: 'unexpected-response' },
  'has nothing behind its front': {
    answer: (_request, response) => {
      response.writeHead(502, { 'Content-Type': 'text/plain' });
      response.end('error trying to connect: tcp connect error');
    },
    code: 'supervisor-error',
  },
  'fails and repeats the request': {
    answer: (request, response) => {
      response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ status: 'failed', message: `cannot serve ${everythingOf(request)}` }));
    },
    code: 'supervisor-error',
  },
  'refuses and repeats the request': {
    answer: (request, response) => {
      response.writeHead(400, { 'Content-Type': 'text/html' });
      response.end(`bad request: ${everythingOf(request)}`);
    },
    code: 'bad-request',
  },
  'does not accept the key': {
    answer: (_request, response) => {
      response.writeHead(401, { 'Content-Type': 'text/plain' });
      response.end('Unauthorized');
    },
    code: 'unauthorized',
  },
  'accepts the key for another app only': {
    answer: (_request, response) => {
      response.writeHead(401, { 'Content-Type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify({ status: 'failed', message: 'Unauthorized' }));
    },
    code: 'out-of-scope',
  },
  'is older than the endpoint': {
    answer: (request, response) => {
      response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(
        `<!DOCTYPE html>\n<html lang="en">\n<body>\n<pre>Cannot GET ${request.url}</pre>\n</body>\n</html>\n`,
      );
    },
    code: 'not-supported',
  },
  'has nothing of that name': {
    answer: (request, response) => {
      response.writeHead(404);
      response.end(`nothing at ${everythingOf(request)}`);
    },
    code: 'not-found',
  },
  'is locked': {
    answer: (request, response) => {
      response.writeHead(423, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ Data: '', Error: `Lockfile exists for ${everythingOf(request)}` }));
    },
    code: 'locked',
  },
} as const satisfies Record<string, ServerFault>;

/** All that a server knows of a request, the key with it. */
function everythingOf(request: IncomingMessage): string {
  return `${request.url} ${request.rawHeaders.join(' ')}`;
}
