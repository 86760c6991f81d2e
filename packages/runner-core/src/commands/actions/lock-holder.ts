/** The service that holds the lock, in the words of any Supervisor that names it. */
export function lockHolderIn(said: string): string | undefined {
  for (const pattern of patterns) {
    const name = pattern.exec(said)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

const patterns: readonly RegExp[] = [
  // Since 14.0.1, then 12.8.10 to 14.0.0, then the path of the file itself.
  /\{ appId: \d+, service: ([^\s},]+) \}/,
  /"serviceName":"([^"\\]+)"/,
  /\/services\/\d+\/([^/'"\s]+)\/(?:resin-)?updates\.lock/,
];
