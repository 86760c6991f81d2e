import { becomes } from './becomes.js';
import { afterRefused, afterTaken, resultsToSend } from './delivery.js';
import { mayBegin } from './may-begin.js';
import { pruneEntries } from './prune-entries.js';
import { retryAfterNoMs } from './retry-after-no.js';
import { isTimeUp } from './time-spent.js';
import type { CommandRequest } from '@serve.zone/baseos-contracts';
import type { FoundJournal } from '../journal/command-journal.js';

/** What the worker decides by. Each is pure. */
export const commandRules = {
  becomes,
  mayBegin,
  retryAfterNoMs,
  isTimeUp,
  pruneEntries,
  resultsToSend,
  afterTaken,
  afterRefused,
  /** Whether the journal lists every command that was begun. Otherwise those of the next answer may have been. */
  isTrusted: ({ isComplete }: Pick<FoundJournal, 'isComplete'>): boolean => isComplete,
  /** Whether a waiting command is dropped without a result: Cloudly cancelled it, or its time is over. */
  isDropped: (id: string, listedIds: ReadonlySet<string>): boolean => !listedIds.has(id),
  /** By the monotonic clock, from when the request was sent: no clock of the device has to be right. */
  expiresAtMs: ({ sentMs, expiresInMs }: { sentMs: number; expiresInMs: number }): number => sentMs + expiresInMs,
  /** It may be the release that mends the disk, and a second ask changes nothing. */
  mayBeAskedUnstored: ({ kind, force }: CommandRequest): boolean => kind === 'update' && force !== true,
};

export type CommandRules = typeof commandRules;
