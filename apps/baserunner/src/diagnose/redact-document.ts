import { isHarmless } from './is-harmless.js';
import type { KnownValue, Redaction } from './redaction.js';

/** Members whose value is always personal, and the kind of name that it is. All other texts are searched. */
const kinds: Readonly<Record<string, string>> = {
  hostname: 'host',
  host: 'host',
  uuid: 'device',
  deviceUuid: 'device',
  nodeId: 'node',
  previousNodeId: 'node',
  cloudlyId: 'cloudly',
  ownCloudlyId: 'cloudly',
  approvalCode: 'code',
  statusHash: 'hash',
  registrationKey: 'secret',
  name: 'name',
  appId: 'app',
  appName: 'name',
  service: 'name',
  serviceName: 'name',
  serviceId: 'service',
  containerId: 'container',
  image: 'image',
  imageId: 'image',
  releaseId: 'release',
  commit: 'commit',
  subject: 'certificate',
  issuer: 'certificate',
};

/** The values of the personal members of a document. */
export function knownValuesIn(document: unknown, key = ''): KnownValue[] {
  if (Array.isArray(document)) return document.flatMap((item) => knownValuesIn(item, key));
  if (typeof document === 'object' && document !== null) {
    return Object.entries(document).flatMap(([name, member]) => knownValuesIn(member, name));
  }
  const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
  const value = typeof document === 'number' ? String(document) : document;
  return kind !== undefined && typeof value === 'string' && value !== '' ? [{ kind, value }] : [];
}

/** The same document with pseudonyms in it. Numbers stay, except for those that name something. */
export function redactDocument<Value>(document: Value, redaction: Redaction, ownWords: ReadonlySet<string>): Value {
  const redact = (value: unknown, key: string): unknown => {
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (typeof value === 'string') return kind === undefined ? redaction.text(value) : redaction.value(kind, value);
    if (typeof value === 'number') return kind === undefined ? value : redaction.value(kind, String(value));
    if (Array.isArray(value)) return value.map((item: unknown) => redact(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        isHarmless(name, ownWords) ? name : redaction.value('key', name),
        redact(member, name),
      ]),
    );
  };
  return redact(document, '') as Value;
}
