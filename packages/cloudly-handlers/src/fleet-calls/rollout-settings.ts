import { textMistake } from '../operator/text-mistake.js';
import type { Rollout, RolloutCommand, RolloutLimits, Wave } from '../fleet-store/rollout.js';
import { windowMistake } from '../rollouts/window-mistake.js';
import { type Call, requireValue } from './call.js';
import { requireOrder } from './command-node.js';
import { FleetError } from './fleet-error.js';
import { readSelector } from './read-selector.js';
import type { LimitChanges, NewWave, RolloutChanges } from './rollout-calls.js';
import { dynamicMistake, limitsMistake, wavesMistake, windowLengthMistake } from './rollout-mistakes.js';

const NAME_MAX_LENGTH = 100;

/** What people decide about a rollout before it begins. */
export type RolloutSettings = Pick<
  Rollout,
  'name' | 'command' | 'selector' | 'waves' | 'limits' | 'window' | 'isDynamic' | 'needsApproval'
>;

/** @throws FleetError for a rollout that nobody could carry out, or that the caller may not have */
export function requireSettings(call: Pick<Call, 'caller'>, settings: RolloutSettings): void {
  const { name, command, selector, waves, limits, window, isDynamic } = settings;
  requireValue(name.trim() === '' ? 'A rollout needs a name' : undefined, 'Name it.');
  requireValue(textMistake('The name', name, NAME_MAX_LENGTH), 'Choose another name.');
  requireCommand(call, command);
  const chosen = readSelector(selector);
  if (isDynamic)
    requireValue(dynamicMistake(chosen), 'Choose them by what lasts, such as labels, or do not make it dynamic.');
  requireValue(wavesMistake(waves), 'Correct the waves.');
  for (const { select } of waves) readSelector(select);
  requireLimits(limits);
  if (window) requireValue(windowMistake(window) ?? windowLengthMistake(window), 'Correct the window.');
}

function requireCommand(call: Pick<Call, 'caller'>, command: RolloutCommand): void {
  requireOrder(call, command);
  if (command.kind !== 'update' || command.commit !== undefined) return;
  const message = 'The update of a rollout must name the commit of its release';
  // Else the first wave tries one release, and the others install whichever is the newest by then.
  throw new FleetError('command-invalid', message, { remedy: 'Name the release that is meant.' });
}

export function requireLimits(limits: RolloutLimits): void {
  requireValue(limitsMistake(limits), 'Correct the limits.');
}

/** The settings that these changes make of those of before. */
export function changedSettings(before: RolloutSettings, changes: RolloutChanges): RolloutSettings {
  const { name, command, selector, waves, limits, window, isDynamic, needsApproval } = changes;
  const nextWindow = window === undefined ? before.window : (window ?? undefined);
  return {
    name: name ?? before.name,
    command: command ?? before.command,
    selector: selector ?? before.selector,
    waves: waves ? waves.map(filledWave) : before.waves,
    limits: changedLimits(before.limits, limits),
    ...(nextWindow && { window: nextWindow }),
    isDynamic: isDynamic ?? before.isDynamic,
    needsApproval: needsApproval ?? before.needsApproval,
  };
}

export function changedLimits(before: RolloutLimits, { perGroup, ...changes }: LimitChanges = {}): RolloutLimits {
  const { perGroup: groupsBefore, ...rest } = before;
  const groups = perGroup === undefined ? groupsBefore : (perGroup ?? undefined);
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...rest, ...Object.fromEntries(given), ...(groups && { perGroup: groups }) };
}

function filledWave({ select, size, gate = 'auto', soakMs = 0 }: NewWave): Wave {
  return { ...(select !== undefined && { select }), ...(size && { size }), gate, soakMs };
}

export function settingsOf(rollout: Rollout): RolloutSettings {
  const { name, command, selector, waves, limits, window, isDynamic, needsApproval } = rollout;
  return { name, command, selector, waves, limits, ...(window && { window }), isDynamic, needsApproval };
}
