import { endProcess } from './end-process.js';

/** Like `process.exit`, also for a process whose thread pool waits for a disk or a DNS server. */
export function exitUnheld(): void {
  const isHeld = process.getActiveResourcesInfo?.().some((name) => /^(?:FSReq|GetAddrInfo|GetNameInfo)/.test(name));
  if (isHeld) endProcess(Number(process.exitCode ?? 0));
  process.exit();
}
