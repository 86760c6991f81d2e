import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import type { RecordedRequest } from './recording-relay.js';
import { type Leak, SecretSearch } from './secret-search.js';

/** All output of an agent that somebody could see, by its place. */
export class Evidence {
  readonly #texts = new Map<string, string>();

  add(place: string, text: string): void {
    this.#texts.set(place, `${this.#texts.get(place) ?? ''}\n${text}`);
  }

  addOutput(place: string, { stdout, stderr }: Pick<Program, 'stdout' | 'stderr'>): void {
    this.add(`${place}: stdout`, stdout);
    this.add(`${place}: stderr`, stderr);
  }

  /** What any user of the machine can see of a process. */
  addProcess(place: string, { pid }: Pick<Program, 'pid'>): void {
    if (process.platform !== 'linux') return;
    for (const name of ['cmdline', 'comm', 'status'])
      this.add(`${place}: /proc/${name}`, readFileSync(`/proc/${pid}/${name}`, 'latin1'));
  }

  /** Each file below, archives unpacked, but for the folders that are left out. */
  addFiles(folder: string, leftOut: readonly string[]): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      this.add('file names', entry.name);
      if (entry.isDirectory() && !leftOut.includes(path)) this.addFiles(path, leftOut);
      if (entry.isFile()) {
        const bytes = readFileSync(path);
        this.add(`file ${entry.name}`, (entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'));
      }
    }
  }

  /** @param shown the part of a request that its receiver must not see */
  addRequests(
    place: string,
    requests: readonly RecordedRequest[],
    shown: (request: RecordedRequest) => string = wholeRequest,
  ): void {
    for (const request of requests) this.add(place, shown(request));
  }

  /** Where each secret came to light. */
  leaks(secrets: Readonly<Record<string, string>>): (Leak & { place: string })[] {
    const search = new SecretSearch(secrets);
    return [...this.#texts].flatMap(([place, text]) =>
      search.find(text).map(({ secret, encoding }) => ({ place, secret, encoding })),
    );
  }

  /** The searched output: none of it may be empty by mistake. */
  get places(): string[] {
    return [...this.#texts].filter(([, text]) => text.trim() !== '').map(([place]) => place);
  }
}

function wholeRequest({ method, path, rawHeaders, body }: RecordedRequest): string {
  return [method, path, ...rawHeaders, body].join('\n');
}

/** A request without the header that proves who sends it. */
export function withoutAuthorization({ method, path, rawHeaders, body }: RecordedRequest): string {
  const headers = rawHeaders.filter((_, index) => !/^authorization$/i.test(rawHeaders[index - (index % 2)] ?? ''));
  return [method, path, ...headers, body].join('\n');
}
