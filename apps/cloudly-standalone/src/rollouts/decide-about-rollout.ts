import type { CallerFleet, Rollout } from '@serve.zone/baseos-cloudly-handlers';
import type { ExitCode } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import type { FleetFlags } from '../remote/server-access.js';
import { findRollout, rolloutFlag } from './find-rollout.js';
import { changeLine } from './rollout-picture.js';
import { viewRollout } from './rollout-view.js';

/** Of every command that decides about one rollout. */
export const decisionFlags = { rollout: rolloutFlag, json: jsonFlag, ...fleetFlags } as const;

interface DecisionArguments extends FleetFlags {
  rollout: string;
  json?: boolean | undefined;
}

/** Decides about the rollout that a command line names, and shows how it stands then. */
export function decideAboutRollout(
  context: CommandContext,
  args: DecisionArguments,
  decide: (fleet: CallerFleet, rollout: Rollout) => Promise<Rollout>,
  after: (fleet: CallerFleet, rollout: Rollout) => Promise<ExitCode> = async () => 0,
): Promise<ExitCode> {
  return withFleet(context, args, async (fleet) => {
    const rollout = await decide(fleet, await findRollout(fleet, args.rollout));
    const nowMs = Date.now();
    report(context, `Rollout ${rollout.name}: ${changeLine(rollout, nowMs)}.`);
    if (args.json) writeJson(context.stdout, viewRollout(rollout, nowMs));
    return after(fleet, rollout);
  });
}
