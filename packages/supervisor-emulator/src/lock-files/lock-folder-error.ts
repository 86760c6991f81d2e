/** The folder for lock files cannot be created. */
export class LockFolderError extends Error {
  override readonly name = 'LockFolderError';
  /** Without the name of the option. */
  readonly problem: string;

  constructor(folder: string, cause: unknown) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    const problem = `the folder ${folder} cannot be created (${code}).`;
    super(`createSupervisor: lockFiles: ${problem}`, { cause });
    this.problem = problem;
  }
}
