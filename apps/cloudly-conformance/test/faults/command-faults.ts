import { isObject } from '../../src/exchange/answer.js';
import { changed, messageOf, replacing, withText } from '../alteration.js';
import type { Fault } from './fault.js';
import { isHeartbeat, listOf, answering } from './altering-heartbeats.js';

/** Cloudlys that list commands wrongly, or treat their results wrongly. */
export const commandFaults: Fault[] = [
  {
    name: 'lists a command only once',
    breaks: [
      'command-listed',
      'foreign-result',
      'command-runs-out',
      'commands-at-a-time',
      'running-command-stays-listed',
      'updates-in-every-answer',
    ],
    alter: (next) => {
      const listed = new Set<unknown>();
      return async (request) => {
        const response = await next(request);
        if (!response.ok) return response;
        return changed(response, ({ desiredState, ...json }) => {
          const id = JSON.stringify(desiredState);
          if (desiredState === undefined || listed.has(id)) return json;
          listed.add(id);
          return { ...json, desiredState };
        });
      };
    },
  },
  {
    name: 'gives the full time of a command each time',
    breaks: ['command-runs-out'],
    alter: (next) => {
      const wholeMs = new Map<unknown, unknown>();
      return async (request) => {
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok) return response;
        return changed(response, ({ desiredState, ...json }) => {
          if (!isObject(desiredState)) return json;
          const commands = listOf(desiredState['commands']).filter(isObject);
          for (const command of commands) {
            const { id, expiresInMs } = command;
            if (!wholeMs.has(id)) wholeMs.set(id, expiresInMs);
            command['expiresInMs'] = wholeMs.get(id);
          }
          return { ...json, desiredState: { ...desiredState, commands } };
        });
      };
    },
  },
  {
    name: 'lists the newest command first',
    breaks: ['commands-at-a-time'],
    alter: (next, { onAsk }) => {
      const full = new Set<unknown>();
      const queued = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'queueCommand' && full.has(nodeId) && queued.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok) return response;
        return changed(response, (json) => {
          const { desiredState } = json;
          const commands = isObject(desiredState) ? listOf(desiredState['commands']) : [];
          if (commands.length === 16) full.add(nodeId);
          if (!queued.delete(nodeId)) return json;
          const newest = { id: crypto.randomUUID(), kind: 'blink', expiresInMs: 1000 };
          return { ...json, desiredState: { commands: [newest, ...commands.slice(0, -1)] } };
        });
      };
    },
  },
  {
    name: 'lists a command to every node',
    breaks: ['command-for-its-node'],
    alter: (next) => {
      let latest: unknown;
      return async (request) => {
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok) return response;
        return changed(response, (json) => {
          latest = json['desiredState'] ?? latest;
          return latest === undefined ? json : { ...json, desiredState: latest };
        });
      };
    },
  },
  answering(
    'lists one command more than it may',
    ['commands-at-a-time', 'desired-state-in-bounds'],
    ({ desiredState, ...json }) => {
      if (!isObject(desiredState)) return json;
      const commands = listOf(desiredState['commands']);
      const more = commands.length === 16 ? [{ id: crypto.randomUUID(), kind: 'blink', expiresInMs: 1000 }] : [];
      return { ...json, desiredState: { ...desiredState, commands: [...commands, ...more] } };
    },
  ),
  {
    name: 'forgets results',
    breaks: [
      'commands-at-a-time',
      'command-done',
      'command-ids-in-lower-case',
      'late-results',
      'unknown-outcome',
      'largest-results',
    ],
    alter: replacing('"commandResults"', '"forgotten"'),
  },
  {
    name: 'compares command IDs case-sensitively',
    breaks: ['command-ids-in-lower-case'],
    alter: replacing(/"id":"[^"]*[A-F][^"]*"/g, () => `"id":"${crypto.randomUUID()}"`),
  },
  {
    name: 'forgets the results of a late heartbeat',
    breaks: ['late-results'],
    alter: (next) => {
      const sequences = new Map<unknown, number>();
      return async (request) => {
        const { commandResults, ...message } = await messageOf(request);
        const { bootId, sequence } = message;
        const isLate = Number(sequence) <= (sequences.get(bootId) ?? 0);
        sequences.set(bootId, Math.max(Number(sequence) || 0, sequences.get(bootId) ?? 0));
        return next(isLate && commandResults ? withText(request, JSON.stringify(message)) : request);
      };
    },
  },
  {
    name: 'accepts any node’s result for a command',
    breaks: ['foreign-result'],
    alter: (next) => {
      const done = new Set<unknown>();
      return async (request) => {
        const { commandResults } = await messageOf(request);
        for (const result of listOf(commandResults)) if (isObject(result)) done.add(result['id']);
        const response = await next(request);
        return response.ok ? changed(response, (json) => withoutCommands(json, done)) : response;
      };
    },
  },
  {
    name: 'keeps listing a cancelled command',
    breaks: ['command-cancelled'],
    alter: (next, { onAsk }) => {
      const cancelled = new Map<unknown, unknown>();
      onAsk((act, { nodeId, commandId: id }) => {
        if (act === 'cancelCommand') cancelled.set(nodeId, { id, kind: 'blink', expiresInMs: 1000 });
      });
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok || !cancelled.has(nodeId)) return response;
        return changed(response, (json) => ({ ...json, desiredState: { commands: [cancelled.get(nodeId)] } }));
      };
    },
  },
];

function withoutCommands(json: Record<string, unknown>, done: ReadonlySet<unknown>): Record<string, unknown> {
  const { desiredState, ...rest } = json;
  if (!isObject(desiredState)) return json;
  const commands = listOf(desiredState['commands']).filter((command) => isObject(command) && !done.has(command['id']));
  return { ...rest, desiredState: { ...desiredState, commands } };
}
