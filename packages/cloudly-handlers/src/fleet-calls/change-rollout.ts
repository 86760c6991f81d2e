import { canonicalJson } from '../fleet/canonical-json.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { settingLimits } from '../rollouts/alterations.js';
import { named } from '../rollouts/pause-rollout.js';
import { noMembers } from '../rollouts/wave-counts.js';
import { alterRollout, throwContended, throwUnfit } from './alter-rollout.js';
import type { Call } from './call.js';
import { FleetError } from './fleet-error.js';
import type { RevisionOption, RolloutChanges } from './rollout-calls.js';
import { changedSettings, requireSettings, settingsOf } from './rollout-settings.js';
import { keepDraft, requireOwnRollout } from './rollouts.js';

export const TRIES_MAX = 10;

export async function changeRollout(
  call: Call,
  rolloutId: string,
  changes: RolloutChanges,
  { revision }: RevisionOption = {},
): Promise<Rollout> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const rollout = await requireOwnRollout(call, rolloutId);
    requireRevision(rollout, revision);
    if (rollout.state === 'paused') return changePaused(call, rollout, changes, revision);
    if (rollout.state !== 'draft') return throwUnfit(rollout, whatCanBeChanged);
    const settings = changedSettings(settingsOf(rollout), changes);
    requireSettings(call, settings);
    if (canonicalJson(settings) === canonicalJson(settingsOf(rollout))) return rollout;
    // Whoever approved it has approved something else.
    const { approval: _void, window: _former, ...rest } = rollout;
    const next: Rollout = { ...rest, ...settings, counts: settings.waves.map(() => noMembers) };
    if (await keepDraft(call, next, { kind: 'rollout-changed', details: named(next) })) {
      return { ...next, revision: next.revision + 1 };
    }
  }
  return throwContended(rolloutId);
}

const whatCanBeChanged = 'A draft can be changed; pause a rollout that runs to change its limits or its window.';

async function changePaused(
  call: Call,
  { id }: Rollout,
  changes: RolloutChanges,
  revision: number | undefined,
): Promise<Rollout> {
  const { limits: _limits, window: _window, ...fixed } = changes;
  const { rollout: changed } = await alterRollout(call, id, (draft, view) => {
    const { rollout } = view;
    requireRevision(rollout, revision);
    const hasMore = Object.values(fixed).some((value) => value !== undefined);
    if (rollout.state !== 'paused' || hasMore) throwUnfit(rollout, whatCanBeChanged);
    const settings = changedSettings(settingsOf(rollout), changes);
    requireSettings(call, settings);
    if (canonicalJson(settings) === canonicalJson(settingsOf(rollout))) return;
    settingLimits({ limits: settings.limits, window: settings.window })(draft, view);
  });
  return changed;
}

function requireRevision({ name, revision }: Rollout, asked: number | undefined): void {
  if (asked === undefined || asked === revision) return;
  throw new FleetError('revision-changed', `Rollout ${name} was changed in the meantime`, {
    remedy: 'Read it again, and repeat the change if it still applies.',
  });
}
