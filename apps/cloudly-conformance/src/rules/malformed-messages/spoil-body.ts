import { type Spoil, withMember } from '../../rule/both-endpoints.js';

export function bodyOf(spoil: (json: string) => string | Uint8Array): Spoil {
  return (json) => ({ body: spoil(json) });
}

export function member(text: string): Spoil {
  return bodyOf((json) => withMember(json, text));
}

export function lists(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
