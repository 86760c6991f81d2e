/** What the readers of logs need of a client: `SupervisorClient` has it. */
export interface StreamSource {
  stream(
    request: { method: 'GET' | 'POST'; path: string; body?: unknown; effect?: 'read' | 'write' },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<AsyncIterable<Uint8Array>>;
}
