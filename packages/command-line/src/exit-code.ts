/** 0: success. 1: the check or operation failed. 2: usage or configuration. */
export type ExitCode = 0 | 1 | 2;
