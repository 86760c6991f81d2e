import { endpoints } from '@serve.zone/baseos-contracts';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { Loot } from './attack.js';
import type { Bytes } from './raw-exchange.js';

/** Ends a string and a statement, and deletes everything. */
export const sqlInjection = `x'); DROP TABLE node; DROP SCHEMA baseos_cloudly CASCADE; --`;

/** Of a node that Cloudly does not know. */
export function newRegistration() {
  return createEmulatedNode().registration();
}

export function head(
  path: string,
  headers: Record<string, string | number>,
  { method = 'POST', host = 'cloudly.example' } = {},
): string {
  return [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n');
}

export const json = { 'Content-Type': 'application/json' };

export function bearer(token: string) {
  return { Authorization: `Bearer ${token}` };
}

export const { path: registerPath } = endpoints.register;
export const { path: heartbeatPath } = endpoints.heartbeat;

/** A request that is whole and well formed as HTTP; its headers and body may be anything. */
export function request(
  path: string,
  token: string,
  body: Bytes,
  headers: Record<string, string | number> = json,
): Bytes[] {
  return [head(path, { ...bearer(token), ...headers, 'Content-Length': Buffer.byteLength(body) }), body];
}

export function register(body: Bytes, headers?: Record<string, string | number>) {
  return ({ joinToken }: Loot) => request(registerPath, joinToken, body, headers);
}

export function chunk(size: number): string {
  return `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`;
}
