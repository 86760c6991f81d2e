import { misleadingUrl, nodeIdSchema, nodeTokenSchema } from '@serve.zone/baseos-contracts';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { Secret } from '../values/secret.js';
import type { CloudlyProxy } from './cloudly-proxy.js';
import { hasTokenPrefix } from './may-be-secret.js';
import { nameCharacter, pasteSlips } from './paste-slips.js';
import { pathProblem } from './path-problem.js';

/** What a variable's text means, or what is wrong with it: a clause that follows the value. */
export type ParsedValue<Value> = { ok: true; value: Value } | { ok: false; problem: string };
export type ParseValue<Value> = (text: string) => ParsedValue<Value>;

export function wholeNumber({ min, max }: { min: number; max: number }): ParseValue<number> {
  return (text) => {
    if (!/^\d{1,15}$/.test(text)) return refuse('which is not a whole number');
    const value = Number(text);
    if (value < min) return refuse('which is too small');
    return value > max ? refuse('which is too large') : accept(value);
  };
}

export function oneOf<Choice extends string>(choices: readonly Choice[]): ParseValue<Choice> {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text.toLowerCase());
    return choice === undefined ? refuse('which is not a valid choice') : accept(choice);
  };
}

export const flag: ParseValue<boolean> = (text) => {
  if (/^(?:1|true)$/i.test(text)) return accept(true);
  return /^(?:0|false)$/i.test(text) ? accept(false) : refuse('which is neither');
};

/** The value without the extra characters that were copied with it. */
export function exactly<Value>(parse: ParseValue<Value>): ParseValue<Value> {
  return (text) => {
    const { clauses } = pasteSlips(text);
    return clauses.length > 0 ? refuse(`which ${clauses.join(' and ')}`) : parse(text);
  };
}

export const directoryPath: ParseValue<string> = (text) => {
  const problem = pathProblem(text);
  return problem === undefined ? accept(resolve(text)) : refuse(`which ${problem}`);
};

export const filePath: ParseValue<string> = (text) => {
  const parsed = directoryPath(text);
  return parsed.ok && /[/\\]\.{0,2}$/.test(text) ? refuse('which names a directory') : parsed;
};

export const nodeId: ParseValue<string> = (text) => {
  if (hasTokenPrefix(text)) return refuse('which is a token, not an ID');
  const result = v.safeParse(nodeIdSchema, text);
  return result.success ? accept(result.output) : refuse(nodeIdProblem(text));
};

function nodeIdProblem(text: string): string {
  const [other] = /[^\w.-]/u.exec(text) ?? [];
  if (other !== undefined) return `which contains ${other === ' ' ? 'a space' : JSON.stringify(other)}`;
  return /^[._-]/.test(text) ? `which begins with "${text.charAt(0)}"` : 'which is too long';
}

export const secretText: ParseValue<string> = (text) => {
  const { clauses } = pasteSlips(text);
  if (clauses.length > 0) return refuse(clauses.join(' and '));
  if (v.is(nodeTokenSchema, text)) return accept(text);
  const [other] = /[^!-~]/u.exec(text) ?? [];
  if (other === undefined) return refuse('is too long');
  const name =
    { ' ': 'a space', '\n': 'a line break', '\r': 'a line break' }[other] ?? `the character ${nameCharacter(other)}`;
  return refuse(`contains ${name}, which a token cannot contain`);
};

/** An http or https URL that names a place and nothing else. */
export const httpUrl: ParseValue<URL> = (text) => {
  if (!/^https?:\/\//i.test(text)) return refuse('which does not begin with https:// or http://');
  if (hasTokenPrefix(text)) return refuse('which contains a token');
  const problem = misleadingUrl(text);
  if (problem !== undefined) return refuse(`which ${problem}`);
  const url = new URL(text);
  // Also an empty one.
  if (/^[^:]*:\/\/[^/?#]*@/.test(text)) return refuse('which has a user name or password');
  return /[?#]/.test(text) ? refuse('which has a query or a fragment') : accept(url);
};

/** The URL of a proxy, which alone may have a user name and a password. Without a scheme it is http. */
export const proxy: ParseValue<CloudlyProxy> = (text) => {
  if (hasTokenPrefix(text)) return refuse('which contains a token');
  const withScheme = /^[^/?#]+:\d+\/?$/.test(text) ? `http://${text}` : text;
  if (!/^https?:\/\//i.test(withScheme)) return refuse('which is not an http or https proxy');
  const problem = misleadingUrl(withScheme);
  if (problem !== undefined) return refuse(`which ${problem}`);
  let url: URL;
  try {
    url = new URL(withScheme);
    decodeURIComponent(url.username + url.password);
  } catch {
    return refuse('which is not a URL (write a % in a password as %25)');
  }
  if (url.pathname !== '/' || /[?#]/.test(text)) return refuse('which has more than a host and a port');
  return accept({ address: url.origin, url: new Secret(url.href) });
};

/** Entries in quotes would match nothing, so their hosts would be reached through the proxy. */
export const hostList: ParseValue<string> = (text) => {
  const { clauses } = pasteSlips(text.trim());
  return clauses.length > 0 ? refuse(`which ${clauses.join(' and ')}`) : accept(text);
};

/** The same, written without a slash at its end. */
export const httpAddress: ParseValue<string> = (text) => {
  const parsed = httpUrl(text);
  return parsed.ok ? accept(parsed.value.href.replace(/\/$/, '')) : parsed;
};

export const origin: ParseValue<string> = (text) => {
  const parsed = httpUrl(text);
  if (!parsed.ok) return parsed;
  return parsed.value.pathname === '/' ? accept(parsed.value.origin) : refuse('which has a path');
};

function accept<Value>(value: Value): ParsedValue<Value> {
  return { ok: true, value };
}

function refuse(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
