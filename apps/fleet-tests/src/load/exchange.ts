import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Many nodes at once, each of which keeps its connection for a while. */
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

/**
 * Posts a message and resolves with the whole answer. Rejects when the connection fails at any moment: then nothing was
 * acknowledged.
 *
 * @param localAddress the address that it comes from; on Linux all of 127.0.0.0/8 is this machine's
 */
export function post(
  url: string,
  { token, message, localAddress }: { token: string; message: object; localAddress?: string | undefined },
): Promise<Answer> {
  const body = JSON.stringify(message);
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        ...(localAddress !== undefined && { localAddress }),
      },
      (response) => {
        text(response)
          .then((received) => JSON.parse(received) as Answer['body'])
          .then((received) => resolve({ status: response.statusCode ?? 0, body: received }))
          .catch(reject);
      },
    );
    asked.once('error', reject);
    asked.end(body);
  });
}
