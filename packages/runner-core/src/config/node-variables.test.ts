import { expect, test } from 'vitest';
import { nodeVariableWarnings } from './node-variables.js';
import { parseConfig } from './parse-config.js';
import { inSentences } from '../values/problem.js';

test.each([
  ['NODE_TLS_REJECT_UNAUTHORIZED', '0', 'BASEOS_CA_FILE'],
  ['NODE_OPTIONS', '--require /opt/trace.js', 'keeps the agent from starting'],
  ['NODE_OPTIONS', '--tls-keylog=/tmp/keys', 'every secret'],
  ['NODE_DEBUG', 'net', 'tokens'],
  ['NODE_DEBUG', '*', 'tokens'],
  ['NODE_DEBUG_NATIVE', 'http', 'tokens'],
  ['SSLKEYLOGFILE', '/tmp/keys', 'keys'],
])('%s=%s causes a warning that names it', (name, value, words) => {
  const { warnings } = parsed({ [name]: value });
  expect(warnings).toMatchObject([{ message: expect.stringContaining(name) }]);
  expect(warnings.map(inSentences).join()).toContain(words);
});

test.each([
  { NODE_TLS_REJECT_UNAUTHORIZED: '1' },
  { NODE_TLS_REJECT_UNAUTHORIZED: '' },
  { NODE_OPTIONS: '', NODE_DEBUG: ' ' },
  { NODE_EXTRA_CA_CERTS: '/etc/ssl/fleet.pem', NODE_ENV: 'production', TZ: 'Europe/Berlin' },
])('%j causes none', (environment) => {
  expect(nodeVariableWarnings(environment)).toEqual([]);
});

/** As `start`, `status` and `doctor` get it. */
function parsed(environment: Record<string, string>) {
  const result = parseConfig(environment);
  if (!result.ok) throw new Error(result.mistakes.map(({ message }) => message).join('\n'));
  return result.config;
}
