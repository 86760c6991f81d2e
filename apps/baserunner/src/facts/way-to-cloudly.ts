import { type RunnerConfig, variablesIn } from '@serve.zone/baseos-runner-core';

/** The settings that say how Cloudly is reached. */
export const wayToCloudly: readonly string[] = variablesIn('cloudly');

/** With a mistake in one of them, a probe would take another route than the agent. */
export function isWayKnown({ mistakes = [] }: RunnerConfig): boolean {
  return !mistakes.some(({ variable }) => wayToCloudly.includes(variable));
}
