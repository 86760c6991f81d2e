import type { Command, CommandResult } from '@serve.zone/baseos-contracts';
import type { AskNotes } from '../actions/command-action.js';

/** A command as it was listed, without the time that it had left then. */
export type ListedCommand = Omit<Command, 'expiresInMs'>;

/** For how long a command has run, as of a moment that can be found again after a restart of the agent. */
export interface TimeSpent {
  spentMs: number;
  /** The kernel's boot and its uptime at that moment; absent where they are not known. */
  kernelBootId?: string | undefined;
  uptimeMs?: number | undefined;
}

/** What every entry has. */
export interface EntryBase {
  id: string;
  /** When Cloudly first listed it: RFC 3339, by the device's clock; for people only. */
  takenAt?: string | undefined;
}

/** Cloudly listed it; it waits for its turn. */
export interface TakenEntry extends EntryBase {
  state: 'taken';
  command: ListedCommand;
}

/** The Supervisor was asked, or is about to be. */
export interface AskedEntry extends EntryBase {
  state: 'asked';
  command: ListedCommand;
  notes: AskNotes;
  time: TimeSpent;
  /** The agent was told to stop after it had asked. */
  stopped?: true | undefined;
  /** An update whose release runs and is being watched: it needs the gate open no longer. */
  verifying?: true | undefined;
}

/** It has an outcome, which no 200 has acknowledged yet. */
export interface EndedEntry extends EntryBase {
  state: 'ended';
  kind: string;
  service?: string | undefined;
  result: CommandResult;
  /** RFC 3339, by the device's clock; for people only. */
  endedAt: string;
}

/** Cloudly knows its outcome. */
export interface ToldEntry extends EntryBase {
  state: 'told';
  kind: string;
  service?: string | undefined;
  outcome: CommandResult['outcome'];
  errorCode?: string | undefined;
  /** Why it did not succeed; only of the newest. */
  message?: string | undefined;
  endedAt?: string | undefined;
  /** Cloudly refused every form of its result, which is not sent again. */
  refused?: true | undefined;
}

/** What is known about one command. */
export type JournalEntry = TakenEntry | AskedEntry | EndedEntry | ToldEntry;

export type EntryState = JournalEntry['state'];
