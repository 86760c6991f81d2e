import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { chmod, lstat, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findLifeSign } from '@serve.zone/balena-supervisor-client/update-lock';
import type { ListenAddress, RunnerStatus } from '@serve.zone/baseos-runner-core';
import { METRICS_MEDIA_TYPE, metricsText } from './metrics-text.js';

export interface MetricsServer {
  close(): void;
}

/** Enough for scrapers and people; the rest of the device's memory is not for them. */
const CONNECTIONS_MAX = 8;
const timeoutMs = 5000;

/**
 * Answers `GET /metrics` on this machine. It does not keep the process alive. Rejects as `listen` does, and if the path
 * of a unix socket has anything but the socket of a dead process.
 */
export async function serveMetrics(address: ListenAddress, status: () => RunnerStatus): Promise<MetricsServer> {
  // `import 'node:http'` would load undici.
  const server = process.getBuiltinModule('node:http').createServer((request, response) => {
    try {
      answer(request, response, status);
    } catch {
      // It must not throw for any request, because that would end the agent.
      response.destroy();
    }
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.requestTimeout = timeoutMs;
  server.headersTimeout = timeoutMs;
  server.unref();
  if (address.kind === 'unix') {
    // `listen` reports a missing directory as one without write permission.
    await stat(dirname(address.path));
    await removeStaleSocket(address.path);
  }
  try {
    await listen(server, address);
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, status: () => RunnerStatus): void {
  if (pathOf(request.url) !== '/metrics') return end(response, 404, 'Metrics are at /metrics.\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'GET only.\n', { allow: 'GET' });
  return end(response, 200, metricsText(status()), { 'content-type': METRICS_MEDIA_TYPE });
}

/** A request may name a whole URL (RFC 9112, 3.2.2), and much that is not a URL: `new URL` would throw for `//`. */
function pathOf(target = '/'): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
  return path;
}

function end(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(body);
}

async function listen(server: Server, address: ListenAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const options = address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
    server.listen(options, resolve);
  });
  server.on('error', () => undefined);
  // For this user and its group, because the scraper may be another user.
  if (address.kind === 'unix') await chmod(address.path, 0o660);
}

/** A socket without a listener, left behind by a killed agent. A socket with a listener stays, and `listen` fails. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isSocket()) return;
  const lifeSign = await findLifeSign(path);
  if (lifeSign.kind === 'alive') lifeSign.connection.close();
  if (lifeSign.kind === 'dead') await unlink(path);
}
