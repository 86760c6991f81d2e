import { type CommandKind, commandKinds } from '@serve.zone/baseos-contracts';
import type { ParseValue } from './parse-value.js';

/** What a device accepts of Cloudly. */
export interface AcceptedKinds {
  kinds: readonly CommandKind[];
  /** Whether a command may override the update locks of services. */
  force: boolean;
}

/** `all`, `none`, or kinds and `force` separated by commas. `preview`, which does nothing, comes with any kind. */
export const acceptedKinds: ParseValue<AcceptedKinds> = (text) => {
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  if (words.length === 1 && words[0] === 'none') return { ok: true, value: { kinds: [], force: false } };
  if (words.length === 1 && words[0] === 'all') return { ok: true, value: { kinds: commandKinds, force: true } };
  const unknown = words.find((word) => word !== 'force' && !commandKinds.some((kind) => kind === word));
  if (unknown === 'all' || unknown === 'none') return { ok: false, problem: `in which "${unknown}" is not alone` };
  if (unknown !== undefined)
    return { ok: false, problem: `in which ${JSON.stringify(unknown)} is not a kind of command` };
  if (words.every((word) => word === 'force')) return { ok: false, problem: 'which names no kind of command' };
  return {
    ok: true,
    value: {
      kinds: commandKinds.filter((kind) => kind === 'preview' || words.includes(kind)),
      force: words.includes('force'),
    },
  };
};

/** As the variable would be written. */
export function showAcceptedKinds({ kinds, force }: AcceptedKinds): string {
  if (kinds.length === 0) return 'none';
  return [...kinds, ...(force ? ['force'] : [])].join(',');
}
