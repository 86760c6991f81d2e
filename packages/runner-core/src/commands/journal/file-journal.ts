import { writeDurably } from '../../disk/durable-write.js';
import { errorCode } from '../../disk/error-code.js';
import { followStatePath } from '../../disk/follow-state-path.js';
import { storageProblem } from '../../disk/storage-problem.js';
import { journalPathOf } from '../../config/agent-files.js';
import { nodeFileSystem } from '../../ports/node-file-system.js';
import type { FileSystem } from '../../ports/file-system.js';
import type { CommandJournal, FoundJournal, JournalNode } from './command-journal.js';
import { type JournalDocument, parseJournal, serializeJournal } from './journal-document.js';

export interface FileJournalOptions {
  /** Of the state file; the journal is a file beside it. */
  statePath: string;
  node: JournalNode;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
}

/** The journal in the directory of the state file, which the caller holds by an opened identity. It never rejects. */
export async function openFileJournal({
  statePath,
  node,
  fileSystem = nodeFileSystem,
}: FileJournalOptions): Promise<CommandJournal> {
  const path = journalPathOf(await followStatePath(fileSystem, statePath));
  const { nodeId, origin } = node;
  return {
    found: await findJournal(path, node, fileSystem),
    store: async (content) => {
      try {
        const bytes = serializeJournal({ nodeId, origin, ...content });
        await writeDurably(fileSystem, path, bytes);
        // An older copy only makes more commands end as `interrupted`.
        await writeDurably(fileSystem, copyOf(path), bytes).catch(() => undefined);
        return { ok: true };
      } catch (error) {
        return { ok: false, problem: await storageProblem(fileSystem, error, path) };
      }
    },
  };
}

async function findJournal(path: string, node: JournalNode, fileSystem: FileSystem): Promise<FoundJournal> {
  const own = await readOwn(path, node, fileSystem);
  if (typeof own === 'object') return { ...contentOf(own), isComplete: true, isStored: true };
  if (own === 'of-another') return { entries: [], isComplete: !node.isEnrolled, isStored: false };
  const copy = await readOwn(copyOf(path), node, fileSystem);
  if (typeof copy === 'object') {
    return {
      ...contentOf(copy),
      isComplete: false,
      isStored: false,
      notice: notice('journal-from-copy', `${path} is ${own}. Its copy is used.`),
    };
  }
  const isLost = own !== 'missing' || (copy !== 'missing' && copy !== 'of-another');
  return {
    entries: [],
    isComplete: !node.isEnrolled,
    isStored: false,
    ...(isLost && { notice: notice('journal-lost', `${path} is ${own}, and so is its copy.`) }),
  };
}

function notice(code: string, found: string): FoundJournal['notice'] {
  return {
    code,
    message: `${found} It holds the record of commands: those that Cloudly lists next end as interrupted, because it is not known whether they were begun.`,
  };
}

async function readOwn(
  path: string,
  { nodeId, origin }: JournalNode,
  fileSystem: FileSystem,
): Promise<JournalDocument | 'missing' | 'damaged' | 'unreadable' | 'of-another'> {
  try {
    const document = parseJournal(await fileSystem.readFile(path));
    if (document === undefined) return 'damaged';
    return document.nodeId === nodeId && document.origin === origin ? document : 'of-another';
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

function contentOf({ entries, updates }: JournalDocument): Pick<FoundJournal, 'entries' | 'updates'> {
  return { entries, updates };
}

function copyOf(path: string): string {
  return `${path}.last-good`;
}
