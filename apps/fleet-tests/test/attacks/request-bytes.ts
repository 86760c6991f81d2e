import { endpoints } from '@serve.zone/baseos-contracts';
import { createEmulatedNode } from '../../src/load/emulated-node.js';
import type { Loot } from './attack.js';
import type { Bytes } from './raw-exchange.js';

/** Ends a string and a statement, and takes everything away. */
export const sqlInjection = `x'); DROP TABLE node; DROP SCHEMA baseos_cloudly CASCADE; --`;

/** Of a node that Cloudly does not know. */
export const newRegistration = () => createEmulatedNode().registration();

/** The text of a registration with another member in its status, which may be no JSON that JavaScript would write. */
export const registrationWith = (member: string): string =>
  JSON.stringify(newRegistration()).replace('"status":{', `"status":{${member},`);

export const head = (path: string, headers: Record<string, string | number>): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: cloudly.example',
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n');

export const json = { 'Content-Type': 'application/json' };
export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
export const { path: registerPath } = endpoints.register;
export const { path: heartbeatPath } = endpoints.heartbeat;

/** A request that is whole and well formed as HTTP; its headers and body may be anything. */
export const request = (
  path: string,
  token: string,
  body: Bytes,
  headers: Record<string, string | number> = json,
): Bytes[] => [head(path, { ...bearer(token), ...headers, 'Content-Length': Buffer.byteLength(body) }), body];

export const register =
  (body: Bytes, headers?: Record<string, string | number>) =>
  ({ joinToken }: Loot) =>
    request(registerPath, joinToken, body, headers);

export const chunk = (size: number): string => `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`;
