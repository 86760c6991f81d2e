import { UsageError } from '@serve.zone/baseos-command-line';
import { readCloudlyUrl } from '../flags/read-flag.js';
import { readSecretFile } from '../flags/read-secret-file.js';
import { flagsOf } from '../settings/flags-of.js';
import type { SettingsTable } from '../settings/setting.js';

/** How a command reaches a fleet on a running server: settings of every command of operators. */
export const serverSettings = {
  server: {
    name: '--server',
    valueHint: 'url',
    description: 'A fleet on a running server, by its API',
    parse: readCloudlyUrl,
  },
  serverVariable: {
    name: 'CLOUDLY_SERVER',
    description: 'Instead of `--server`, unless `--data` or `--database` is given',
    parse: readCloudlyUrl,
  },
  token: {
    name: 'CLOUDLY_TOKEN',
    description: 'The API token for the server; no flag takes it, because everybody on a machine can read those',
    secret: true,
    parse: readToken,
  },
  tokenFile: {
    name: '--token-file',
    valueHint: 'file',
    offers: 'files',
    description: 'A file that contains only the API token, in place of CLOUDLY_TOKEN',
    secret: true,
    parse: readTokenFile,
  },
  allowInsecureHttp: {
    name: 'CLOUDLY_ALLOW_INSECURE_HTTP',
    description: '`1` lets tokens and passwords go to another machine over plain http, where the network can read them',
    parse: (_name, text) => text === '1',
  },
} as const satisfies SettingsTable;

export const serverFlags = flagsOf(serverSettings);

/** No message repeats it. */
function readToken(name: string, token: string): string {
  const other = otherTokens.find(([prefix]) => token.startsWith(prefix))?.[1];
  if (other !== undefined) throw new UsageError(`${name} contains ${other}. An API token begins with bot_.`);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError(`${name} contains a space or another character that no token has. Check it for typos.`);
}

const otherTokens = [
  ['bjt_', 'a join token, which admits devices'],
  ['bnt_', 'the token of a node'],
] as const;

function readTokenFile(name: string, path: string): string {
  return readToken(name, readSecretFile(name, path, 'token'));
}
