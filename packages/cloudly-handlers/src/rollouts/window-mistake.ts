import { Cron } from 'croner';
import type { RolloutWindow } from '../fleet-store/rollout.js';

/** Why there is no such window, in a sentence for a person; `undefined` if there is. */
export function windowMistake({ cron, zone }: Pick<RolloutWindow, 'cron' | 'zone'>): string | undefined {
  if (!isZone(zone)) return `There is no time zone ${zone}; Europe/Berlin is one`;
  const instants = readCron(cron, zone);
  if (!instants) return `The window cannot be read: ${cron} must have five fields, such as 0 2 * * 1-5`;
  return instants.nextRun() ? undefined : `The window never opens: there is no such instant as ${cron}`;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function readCron(cron: string, timezone: string): Cron | undefined {
  // Words such as @daily stand for five fields, and are not among those that we describe.
  if (cron.trim().split(/\s+/).length !== 5) return undefined;
  try {
    return new Cron(cron, { timezone, mode: '5-part' });
  } catch {
    return undefined;
  }
}
