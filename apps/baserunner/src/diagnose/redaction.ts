import { escapeControls } from '@serve.zone/baseos-command-line';
import { isHarmless } from './is-harmless.js';
import { Pseudonyms } from './pseudonyms.js';

/** The values that are known to be personal, by kind. */
export interface KnownValue {
  kind: string;
  value: string;
}

const patterns = {
  token: String.raw`b(?:[jno]t|oi)_[\w-]+`,
  quoted: String.raw`"(?:[^"\\\n]|\\.){1,2000}"`,
  url: String.raw`[a-z][a-z\d+.-]*:\/\/[^\s"'<>${'`'}]+`,
  time: String.raw`(?<![\w-])20\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?(?![\w-])`,
  uuid: String.raw`(?<![\w-])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![\w-])`,
  mac: String.raw`(?<![\da-f:-])[\da-f]{2}(?:(?::[\da-f]{2}){5}|(?:-[\da-f]{2}){5})(?![\da-f]|[:-][\da-f])`,
  ipv6: String.raw`(?<![\w:])(?:[\da-f]{0,4}:){2,}(?:(?:\d{1,3}\.){3}\d{1,3}|[\da-f]{1,4})?(?:%[\w.-]+)?`,
  ipv4: String.raw`(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)`,
  number: String.raw`(?<![\w.:-])\+?\(?\d(?:[ ()\/-]{0,2}\d){6,}(?![\w.:])`,
  path: String.raw`(?<![\p{L}\p{N}_.>\/-])(?:[a-z]:)?(?:[\/\\](?![\da-f]{0,4}:[\da-f]{0,4}:)[^\s"'<>|,;:()\/\\${'`'}]+)+[\/\\]?`,
  word: String.raw`[\p{L}\p{M}\p{N}_.'’@%+-]+`,
} as const;

/**
 * Keeps the words of the program itself, numbers, versions, times and codes in a text, and replaces everything else by
 * pseudonyms. Loopback and unspecified addresses stay.
 */
export class Redaction {
  readonly pseudonyms = new Pseudonyms();
  readonly #ownWords: ReadonlySet<string>;
  readonly #known: ReadonlyMap<string, string>;
  readonly #pattern: RegExp;

  constructor(ownWords: ReadonlySet<string>, known: readonly KnownValue[]) {
    this.#ownWords = ownWords;
    const telling = known.flatMap(({ kind, value }) =>
      this.#isTelling(value) || (kind !== 'setting' && /^\d{4,}$/.test(value))
        ? [value, escapeControls(value)].map((text) => [text.toLowerCase(), kind] as const)
        : [],
    );
    this.#known = new Map(telling.toSorted(([one], [other]) => other.length - one.length));
    const names = [...this.#known.keys()].map(escapePattern).join('|');
    const first = names === '' ? [] : [`(?<known>(?<![\\p{L}\\p{N}_])(?:${names})(?![\\p{L}\\p{N}_]))`];
    const others = Object.entries(patterns).map(([name, pattern]) => `(?<${name}>${pattern})`);
    this.#pattern = new RegExp([...first, ...others].join('|'), 'giu');
  }

  text(text: string): string {
    return text.replace(this.#pattern, (...found: unknown[]) => {
      const groups = found.at(-1) as Record<string, string | undefined>;
      const [kind, match] = Object.entries(groups).find(([, value]) => value !== undefined) ?? ['word', ''];
      return this.#replace(kind, match ?? '');
    });
  }

  /** A value that is always personal; common values stay. */
  value(kind: string, value: string): string {
    if (value === '' || anybodys.has(value.toLowerCase()) || /^\[redacted\]$|^<[\w ]+ \d+>$/.test(value)) return value;
    const address = this.#address(value);
    return address ?? this.pseudonyms.nameFor(kind, value);
  }

  #replace(kind: string, found: string): string {
    switch (kind) {
      case 'known':
        return this.pseudonyms.nameFor(this.#known.get(found.toLowerCase()) ?? 'word', found);
      case 'token':
        return '[redacted]';
      case 'quoted':
        return this.#quoted(found);
      case 'url':
        return this.#url(found);
      case 'time':
        return found;
      case 'uuid':
      case 'mac':
      case 'number':
        return this.pseudonyms.nameFor(kind, found);
      case 'ipv6':
      case 'ipv4':
        return this.#address(found) ?? (kind === 'ipv4' ? this.#word(found) : this.#loose(found));
      case 'path':
        return this.#path(found);
      default:
        return this.#word(found);
    }
  }

  /** Text in quotation marks comes from elsewhere: a value, a name on a certificate. */
  #quoted(found: string): string {
    const inner = found.slice(1, -1);
    return /^[^\s]*$/.test(inner) && this.text(inner) === inner ? found : `"${this.pseudonyms.nameFor('text', inner)}"`;
  }

  #url(found: string): string {
    const end = /[.,;:!?)\]}]*$/.exec(found.replace(/\[[^\]]*\]/g, (part) => 'x'.repeat(part.length)))?.[0] ?? '';
    const text = found.slice(0, found.length - end.length);
    const parts = /^([^:]+):\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:]*)(:\d{1,5})?(?![^/?#])([^?#]*)(.*)$/s.exec(text);
    if (!parts) return this.pseudonyms.nameFor('url', text) + end;
    const [, scheme = '', user, host = '', port = '', path = '', rest = ''] = parts;
    const shown = [
      `${isHarmless(scheme, this.#ownWords) ? scheme : this.pseudonyms.nameFor('word', scheme)}://`,
      user === undefined ? '' : '[redacted]@',
      host.startsWith('[') ? `[${this.#host(host.slice(1, -1))}]` : this.#host(host),
      port,
      path
        .split('/')
        .map((part) => this.#segment(part))
        .join('/'),
      rest === '' ? '' : `?${this.pseudonyms.nameFor('query', rest)}`,
    ];
    return shown.join('') + end;
  }

  #host(host: string): string {
    if (host === '') return '';
    return anybodys.has(host.toLowerCase()) ? host : this.value('host', host);
  }

  #segment(part: string): string {
    return isHarmless(part, this.#ownWords) ? part : this.pseudonyms.nameFor('text', part);
  }

  /** The end of a path of the program itself is worth keeping, wherever the program is installed. */
  #path(found: string): string {
    const parts = found.split(/(?=[/\\])/);
    if (
      /^(?:\/(?:data|run|dev\/shm|tmp|proc|etc|usr|var|mnt|sys))?(?:\/|$)/.test(found) &&
      parts.every((part) => this.#isOwn(part))
    )
      return found;
    const last = parts.at(-1) ?? '';
    return parts.length > 1 && this.#isOwn(last)
      ? this.pseudonyms.nameFor('path', parts.slice(0, -1).join('')) + last
      : this.pseudonyms.nameFor('path', found);
  }

  #isOwn(part: string): boolean {
    return isHarmless(part.replace(/^[/\\]/, ''), this.#ownWords);
  }

  #word(found: string): string {
    if (isHarmless(found, this.#ownWords) || anybodys.has(found.toLowerCase())) return found;
    const [, before = '', word = '', after = ''] = /^([.'’+-]*)(.*?)([.'’+-]*)$/su.exec(found) ?? [];
    const kind = word.includes('@')
      ? 'email'
      : /^[^.]+(?:\.[^.]+)+$/.test(word) && /\p{L}/u.test(word)
        ? 'host'
        : 'word';
    return before + this.pseudonyms.nameFor(kind, word) + after;
  }

  /** Text with colons that is not an address. */
  #loose(found: string): string {
    return found.replace(/[^:%]+/g, (part) => this.#word(part));
  }

  /** `undefined` if it is not one. */
  #address(found: string): string | undefined {
    const { isIPv4, isIPv6 } = process.getBuiltinModule('node:net');
    if (isIPv4(found)) return /^(?:127\.|0\.0\.0\.0$)/.test(found) ? found : this.pseudonyms.nameFor('ip', found);
    if (!isIPv6(found.replace(/%.*$/, ''))) return undefined;
    return /^::1?$/.test(found) ? found : this.pseudonyms.nameFor('ip', found);
  }

  #isTelling(value: string): boolean {
    const isOneWord = !/\s/.test(value);
    // An address is recognised by its form, wherever it is.
    if (process.getBuiltinModule('node:net').isIP(value) !== 0) return false;
    return value.length > 2 && !anybodys.has(value.toLowerCase()) && !(isOneWord && isHarmless(value, this.#ownWords));
  }
}

/** Names that identify nobody. */
const anybodys: ReadonlySet<string> = new Set([
  'localhost',
  'balena',
  'baserunner',
  'raspberrypi',
  'node',
  'deno',
  'bun',
]);

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
