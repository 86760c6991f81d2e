import { type RunnerStatus, type Variable, variables } from '@serve.zone/baseos-runner-core';
import type { KnownValue, Redaction } from './redaction.js';

type Configuration = RunnerStatus['configuration'];
type Value = Configuration[string]['value'];

/** Variables whose values are one of a few, or a count: they identify no device. */
const harmless: ReadonlySet<string> = new Set([
  'BASEOS_LOG_LEVEL',
  'BASEOS_LOG_FORMAT',
  'BASEOS_CA_FILE',
  'BASEOS_CA_PEM',
]);

const kinds: Readonly<Record<string, string>> = { BASEOS_NODE_ID: 'node' };

/** Variables other than BaseRunner's own that identify a device. */
const others: Readonly<Record<string, string>> = {
  HOSTNAME: 'host',
  USER: 'user',
  LOGNAME: 'user',
  BALENA_DEVICE_UUID: 'device',
  RESIN_DEVICE_UUID: 'device',
};

/** Every setting with its source; only the parts of its value that identify nobody. */
export function redactConfiguration(configuration: Configuration, redaction: Redaction): Configuration {
  return Object.fromEntries(
    Object.entries(configuration).map(([name, { value, source }]) => [
      redaction.text(name),
      { value: redactValue(name, value, redaction), source },
    ]),
  );
}

function redactValue(name: string, value: Value, redaction: Redaction): Value {
  const variable: Variable | undefined = variables.find((candidate) => candidate.name === name);
  if (typeof value !== 'string' || value === variable?.default || value === '[redacted]') return value;
  if (harmless.has(name)) return redaction.text(value);
  if (name === 'NO_PROXY') return value.replace(/[^,\s]+/g, (entry) => redactBypass(entry, redaction));
  const kind = kinds[name];
  return kind === undefined ? redactAddress(value, redaction) : redaction.value(kind, value);
}

/** Hosts that are reached without the proxy; a person may have written anything there, even a password. */
function redactBypass(entry: string, redaction: Redaction): string {
  if (entry === '*') return entry;
  const [, dots = '', name = '', range = ''] = /^(\.?)(.*?)(\/\d{1,3}|:\d{1,5})?$/s.exec(entry) ?? [];
  return dots + redaction.value('host', name) + range;
}

/** The parts of an address or a path are replaced by their kinds; any other value is replaced as a whole. */
function redactAddress(value: string, redaction: Redaction): string {
  const isOfParts = /^[a-z]+:\/\/|^\/|^unix:\/|^[\d.:[\]]+$|^not used for Cloudly$/i.test(value);
  return isOfParts ? redaction.text(value) : redaction.value('text', value);
}

/** Every value of the environment that may appear in a text: of a setting, or of this machine's user. */
export function knownValuesOf(env: Readonly<Record<string, string | undefined>>): KnownValue[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    const kind = others[name] ?? kinds[name] ?? (isOurs.test(name) ? 'setting' : undefined);
    return kind === undefined || harmless.has(name) || value.startsWith('/') ? [] : knownParts(name, kind, value);
  });
}

/** A list is known by its entries, and an address by the host and the credentials in it. */
function knownParts(name: string, kind: string, value: string): KnownValue[] {
  if (/^no_proxy$/i.test(name)) return value.split(/[,\s]+/).map((entry) => ({ kind: 'host', value: bypassed(entry) }));
  const url = /^[a-z]+:\/\/(?:([^/]*)@)?([^/?#:[\]]+)/i.exec(value);
  if (!url) return [{ kind, value }];
  const [, credentials = '', host = ''] = url;
  const secrets = credentials.split(':').flatMap((part) => [part, decoded(part)]);
  return [{ kind: 'host', value: host }, ...secrets.map((secret) => ({ kind: 'secret', value: secret }))];
}

/** In the form in which a proxy may repeat it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function bypassed(entry: string): string {
  return entry.replace(/^\.|[/:]\d+$/g, '');
}

const isOurs = /^(?:BASEOS|BALENA|RESIN)_|^(?:https?|no)_proxy$/i;
