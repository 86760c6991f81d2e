import type { MemberReason } from '../fleet/rollout-states.js';
import { describeInstant, describePause } from './describe-pause.js';
import type { Reason, ReasonCode } from './reason.js';

/** A reason in a sentence for people, without a full stop at its end. Since when it is so is left to whoever shows it. */
export function describeReason(reason: Reason): string {
  const describe = sentences[reason.code] as (told: Reason) => string;
  const sentence = describe(reason);
  return 'rollout' in reason ? `Rollout ${reason.rollout.name}: ${sentence}` : sentence;
}

/** Some reasons share their members, and differ in their codes alone. */
type Told<Code extends ReasonCode> = Reason extends infer Each
  ? Each extends { code: infer Codes }
    ? Code extends Codes
      ? Each
      : never
    : never
  : never;

const sentences: { [Code in ReasonCode]: (told: Told<Code>) => string } = {
  'rollout-starting': () => 'its members are being frozen',
  'rollout-paused': (pause) => `paused ${describePause(pause)}`,
  'wave-gate': ({ openWave, wave }) => `held in wave ${wave + 1}: wave ${openWave + 1} is over, and waits for approval`,
  'wave-soaks': ({ openWave, wave, untilMs }) =>
    `held in wave ${wave + 1}: wave ${openWave + 1} is over, and all must stay quiet until ${describeInstant(untilMs)}`,
  'wave-goes-on': ({ openWave, wave, heldCount, inFlightCount }) =>
    `held in wave ${wave + 1}: wave ${openWave + 1} goes on, with ${heldCount} held and ${inFlightCount} in flight`,
  'rollout-full': ({ inFlightCount, max }) => `held: ${inFlightCount} of ${max} are in flight`,
  'group-full': ({ label, group, inFlightCount, max }) =>
    `held: ${group === '' ? `nodes without the label ${label} have` : `${label} ${group} has`} ${inFlightCount} of ${max} in flight`,
  'member-next': ({ wave, heldCount, again }) =>
    `held in wave ${wave + 1}${again === undefined ? '' : ` (${memberWords[again]})`}: its turn comes, with ${heldCount} held in its wave`,
  'member-deferred': ({ reason, heldBy, untilMs, waitUntilMs }) => {
    const why = heldBy ? `rollout ${heldBy.name} holds it` : memberWords[reason];
    const retry = waitUntilMs === undefined ? '' : `, next tried at ${describeInstant(waitUntilMs)}`;
    return `deferred: ${why}${retry}; skipped if that lasts until ${describeInstant(untilMs)}`;
  },
  'member-offered': ({ wave, attempt }) =>
    `offered in wave ${wave + 1}${attemptOf(attempt)}: its next heartbeat gets the command`,
  'member-running': ({ wave, attempt }) => `running in wave ${wave + 1}${attemptOf(attempt)}`,
  'member-over': ({ state, reason }) =>
    `${state}${reason === undefined || reason === state ? '' : `: ${memberWords[reason]}`}`,
  'command-queued': ({ command }) => `Command ${command} waits for its next heartbeat`,
  'command-listed': ({ command }) => `Command ${command} was sent to it, and it has not reported on it yet`,
  'command-running': ({ command, phase, phaseReason, progressPercent }) => {
    const percent = progressPercent === undefined ? '' : ` ${Math.floor(progressPercent)} %`;
    return `Command ${command} is ${phase}${percent}${phaseReason === undefined ? '' : `: ${phaseReason}`}`;
  },
  'node-pending': ({ approvalCode }) =>
    `It waits for approval${approvalCode === undefined ? '' : ` (code ${approvalCode})`}, and gets no commands until then`,
  'node-revoked': () => 'It is revoked, and gets no commands',
  'clone-suspected': () => 'Two devices may use its identity, and neither gets commands until one is chosen',
  'legacy-node': () => 'It is a legacy node, which gets no commands',
  'node-never-seen': () => 'It has sent no heartbeat yet',
  'node-late': () => 'It is late',
  'node-offline': () => 'It is offline',
  'supervisor-unreadable': ({ state, supervisorReason }) =>
    `Its Supervisor is ${state}${supervisorReason === undefined ? '' : `: ${supervisorReason}`}`,
  'release-held': ({ commit }) =>
    `${commit === undefined ? 'A release' : `Release ${commit}`} is downloaded, and waits behind its gate for the command update`,
  'release-waits': () =>
    'A release is downloaded, and its Supervisor could not install it: a service may hold an update lock',
  'update-failed': () => 'The last attempt of its Supervisor at an update failed, and it tries again',
  'release-comes': ({ isInstalling }) => `A release is being ${isInstalling ? 'installed' : 'downloaded'}`,
  'gate-unavailable': ({ gateReason }) =>
    `It cannot hold releases back${gateReason === undefined ? '' : `: ${gateReason}`}`,
};

/** What is due to each reason, in words that follow a colon. */
export const memberWords: Readonly<Record<MemberReason, string>> = {
  offline: 'it is not online',
  'not-listed': 'it is online, and no answer has listed the command',
  'other-rollout': 'another rollout holds it',
  'clone-suspected': 'two devices may use its identity',
  'node-forgotten': 'it was forgotten',
  'out-of-scope': 'its labels have left the scope of the rollout',
  'other-release': 'its target is another release',
  already: 'it runs the release already',
  'offline-too-long': 'it was not back in time',
  'left-out': 'an operator has left it out after it failed',
  cancelled: 'somebody has cancelled its command',
  'taken-over': 'another rollout has taken it over',
  failed: 'the command failed',
  refused: 'the device refused the command',
  unsupported: 'its agent does not know the command',
  interrupted: 'it cannot know how the command ended',
  expired: 'it did not begin the command in time',
  'other-commit': 'it has installed another release',
  'no-result': 'it has sent no result in time',
  withdrawn: 'its command was withdrawn',
  retry: 'it tries again after it failed',
};

function attemptOf(attempt: number): string {
  return attempt === 1 ? '' : `, offer ${attempt}`;
}
