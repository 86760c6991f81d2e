import type { RecordedRequest, Recording } from '../recordings/recording.js';

/**
 * The request as it was sent. A body of megabytes is not in a file of recordings: there the name says how large it was, and
 * any body of that size does as well.
 */
export function restoreBody({ name, request }: Pick<Recording, 'name' | 'request'>): RecordedRequest {
  const bytes = bytesTold(name);
  if (request.method === 'GET' || bytes <= (request.body?.length ?? 0)) return request;
  return { ...request, body: `{"a":"${'a'.repeat(bytes)}"}` };
}

function bytesTold(name: string): number {
  const [, megabytes] = /\b(\d+(?:\.\d+)?) ?Mi?B\b/i.exec(name) ?? [];
  if (megabytes !== undefined) return Math.round(Number(megabytes) * megabyte);
  return /too large|oversized?|\b(?:huge|large|big) (?:\w+ )?body/i.test(name) ? 11 * megabyte : 0;
}

const megabyte = 1024 * 1024;
