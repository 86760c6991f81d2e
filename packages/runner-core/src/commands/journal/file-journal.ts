import { writeDurably } from '../../disk/durable-write.js';
import { errorCode } from '../../disk/error-code.js';
import { followStatePath } from '../../disk/follow-state-path.js';
import { storageProblem } from '../../disk/storage-problem.js';
import { journalPathOf } from '../../config/agent-files.js';
import { nodeFileSystem } from '../../ports/node-file-system.js';
import type { FileSystem } from '../../ports/file-system.js';
import type { CommandJournal, FoundJournal, JournalNode } from './command-journal.js';
import { type JournalDocument, parseJournal, serializeJournal } from './journal-document.js';
import { journalProblem, type JournalProblemCode } from './journal-problems.js';

export interface FileJournalOptions {
  /** Of the state file; the journal is a file beside it. */
  statePath: string;
  node: JournalNode;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
}

/** The journal in the directory of the state file, which the caller holds by an opened identity. It never rejects. */
export async function openFileJournal({
  statePath: configured,
  node,
  fileSystem = nodeFileSystem,
}: FileJournalOptions): Promise<CommandJournal> {
  const statePath = await followStatePath(fileSystem, configured);
  const path = journalPathOf(statePath);
  const { nodeId, origin } = node;
  return {
    found: await findJournal(path, node, readerOf(node, statePath, fileSystem)),
    store: async (content) => {
      try {
        const bytes = serializeJournal({ nodeId, origin, ...content });
        await writeDurably(fileSystem, path, bytes);
        // An older copy only makes more commands end as `interrupted`.
        await writeDurably(fileSystem, copyOf(path), bytes).catch(() => undefined);
        return { ok: true };
      } catch (error) {
        return { ok: false, problem: await storageProblem(fileSystem, error, { path, statePath }) };
      }
    },
  };
}

async function findJournal(path: string, node: JournalNode, read: ReadJournal): Promise<FoundJournal> {
  const own = await read(path);
  if (own.kind === 'used') {
    const { document } = own;
    return { ...contentOf(document), isComplete: document.isIncomplete !== true, isStored: true };
  }
  const none = { entries: [], isComplete: !node.isEnrolled, isStored: false };
  if (own.kind === 'of-another') return none;
  const copy = await read(copyOf(path));
  if (copy.kind === 'used') {
    const unusable = own.kind === 'unusable' ? own : { reason: `${path} is missing.` };
    const notice = noticeOf('journal-from-copy', [unusable]);
    return { ...contentOf(copy.document), isComplete: false, isStored: false, notice };
  }
  const unusable = [own, copy].filter((found) => found.kind === 'unusable');
  if (unusable.length === 0) return none;
  const isNewer = unusable.some(({ isNewer: newer }) => newer);
  return { ...none, notice: noticeOf(isNewer ? 'journal-newer' : 'journal-lost', unusable) };
}

type FoundFile =
  | { kind: 'used'; document: JournalDocument }
  | { kind: 'missing' | 'of-another' }
  | { kind: 'unusable'; reason: string; remedy?: string | undefined; isNewer?: boolean | undefined };

type ReadJournal = (path: string) => Promise<FoundFile>;

function noticeOf(
  code: JournalProblemCode,
  files: readonly { reason: string; remedy?: string | undefined }[],
): FoundJournal['notice'] {
  const remedies = new Set(files.flatMap(({ remedy }) => remedy ?? []));
  return journalProblem(code, { reason: files.map(({ reason }) => reason).join(' '), first: [...remedies].join(' ') });
}

function readerOf({ nodeId, origin }: JournalNode, statePath: string, fileSystem: FileSystem): ReadJournal {
  return async (path) => {
    try {
      const parsed = parseJournal(await fileSystem.readFile(path));
      if (parsed.kind === 'damaged') return { kind: 'unusable', reason: `${path} is damaged.` };
      if (parsed.kind === 'newer') {
        const reason = `A newer version of BaseRunner wrote ${path} (format ${parsed.format}), and this version cannot read it.`;
        return { kind: 'unusable', reason, isNewer: true };
      }
      const { document } = parsed;
      const isOwn = document.nodeId === nodeId && document.origin === origin;
      return isOwn ? { kind: 'used', document } : { kind: 'of-another' };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { kind: 'missing' };
      const { message, remedy } = await storageProblem(fileSystem, error, { path, statePath });
      return { kind: 'unusable', reason: message, remedy };
    }
  };
}

function contentOf({ entries, updates }: JournalDocument): Pick<FoundJournal, 'entries' | 'updates'> {
  return { entries, updates };
}

function copyOf(path: string): string {
  return `${path}.last-good`;
}
