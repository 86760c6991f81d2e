import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../src/identity/environment-token.js';
import type { Enrolment, Identity } from '../src/identity/identity.js';
import { serializeState, STATE_FORMAT } from '../src/store/state-document.js';
import { Secret } from '../src/values/secret.js';

/** The content in place of the state file and of its last good copy. */
export interface StoredFiles {
  state?: string | Uint8Array | typeof aDirectory;
  copy?: string | Uint8Array;
}

export const aDirectory = Symbol('a directory');

/** Stores them in a directory, which is made, and returns the path of the state file. */
export function placeStoredFiles(directory: string, files: StoredFiles): string {
  const statePath = join(directory, 'state.json');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (files.state === aDirectory) mkdirSync(statePath, { recursive: true });
  else if (files.state !== undefined) writeFileSync(statePath, files.state, { mode: 0o600 });
  if (files.copy !== undefined) writeFileSync(`${statePath}.last-good`, files.copy, { mode: 0o600 });
  return statePath;
}

export const cloudly = 'https://cloudly.example';
export const storedNodeId = 'stored-node';
export const oldJoinToken = 'old-join-token';
export const newJoinToken = 'new-join-token';
const cloudlyUrl = `${cloudly}/at/path`;

function state(enrolment?: Partial<Enrolment>, changes: Partial<Identity> = {}): Uint8Array {
  const identity: Identity = {
    nodeId: storedNodeId,
    nodeSecret: new Secret(Buffer.alloc(32, 7).toString('base64url')),
    deviceUuid: 'device-1',
    enrolment: enrolment && { origin: cloudly, legacy: false, ...enrolment },
    ...changes,
  };
  return serializeState({ identity, format: STATE_FORMAT, unknownMembers: {} });
}

function revoked(verdictOn: 'register' | 'heartbeat', joinToken?: string, url = cloudlyUrl): Partial<Enrolment> {
  return {
    cloudlyId: 'c1',
    dormancy: {
      since: '2026-11-20T08:00:00.000Z',
      verdictOn,
      joinTokenDigest: joinToken === undefined ? undefined : digestOf(new Secret(joinToken)),
      cloudlyUrl: url,
    },
  };
}

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures/state', `${name}.json`), 'utf8');
}

const nodeToken = new Secret('token-1');
const enrolled = state({ cloudlyId: 'c1', nodeToken });
const elsewhere: Enrolment = {
  origin: 'https://elsewhere.example',
  cloudlyId: 'c9',
  legacy: false,
  nodeToken: new Secret('token-9'),
};

/** State directories as agents leave them, and as mishaps do. */
export const storedStates: Record<string, StoredFiles> = {
  nothing: {},
  'a node that never registered': { state: state(), copy: state() },
  'a node whose registration was refused': { state: state({}) },
  'an enrolled node': { state: enrolled, copy: enrolled },
  'a node of a legacy Cloudly': { state: state({ legacy: true, nodeToken }) },
  'a node that waits for approval': { state: state({ cloudlyId: 'c1' }) },
  'a node that was revoked': { state: state({ ...revoked('heartbeat'), nodeToken }) },
  'a node that was revoked under the old join token': {
    state: state({ ...revoked('heartbeat', oldJoinToken), nodeToken }),
  },
  'a node that was revoked under the new join token': {
    state: state({ ...revoked('heartbeat', newJoinToken), nodeToken }),
  },
  'a node that was revoked when it registered': { state: state(revoked('register', oldJoinToken)) },
  'a node that was revoked at another path': {
    state: state({ ...revoked('heartbeat', undefined, `${cloudly}/before`), nodeToken }),
  },
  'a node that is enrolled elsewhere': { state: state(undefined, { enrolment: elsewhere }) },
  'a node that is enrolled here and was elsewhere': {
    state: state({ cloudlyId: 'c1', nodeToken }, { otherEnrolments: [elsewhere] }),
  },
  'a node that is enrolled elsewhere and was here': {
    state: state(undefined, {
      enrolment: elsewhere,
      otherEnrolments: [{ origin: cloudly, cloudlyId: 'c1', legacy: false, nodeToken }],
    }),
  },
  'a node that took its token from the environment': {
    state: state({ nodeToken, environmentTokenDigest: digestOf(new Secret('environment-token')) }),
  },
  'a node that is not the one of the token in the environment': {
    state: state({
      environmentTokenDigest: digestOf(new Secret('environment-token')),
      environmentTokenIsForeign: true,
    }),
  },
  'the copy of the disk of another device': {
    state: state({ cloudlyId: 'c1', nodeToken }, { deviceUuid: 'device-0' }),
  },
  'a legacy node': { state: fixture('legacy') },
  'a legacy node without a token': { state: fixture('legacy-without-token') },
  'a damaged state file with a good copy': { state: 'torn', copy: enrolled },
  'a damaged state file alone': { state: 'torn' },
  'two damaged files': { state: 'torn', copy: '' },
  'a state file that was edited by hand': { state: Buffer.from(enrolled).toString().replace('c1', 'c2') },
  'a copy alone': { copy: enrolled },
  'a state file of a newer version': { state: fixture('format-2-with-more') },
  'a state file that only a newer version can read': { state: fixture('format-9-unreadable') },
  'a state file that only a newer version can read, and a copy with a token': {
    state: fixture('format-9-unreadable'),
    copy: enrolled,
  },
  'a state file that only a newer version can read, and a copy without a token': {
    state: fixture('format-9-unreadable'),
    copy: state(),
  },
  'a directory in the place of the state file': { state: aDirectory },
};
