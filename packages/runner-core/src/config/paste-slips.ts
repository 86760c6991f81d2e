/** The extra characters that were copied with a value, and the value without them. */
export interface PasteSlips {
  /** Each says what is wrong: it follows the name of a variable, or the word "which". None of them quotes the value. */
  clauses: readonly string[];
  /** The value without them. */
  rest: string;
}

/**
 * The extra characters that a person may copy with a value: quotation marks, the end of a line, spaces, the
 * name of its own variable. A layer is found below another one, as in `BASEOS_JOIN_TOKEN="bjt_..."` with a line end.
 */
export function pasteSlips(text: string): PasteSlips {
  const clauses: string[] = [];
  let rest = text;
  for (let layer = outermost(rest); layer && clauses.length < LAYERS_MAX; layer = outermost(rest)) {
    clauses.push(layer.clause);
    rest = layer.rest;
  }
  return { clauses, rest };
}

interface Layer {
  clause: string;
  rest: string;
}

const LAYERS_MAX = 8;

function outermost(text: string): Layer | undefined {
  return edgeWhitespace(text) ?? ownName(text) ?? quotationMarks(text) ?? scheme(text) ?? angleBrackets(text);
}

/** White space, and invisible characters: zero-width characters and a byte order mark. */
const blank = '[\\s\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\ufeff]';
const leading = new RegExp(`^${blank}+`, 'u');
const trailing = new RegExp(`${blank}+$`, 'u');

function edgeWhitespace(text: string): Layer | undefined {
  const before = leading.exec(text)?.[0] ?? '';
  const after = trailing.exec(text.slice(before.length))?.[0] ?? '';
  if (before + after === '') return undefined;
  const rest = text.slice(before.length, text.length - after.length);
  const end = after === '' ? 'begins' : before === '' ? 'ends' : 'begins and ends';
  return { clause: `${end} with ${nameBlank(before + after)}`, rest };
}

function nameBlank(blanks: string): string {
  if (blanks.includes('\r')) return 'a carriage return (\\r), as a line of a Windows text file does';
  if (blanks.includes('\n')) return 'a line break (\\n)';
  const [other] = /[^ \t]/u.exec(blanks) ?? [];
  if (other !== undefined) return `the invisible character ${nameCharacter(other)}`;
  return blanks.includes('\t') ? 'a tab' : 'a space';
}

/** As `U+200B`. */
export function nameCharacter(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A whole line of a file of variables, of a shell or of a compose file. */
const assignment =
  /^(?:(?:export|set|-e|--env|-)\s+)?((?:BASEOS|BALENA|RESIN)_[A-Z0-9_]+|(?:https?|no)_proxy)\s*[=:](?!\/\/)\s*/iu;

function ownName(text: string): Layer | undefined {
  const [whole = '', name = ''] = assignment.exec(text) ?? [];
  if (whole === '') return undefined;
  return { clause: `repeats the name of the variable (${name})`, rest: text.slice(whole.length) };
}

/** Those of keyboards, and those that word processors and chats make of them. */
const quotes = '["\'`\\u00b4\\u2018-\\u201f\\u2039\\u203a\\u00ab\\u00bb\\u2032\\u2033\\uff02\\uff07]';
const quoted = new RegExp(`^(?:${quotes}+(.*)${quotes}+|${quotes}+(.*)|(.*)${quotes}+)$`, 'su');

function quotationMarks(text: string): Layer | undefined {
  const found = quoted.exec(text);
  if (!found) return undefined;
  const [, between, afterOne, beforeOne] = found;
  if (between !== undefined)
    return { clause: 'is in quotation marks, which are not part of it', rest: trimQuotes(text) };
  const place = afterOne === undefined ? 'ends' : 'begins';
  return { clause: `${place} with a quotation mark`, rest: afterOne ?? beforeOne ?? '' };
}

function trimQuotes(text: string): string {
  return text.replace(new RegExp(`^${quotes}+`, 'u'), '').replace(new RegExp(`${quotes}+$`, 'u'), '');
}

function scheme(text: string): Layer | undefined {
  const rest = /^Bearer\s+(.*)$/isu.exec(text)?.[1];
  return rest === undefined ? undefined : { clause: 'begins with the word "Bearer"', rest };
}

function angleBrackets(text: string): Layer | undefined {
  const rest = /^<(.*)>$/su.exec(text)?.[1];
  return rest === undefined ? undefined : { clause: 'is in angle brackets, which are not part of it', rest };
}
