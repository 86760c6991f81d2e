import { escapeControls } from '@serve.zone/baseos-command-line';

/** Who is known by name beside addresses. */
export interface KnownNames {
  hostnames: readonly string[];
  /** UUIDs of devices: balena's public address of a device is made of them. */
  deviceUuids: readonly string[];
}

/** Host names that tell nothing of anybody. */
const commonHostnames: ReadonlySet<string> = new Set(['localhost', 'balena', 'baserunner', 'raspberrypi']);

const macPattern = /(?<![\da-f:-])(?:[\da-f]{2}([:-]))(?:[\da-f]{2}\1){4}[\da-f]{2}(?![\da-f]|[:-][\da-f])/gi;
const ipv6Pattern = /(?<![\w:])(?:[\da-f]{0,4}:){2,}(?:(?:\d{1,3}\.){3}\d{1,3}|[\da-f]{1,4})?(?:%\w+)?/gi;
const ipv4Pattern = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)/g;

/**
 * Puts `<mac 1>`, `<ip 2>`, `<host 1>` or `<device 1>` in the place of what tells whose device it is: the same for the same,
 * everywhere in what one of these has replaced. Loopback and unspecified addresses stay.
 */
export class Pseudonyms {
  readonly #replaced = new Map<string, string>();
  readonly #counts: Record<string, number> = {};
  readonly #names: readonly { pattern: RegExp; kind: string }[];

  constructor({ hostnames, deviceUuids }: KnownNames) {
    const isTelling = (name: string): boolean => name.length > 1 && !commonHostnames.has(name.toLowerCase());
    this.#names = [
      ...deviceUuids.filter(isTelling).map((name) => ({ pattern: wholeWord(name), kind: 'device' })),
      ...hostnames.filter(isTelling).map((name) => ({ pattern: wholeWord(name), kind: 'host' })),
    ];
  }

  /** How many different ones of each kind were replaced. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  /** The same value, with the pseudonyms in each text of it; names of members stay. */
  replaceIn<Value>(value: Value): Value {
    if (typeof value === 'string') return this.#inText(value) as Value;
    if (Array.isArray(value)) return value.map((item: unknown) => this.replaceIn(item)) as Value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.replaceIn(member)])) as Value;
  }

  #inText(text: string): string {
    const { isIPv4, isIPv6 } = process.getBuiltinModule('node:net');
    let result = text;
    for (const { pattern, kind } of this.#names) result = result.replace(pattern, (name) => this.#nameFor(kind, name));
    return result
      .replace(macPattern, (mac) => this.#nameFor('mac', mac))
      .replace(ipv6Pattern, (found) => {
        const address = found.replace(/%\w+$/, '');
        return isIPv6(address) && !/^::1?$/.test(address) ? this.#nameFor('ip', found) : found;
      })
      .replace(ipv4Pattern, (address) =>
        isIPv4(address) && !/^(?:127\.|0\.0\.0\.0$)/.test(address) ? this.#nameFor('ip', address) : address,
      );
  }

  #nameFor(kind: string, original: string): string {
    const key = `${kind} ${original.toLowerCase()}`;
    const known = this.#replaced.get(key);
    if (known !== undefined) return known;
    const number = (this.#counts[kind] ?? 0) + 1;
    this.#counts[kind] = number;
    const pseudonym = `<${kind} ${number}>`;
    this.#replaced.set(key, pseudonym);
    return pseudonym;
  }
}

const wholeWord = (name: string): RegExp =>
  new RegExp(`(?<![\\w-])${escapeControls(name).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'gi');
