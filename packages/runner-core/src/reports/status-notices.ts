import { dirname } from 'node:path';
import { LAST_HANG_FILE_NAME } from '../config/agent-files.js';
import { clockRemedy } from '../device/clock-words.js';
import type { FoundStatus } from '../status/published-status.js';
import type { Notice } from '../values/problem.js';
import type { LastHang } from './last-hang.js';

/** The codes of what a look at the device finds beside the settings and the identity, and what each means. */
export const statusNoticeCodes = {
  'join-token-needless': 'The node is enrolled and no longer needs its join token.',
  'clock-wrong': "The device's clock is wrong.",
  'agent-hung': 'A watchdog ended an agent that hung.',
  'status-unreadable': 'This user may not read the status of the agent.',
  'status-foreign': 'The status that was found belongs to another user.',
  'status-elsewhere': 'An agent uses the state directory and shows no status here.',
} as const satisfies Readonly<Record<string, string>>;

export type StatusNoticeCode = keyof typeof statusNoticeCodes;

/** Something that a look at the device found, with what to do. */
export interface StatusNotice extends Notice {
  code: StatusNoticeCode;
  remedy: string;
}

/** A token that admits other devices is of no use on this one. */
export const joinTokenNeedless: StatusNotice = {
  code: 'join-token-needless',
  message: 'This node is enrolled. BASEOS_JOIN_TOKEN is no longer needed.',
  remedy: 'Remove it so that it cannot be stolen from this device.',
};

/** @param message how the clock is wrong, in a sentence */
export function clockWrong(message: string): StatusNotice {
  return { code: 'clock-wrong', message, remedy: clockRemedy };
}

/** A restarted agent does not show that it hung; that remains a defect to report. */
export function agentHung({ at, message }: LastHang): StatusNotice {
  return {
    code: 'agent-hung',
    message: `The agent hung at ${at}: ${message}`,
    remedy: `Report this defect of BaseRunner, with ${LAST_HANG_FILE_NAME} from the state directory.`,
  };
}

export function statusUnreadable({ path }: Extract<FoundStatus, { kind: 'unreadable' }>): StatusNotice {
  return {
    code: 'status-unreadable',
    message: `It is not known whether the agent is running: this user may not read ${path}.`,
    remedy: 'Run this command as the user that the agent runs as.',
  };
}

/** Another user may have put the status there. */
export function statusForeign(
  { path, uid }: Extract<FoundStatus, { kind: 'foreign' }>,
  stateDirectory: string,
): StatusNotice {
  return {
    code: 'status-foreign',
    message: `It is not known whether the agent is running: ${path} belongs to user ${uid}, who is neither this user nor the owner of ${stateDirectory}. The file is ignored.`,
    remedy: `If the agent runs as user ${uid}, run this command as that user. Otherwise remove ${dirname(path)}, or set BASEOS_RUN_PATH to a directory that belongs to the agent.`,
  };
}

/** An agent that waits for another one shows nothing; only the other one does. */
export function statusElsewhere(stateDirectory: string): StatusNotice {
  return {
    code: 'status-elsewhere',
    message: `An agent uses ${stateDirectory} but publishes no status here. It has just started, it hangs, or it runs in another container or with another BASEOS_RUN_PATH.`,
    remedy: 'Check its log. An agent that you start here waits until the other one has ended.',
  };
}
