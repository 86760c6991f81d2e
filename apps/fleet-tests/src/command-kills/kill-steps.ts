import { endpoints } from '@serve.zone/baseos-contracts';
import type { CommandCase } from './command-cases.js';
import type { CommandedDevice, JournalState } from './commanded-device.js';
import type { HoldingFront, SeenRequest } from './holding-front.js';

export interface KillPlace {
  device: CommandedDevice;
  /** In front of the Supervisor, and in front of Cloudly. */
  supervisor: HoldingFront;
  cloudly: HoldingFront;
  /** Of the command, once it is queued. */
  commandId: Promise<string>;
  command: CommandCase;
}

export interface KillStep {
  name: string;
  /** The command must have its outcome before. */
  isAfterOutcome?: true;
  /** The command must succeed after all. */
  mustSucceed?: true;
  /** Whether a command has this step. */
  has: (command: CommandCase) => boolean;
  /** Resolves when the agent stands still at this step. Called before the command is queued. */
  reached: (place: KillPlace) => Promise<unknown>;
  /** What the disk must say then, and how often the Supervisor was asked: they prove that the step was hit. */
  journal: readonly JournalState[];
  asks: (command: CommandCase) => number;
}

/** From the moment at which the agent knows of a command to the moment at which Cloudly knows its outcome. */
export const killSteps: readonly KillStep[] = [
  {
    name: 'before the journal',
    has: isFree,
    // The gate looks, too.
    reached: async ({ supervisor }) => supervisor.hold('request', isLook, 'all'),
    mustSucceed: true,
    journal: ['none', 'taken'],
    asks: () => 0,
  },
  {
    name: 'after the journal',
    has: (command) => command.isAsked && isFree(command),
    reached: async ({ supervisor }) => supervisor.hold('request', isAsk),
    journal: ['asked'],
    asks: () => 0,
  },
  {
    name: 'during the call',
    has: (command) => command.isAsked && isFree(command),
    reached: async ({ supervisor }) => supervisor.hold('answer', isAsk),
    journal: ['asked'],
    asks: () => 1,
  },
  {
    name: 'during the refused call',
    has: isLocked,
    reached: async ({ supervisor }) => supervisor.hold('answer', isAsk),
    journal: ['asked'],
    asks: () => 1,
  },
  {
    name: 'while it waits for the lock',
    has: isLocked,
    reached: async ({ cloudly, commandId }) => cloudly.hold('request', tells(await commandId, 'waiting-for-lock')),
    mustSucceed: true,
    journal: ['taken'],
    asks: () => 1,
  },
  {
    name: 'after the call',
    has: (command) => command.isAsked && isFree(command),
    reached: async ({ supervisor, device, command }) => {
      const answer = await supervisor.hold('answer', isAsk);
      if (command.isAnswered) {
        // The answer has reached the device, and the agent has not read it yet.
        device.agent.signal('SIGSTOP');
        return answer.letGo();
      }
      const look = supervisor.hold('request', isLook);
      await answer.letGo();
      return look;
    },
    journal: ['asked'],
    asks: () => 1,
  },
  {
    name: 'before the report',
    has: isFree,
    isAfterOutcome: true,
    mustSucceed: true,
    reached: async ({ cloudly, commandId }) => cloudly.hold('request', reports(await commandId)),
    journal: ['ended'],
    asks: askedOnce,
  },
  {
    name: 'after the report',
    has: isFree,
    isAfterOutcome: true,
    mustSucceed: true,
    reached: async ({ cloudly, commandId }) => cloudly.hold('answer', reports(await commandId)),
    journal: ['ended'],
    asks: askedOnce,
  },
  {
    name: 'after the acknowledgement',
    has: isFree,
    isAfterOutcome: true,
    mustSucceed: true,
    reached: async ({ cloudly, commandId }) => {
      const answer = await cloudly.hold('answer', reports(await commandId));
      // The next one may be under way before the journal is written; the one after it is not.
      const next = cloudly.hold('answer', isHeartbeat);
      await answer.letGo();
      const following = await next;
      const last = cloudly.hold('request', isHeartbeat);
      await following.letGo();
      return last;
    },
    journal: ['told'],
    asks: askedOnce,
  },
];

function isLocked(command: CommandCase): boolean {
  return command.isLocked === true;
}

function isFree(command: CommandCase): boolean {
  return !isLocked(command);
}

function askedOnce({ isAsked }: CommandCase): number {
  return isAsked ? 1 : 0;
}

/** Of the worker alone: the heartbeat loop does not read the apps' target. */
function isLook({ method, path }: SeenRequest): boolean {
  return method === 'GET' && path === '/v2/applications/state';
}

export function isAsk({ method }: Pick<SeenRequest, 'method'>): boolean {
  return method === 'POST';
}

function isHeartbeat({ path }: SeenRequest): boolean {
  return path === endpoints.heartbeat.path;
}

interface Told {
  commandResults?: { id: string }[];
  runningCommand?: { id: string; phase: string };
}

function reports(commandId: string): (request: SeenRequest) => boolean {
  return (request) => toldBy(request)?.commandResults?.some(({ id }) => id === commandId) ?? false;
}

function tells(commandId: string, phase: string): (request: SeenRequest) => boolean {
  return (request) => {
    const { runningCommand } = toldBy(request) ?? {};
    return runningCommand?.id === commandId && runningCommand.phase === phase;
  };
}

function toldBy(request: SeenRequest): Told | undefined {
  return isHeartbeat(request) ? (JSON.parse(request.body) as Told) : undefined;
}
