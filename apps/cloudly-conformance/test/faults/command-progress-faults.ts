import { isObject } from '../../src/exchange/answer.js';
import { changed, messageOf, withText } from '../alteration.js';
import { answering, isHeartbeat, listOf, refusing } from './altering-heartbeats.js';
import type { Fault } from './fault.js';

/** Cloudlys that treat a command under way wrongly, or the setting of updates. */
export const commandProgressFaults: Fault[] = [
  refusing(
    'rejects a running command in a phase that it does not know',
    ['running-command-stays-listed'],
    ({ runningCommand }) => isObject(runningCommand) && runningCommand['phase'] === 'of-a-newer-node',
  ),
  {
    name: 'no longer lists a command that its node waits to begin',
    breaks: ['running-command-stays-listed'],
    alter: (next) => async (request) => {
      const { runningCommand } = await messageOf(request);
      const response = await next(request);
      const isWaiting = isObject(runningCommand) && runningCommand['phase'] === 'waiting-for-lock';
      if (!isWaiting || !isHeartbeat(request) || !response.ok) return response;
      return changed(response, ({ desiredState: _left, ...json }) => json);
    },
  },
  withoutResults(
    'ignores results whose outcome it does not know',
    ['unknown-outcome'],
    ({ outcome }) => outcome === 'of-a-newer-node',
  ),
  withoutResults(
    'drops results that say much',
    ['largest-results'],
    ({ details }) => JSON.stringify(details ?? {}).length > 1024,
  ),
  refusing(
    'rejects a heartbeat with large results',
    ['largest-results'],
    ({ commandResults }) => JSON.stringify(commandResults ?? []).length > 65_536,
  ),
  {
    name: 'gives the setting of updates once',
    breaks: ['updates-in-every-answer'],
    alter: (next) => {
      const given = new Set<string>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!isHeartbeat(request) || !response.ok) return response;
        return changed(response, (json) => {
          const { desiredState } = json;
          const key = JSON.stringify([nodeId, isObject(desiredState) && desiredState['settings']]);
          const isGiven = given.has(key);
          given.add(key);
          return isGiven ? withoutSettings(json) : json;
        });
      };
    },
  },
  answering('leaves the setting of updates out beside commands', ['updates-in-every-answer'], (json) => {
    const { desiredState } = json;
    const isWithCommands = isObject(desiredState) && listOf(desiredState['commands']).length > 0;
    return isWithCommands ? withoutSettings(json) : json;
  }),
];

/** Loses some of the results that a heartbeat brings. */
function withoutResults(name: string, breaks: string[], isLost: (result: Record<string, unknown>) => boolean): Fault {
  return {
    name,
    breaks,
    alter: (next) => async (request) => {
      const { commandResults, ...message } = await messageOf(request);
      const kept = listOf(commandResults).filter((result) => !isObject(result) || !isLost(result));
      if (kept.length === listOf(commandResults).length) return next(request);
      return next(withText(request, JSON.stringify({ ...message, commandResults: kept })));
    },
  };
}

function withoutSettings(json: Record<string, unknown>): Record<string, unknown> {
  const { desiredState } = json;
  if (!isObject(desiredState)) return json;
  const { settings: _left, ...rest } = desiredState;
  return { ...json, desiredState: rest };
}
