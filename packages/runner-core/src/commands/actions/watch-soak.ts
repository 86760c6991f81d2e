import { commandTimes, type CommandRequest } from '@serve.zone/baseos-contracts';
import type { DeviceView } from '../device/device-view.js';
import type { Ending, SinceAsk, Watched } from './command-action.js';
import { findApp } from './container-notes.js';
import { failed } from './ending.js';
import { judgeSoak } from './soak.js';

export interface SoakedCommand {
  command: CommandRequest;
  appId: number | undefined;
  /** The services that ran before, and have to keep running. */
  names: readonly string[];
  view: DeviceView;
  sinceAsk: Pick<SinceAsk, 'verifying'>;
  /** How it ends if the services keep running. */
  ending: Ending;
}

/** The end of a command that is done, at once or after its soak. */
export function endAfterSoak(soaked: SoakedCommand): Watched {
  return commandTimes(soaked.command).soakMs === 0 ? { kind: 'ended', ending: soaked.ending } : watchSoak(soaked);
}

/** What becomes of a command that is done, as its services keep running or not: they are looked at once at least. */
export function watchSoak({ command, appId, names, view, sinceAsk: { verifying }, ending }: SoakedCommand): Watched {
  if (names.length === 0) return { kind: 'ended', ending };
  const now = findApp(view, appId);
  if (now === undefined) return goesOn(view);
  const from = (verifying && findApp(verifying.from, appId)) ?? now;
  const { soakMs } = commandTimes(command);
  const soak = judgeSoak({ names, from, now, heldMs: verifying?.sinceMs ?? 0, soakMs });
  if (soak.kind === 'goes-on') return goesOn(view);
  if (soak.kind === 'held') return { kind: 'ended', ending };
  const message = `The service ${soak.service} did not keep running: ${soak.found}.`;
  return { kind: 'ended', ending: failed('unstable', message, ending.details) };
}

function goesOn({ supervisor, unavailable }: DeviceView): Watched {
  const reason = supervisor === undefined ? unavailable : undefined;
  return { kind: 'goes-on', phase: 'verifying', reason, madeProgress: false };
}
