import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

/** What is made once for all tests of a run, when the first of them asks for it. */
export type SharedResource = 'postgres' | 'base-image' | 'installed-packages' | Program;

type Program = 'baserunner' | 'cloudly-standalone';

declare module 'vitest' {
  // Declarations of modules are merged with interfaces alone.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  export interface ProvidedContext {
    sharedFolder: string;
  }
}

/** The socket of the run's own server, below the folder that everything shared lies in. */
export function socketIn(folder: string): string {
  return join(folder, 'socket');
}

/** The folder of a program's bundle. The bundle is there once `shareResource` has resolved. */
export function bundleFolder(program: Program): string {
  return join(inject('sharedFolder'), program);
}

/**
 * Waits until the resource is there, and gives what it is reached by: a connection string of PostgreSQL, the path of an image's
 * archive, of a program's bundle or of a project that has the packages installed.
 */
export async function shareResource(name: SharedResource): Promise<string> {
  const socket = createConnection(socketIn(inject('sharedFolder')));
  await once(socket, 'connect');
  socket.end(name);
  const answer = JSON.parse(await text(socket)) as { value: string } | { error: string };
  if ('error' in answer) throw new Error(`Cannot share ${name}: ${answer.error}`);
  return answer.value;
}
