import { readToken, TOKEN_LENGTH, type TokenKind } from '@serve.zone/baseos-contracts';
import { pasteSlips } from './paste-slips.js';

export type TokenForm =
  | { kind: 'well-formed' }
  /** It does not look like a token of BaseOS: only a Cloudly with its own tokens accepts it. */
  | { kind: 'foreign' }
  /** `clause` says what is wrong and follows the name of the variable; it quotes nothing of the token. */
  | { kind: 'slip'; slip: TokenSlip; clause: string };

export type TokenSlip = 'pasted' | 'placeholder' | 'other-kind' | 'too-short' | 'too-long' | 'mistyped';

/**
 * What kind of token a text is, judged by the text alone. A token of BaseOS is `bjt_<id>_<secret><checksum>` or
 * `bnt_<id>_<secret><checksum>`, of 11, 43 and 6 characters of base62.
 */
export function tokenForm(expected: TokenKind, text: string): TokenForm {
  const { clauses } = pasteSlips(text);
  if (clauses.length > 0) return slip('pasted', clauses.join(' and '));
  if (isPlaceholder(text)) return slip('placeholder', 'is a placeholder from an example, not a token');
  const prefix = /^b(?:[jno]t|oi)(?=_)/i.exec(text)?.[0].toLowerCase() as Prefix | undefined;
  if (prefix === undefined) return formWithoutPrefix(text);
  if (kinds[prefix] !== expected) return slip('other-kind', `is ${names[kinds[prefix]]} and not ${names[expected]}`);
  return formOf(text);
}

const kinds = { bjt: 'join', bnt: 'node', bot: 'api', boi: 'invitation' } as const satisfies Record<string, TokenKind>;

type Prefix = keyof typeof kinds;

const names: Readonly<Record<TokenKind, string>> = {
  join: 'a join token (bjt_...)',
  node: 'a node token (bnt_...)',
  api: 'an API token of an operator (bot_...)',
  invitation: 'an invitation of an operator (boi_...)',
};

/** A text with another beginning is ours if it contains a whole token, or all but the beginning of one. */
function formWithoutPrefix(text: string): TokenForm {
  if (isPath(text))
    return slip(
      'placeholder',
      'is a path, not a token: to read the token from a file, use the variable with _FILE at its end',
    );
  if (isInBase64(text)) return slip('pasted', 'is a token in base64, as in a Secret of Kubernetes');
  if (/b[jn]t_[0-9A-Za-z]{11}_/.test(text)) return slip('too-long', 'has other text before the token');
  const isRest = ['b', 'bj', 'bn', 'bjt', 'bnt', 'bjt_', 'bnt_'].some((start) => isToken(start + text));
  return isRest ? slip('too-short', 'is too short: the beginning of the token is missing') : { kind: 'foreign' };
}

/** Where a secret's file is, in a container or beside it. A token of another Cloudly may begin with a slash. */
function isPath(text: string): boolean {
  return /^(?:@|file:\/\/)?\/(?:run|var|etc|data|mnt|home|root|tmp|opt|srv|usr|secrets?|config)\/[\w./-]+$/.test(text);
}

function isInBase64(text: string): boolean {
  try {
    return /^b(?:[jno]t|oi)_/.test(atob(text));
  } catch {
    return false;
  }
}

function formOf(text: string): TokenForm {
  if (text.length < TOKEN_LENGTH) {
    return slip('too-short', `is too short: it has ${text.length} of the ${TOKEN_LENGTH} characters of a token`);
  }
  if (text.length > TOKEN_LENGTH) {
    return slip('too-long', `is too long: it has ${text.length} characters, and a token has ${TOKEN_LENGTH}`);
  }
  return isToken(text)
    ? { kind: 'well-formed' }
    : slip('mistyped', 'has a typo: its checksum shows that a character is wrong');
}

function isToken(text: string): boolean {
  const { kind } = readToken('join', text);
  return kind === 'well-formed' || kind === 'other-kind';
}

function slip(name: TokenSlip, clause: string): TokenForm {
  return { kind: 'slip', slip: name, clause };
}

/** As documentation writes a token: dots, an ellipsis, a word in capitals or nothing in the place of the secret. */
function isPlaceholder(text: string): boolean {
  return (
    /^(?:b[jn]t_)?(?:\.{2,}|\u2026|x{3,}|\*{3,}|<[^>]*>|\$\{?\w+\}?|\{\{.*\}\})$/iu.test(text) ||
    /^b[jn]t_$/iu.test(text) ||
    /^(?:your|my)[-_ ]?(?:join|node)?[-_ ]?token(?:[-_ ]?here)?$/iu.test(text) ||
    /^(?:change[-_ ]?me|null|nil|none|undefined|true|false|todo|tbd|token|secret)$/iu.test(text)
  );
}
