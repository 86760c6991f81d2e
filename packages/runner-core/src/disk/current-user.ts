/** The user that this process runs as. Unknown on Windows, and where Deno may not ask. */
export function currentUser(): { uid: number; gid: number } | undefined {
  try {
    const uid = process.getuid?.();
    const gid = process.getgid?.();
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}
