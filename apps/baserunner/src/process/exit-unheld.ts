import { endProcess } from './end-process.js';

/** `process.exit`, but for a process whose thread pool waits for a disk or a name server. */
export function exitUnheld(): void {
  const isHeld = process.getActiveResourcesInfo?.().some((name) => /^(?:FSReq|GetAddrInfo|GetNameInfo)/.test(name));
  if (isHeld) endProcess(Number(process.exitCode ?? 0));
  process.exit();
}
