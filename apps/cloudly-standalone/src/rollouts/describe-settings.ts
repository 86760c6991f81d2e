import type { Rollout, Wave } from '@serve.zone/baseos-cloudly-handlers';
import { formatDuration } from '../time/format-duration.js';
import { shortInstant } from '../time/instant.js';

/** What people have decided about a rollout, in lines. */
export function settingLines(rollout: Rollout): string[] {
  const { id, createdBy, createdAtMs, waves, limits, window, isDynamic, needsApproval, approval } = rollout;
  const { maxInFlight, perGroup, failPercent, failMin, attempts, commandDueMs, deferredDueMs } = limits;
  const groups = perGroup ? `, ${perGroup.max} of each ${perGroup.label}` : '';
  return [
    `ID       ${id}`,
    `Made     by ${createdBy}, ${shortInstant(createdAtMs)}`,
    ...(needsApproval ? [`Approval ${approval ? `by ${approval.by}` : 'needed, of another person'}`] : []),
    `Waves    ${waves.map(describeWave).join('; ')}${isDynamic ? ', and nodes that match later' : ''}`,
    `Limits   ${maxInFlight} in flight${groups}; attempts: ${attempts}`,
    `Pauses   when more than ${failPercent} % of those that have ended failed, and at least ${failMin}`,
    `Waits    ${formatDuration(commandDueMs)} for a node that has the command, ${formatDuration(deferredDueMs)} for one that is offline`,
    ...(window ? [`Window   ${window.cron} in ${window.zone}, for ${formatDuration(window.durationMs)}`] : []),
  ];
}

/** As `--waves` takes it. */
function describeWave({ select, size, gate, soakMs }: Wave): string {
  return [
    size ? ('count' in size ? String(size.count) : `${size.percent}%`) : 'rest',
    ...(select === undefined ? [] : [`where ${select}`]),
    ...(gate === 'manual' ? ['manual'] : []),
    ...(soakMs > 0 ? [`soak ${formatDuration(soakMs)}`] : []),
  ].join(' ');
}
