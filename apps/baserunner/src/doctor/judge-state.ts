import type { DirectoryExamination, IdentityLook, StoredIdentity } from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, warn } from './finding.js';

const SPACE_WARN_BYTES = 10 * 1024 * 1024;
const SPACE_FAIL_BYTES = 64 * 1024;

/** Whether an agent of this user can store its identity there. */
export function judgeStateDirectory(
  found: DirectoryExamination,
  { impermanence, isDenied }: StoredIdentity,
  isAgentOfAnother: boolean,
): Judgement {
  const { directory, kind, mode, uid, freeBytes, writeProblem, recordProblem } = found;
  const facts = { directory, kind, mode: mode === undefined ? undefined : octal(mode), uid, freeBytes };
  if (kind === 'no-directory' && writeProblem === undefined) {
    return fail(`${directory} is a file, or is inside a file.`, 'Correct BASEOS_STATE_PATH.', facts);
  }
  if (kind === 'hidden') {
    return fail(`This user may not open ${directory}.`, asAgentsUser, facts);
  }
  if (writeProblem) {
    const remedy = isDenied ? denialRemedy(found, isAgentOfAnother) : writeProblem.remedy;
    return fail(writeProblem.message, remedy, { ...facts, code: writeProblem.code });
  }
  const hasNoSpace = freeBytes !== undefined && freeBytes < SPACE_FAIL_BYTES;
  if (impermanence && !hasNoSpace) {
    return warn(impermanence.message, impermanence.remedy, { ...facts, code: impermanence.code });
  }
  if (freeBytes !== undefined && freeBytes < SPACE_WARN_BYTES) {
    const message = `The disk of ${directory} has ${Math.floor(freeBytes / 1024)} KiB left.`;
    const remedy = 'Free some space. The agent needs a few kilobytes; other programs on the device need more.';
    return hasNoSpace ? fail(message, remedy, facts) : warn(message, remedy, facts);
  }
  if (recordProblem) {
    return warn(recordProblem.message, recordProblem.remedy, { ...facts, code: recordProblem.code });
  }
  if (kind === 'missing') {
    return warn(
      `${directory} is missing. The agent creates it when it starts.`,
      'If a volume belongs there, mount it. Without a volume, the identity is lost together with the container.',
      facts,
    );
  }
  return judgeAccess(found, facts);
}

const asAgentsUser = 'Run this command as the user that the agent runs as.';

/**
 * What to do where this user may not read the state. Handed over to this user, the directory would be lost to an agent of
 * another one.
 */
function denialRemedy({ kind, writeProblem }: DirectoryExamination, isAgentOfAnother: boolean): string {
  return isAgentOfAnother || kind === 'hidden' || writeProblem === undefined
    ? asAgentsUser
    : `If the agent runs as another user, run this command as that user. Otherwise: ${writeProblem.remedy}`;
}

/** A directory that this user can write to may be open to others, or belong to another user. */
function judgeAccess(
  { directory, mode = 0, uid, readerUid }: DirectoryExamination,
  facts: Judgement['facts'],
): Judgement {
  if ((mode & 0o077) !== 0 && (mode & 0o7000) === 0) {
    return warn(
      `Other users may open ${directory} (mode ${octal(mode)}), but not the files in it.`,
      `Restrict the directory to the agent: chmod 700 ${directory}`,
      facts,
    );
  }
  if (uid !== undefined && readerUid !== undefined && uid !== readerUid) {
    return pass(`${directory} is writable. It belongs to user ${uid}; this is user ${readerUid}.`, facts);
  }
  return pass(`${directory} exists, belongs to this user and is writable.`, facts);
}

/**
 * @param changes what an agent that starts now would say of using what is stored
 * @param isAgentOfAnother whether an agent of another user published a status here
 */
export function judgeStateFile(
  found: DirectoryExamination,
  stored: StoredIdentity,
  changes: IdentityLook['changes'],
  isAgentOfAnother: boolean,
): Judgement {
  const { directory, kind } = found;
  const { source, format, nodeId, notices, isDenied } = stored;
  // The check of the directory reports why it cannot be written.
  const told = [...notices.filter(({ code }) => code !== 'state-not-stored'), ...changes];
  const codes = told.map(({ code }) => code);
  const facts = { source, format, nodeId, ...(codes.length > 0 && { codes }) };
  const words = told.map(({ message }) => message).join(' ');
  const advice = isDenied
    ? denialRemedy(found, isAgentOfAnother)
    : [...new Set(told.flatMap(({ remedy }) => remedy ?? []))].join(' ');
  const isUnusable = source === 'unreadable' || told.some(({ level }) => level === 'error');
  if (isUnusable)
    return fail(
      words || `What is stored in ${directory} cannot be read.`,
      advice || 'Fix the cause described above; the agent then continues on its own.',
      facts,
    );
  if (source === 'none') {
    if (words !== '') return warn(words, advice || 'Check the causes described above.', facts);
    return pass(
      kind === 'missing'
        ? 'There is no identity yet.'
        : `There is no identity in ${directory} yet. The agent creates one when it starts.`,
      facts,
    );
  }
  const what = `Node ${nodeId}, from ${sources[source]} (format ${format}).`;
  // What is only to be known, and asks for nothing, is no warning.
  return told.every(({ level, remedy }) => level === 'info' && remedy === undefined)
    ? pass([what, words].join(' ').trim(), facts)
    : warn(`${what} ${words}`, advice || 'No action is needed; nothing is lost.', facts);
}

const sources: Readonly<Record<'state-file' | 'last-good-copy' | 'legacy', string>> = {
  'state-file': 'the state file',
  'last-good-copy': 'the last good copy of the state file',
  legacy: 'the legacy state file',
};

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
