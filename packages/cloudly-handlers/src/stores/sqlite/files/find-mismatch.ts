import { fleetFiles, nameOf } from './fleet-files.js';
import { type LogMark, NO_BASE } from './log-mark.js';
import type { RawJournal, RawLog, RawMain } from './raw-files.js';

export interface RawFiles {
  main: RawMain;
  log: RawLog;
  journal: RawJournal | undefined;
  /** The mark of the newest log, from the note beside the database. */
  notedMark: LogMark | undefined;
}

export interface FilesMismatch {
  /** Without a full stop. */
  reason: string;
  remedy: string;
}

/** Why the files of a fleet do not belong together, and what to do about it; `undefined` if they do. */
export function findMismatch(path: string, { main, log, journal, notedMark }: RawFiles): FilesMismatch | undefined {
  const [mainName, logName, indexName, journalName, noteName] = [
    path,
    ...(['log', 'index', 'journal', 'note'] as const).map((file) => fleetFiles(path)[file]),
  ].map(nameOf);
  const ifRestored =
    `If you restored ${mainName} from a backup, delete ${logName} and ${indexName} and start again. ` +
    `Otherwise put back the ${mainName} that they belong to.`;

  if (log.frameCount > 0 && main.kind === 'empty') {
    return { reason: `${mainName} is missing or empty, but its write-ahead log ${logName} is not`, remedy: ifRestored };
  }
  if (log.frameCount > 0 && !isLogOf(main, log)) {
    return {
      reason: `${logName} is the write-ahead log of another database, not of this ${mainName}`,
      remedy: ifRestored,
    };
  }
  if (log.frameCount === 0 && notedMark && main.mark && notedMark.base === main.mark.id) {
    return {
      reason: `The write-ahead log ${logName} is missing, and the newest changes of the fleet were in it`,
      remedy:
        'Put it back, or restore a backup. To continue without those changes, or if ' +
        `${mainName} is a copy that you put back, delete ${noteName}.`,
    };
  }
  if (journal && main.mark && !isJournalOf(main, journal)) {
    return {
      reason: `${journalName} is the rollback journal of another database, not of this ${mainName}`,
      remedy: `Delete ${journalName} and start again, or put back the ${mainName} that it belongs to.`,
    };
  }
  return undefined;
}

function isLogOf({ mark }: RawMain, { marks }: RawLog): boolean {
  const [first] = marks;
  // A process died before the first mark of a new file was written back from the log.
  if (!mark) return !first || first.base === NO_BASE;
  // The second is true while the log is written back, and afterwards.
  return first?.base === mark.id || marks.some(({ id }) => id === mark.id);
}

/** This package has SQLite write a journal only to turn the write-ahead log on, which changes the first page alone. */
function isJournalOf(main: RawMain, { pageCount, onlyFirstPage }: RawJournal): boolean {
  return (
    pageCount * main.pageBytes === main.sizeBytes &&
    onlyFirstPage !== undefined &&
    Buffer.compare(withoutCounters(onlyFirstPage), withoutCounters(main.header)) === 0
  );
}

/** The journal mode, the change counter, and the version that wrote it. */
const COUNTERS = [
  [18, 20],
  [24, 28],
  [92, 100],
] as const;

function withoutCounters(page: Buffer): Buffer {
  const copy = Buffer.from(page.subarray(0, 512));
  for (const [start, end] of COUNTERS) copy.fill(0, start, end);
  return copy;
}
