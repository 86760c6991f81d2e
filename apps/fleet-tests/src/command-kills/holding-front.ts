import { createServer, type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { listenOnLoopback, type LoopbackListener } from '@serve.zone/baseos-testing/network/listen-on-loopback';

export interface SeenRequest {
  method: string;
  path: string;
  body: string;
}

export interface Held {
  /** Passes on what is held. Resolves when the system has taken the answer for the one who asked. */
  letGo(this: void): Promise<void>;
}

interface Hold {
  which: 'next' | 'all';
  fits: (request: SeenRequest) => boolean;
  where: 'request' | 'answer';
  onHeld: (held: Held) => void;
}

/**
 * A server in front of another one. It can hold one request before the other server sees it, or its answer after the other
 * server has done what it was asked for: the one who asked stands still at exactly that step.
 */
export class HoldingFront {
  readonly url: string;
  readonly #target: URL;
  readonly #listener: LoopbackListener;
  readonly #holds = new Set<Hold>();

  static async listen(target: string): Promise<HoldingFront> {
    let front: HoldingFront | undefined;
    const server = createServer((incoming, outgoing) => void front?.handle(incoming, outgoing));
    front = new HoldingFront(new URL(target), await listenOnLoopback(server));
    return front;
  }

  private constructor(target: URL, listener: LoopbackListener) {
    this.#target = target;
    this.#listener = listener;
    this.url = `http://127.0.0.1:${listener.port}`;
  }

  /** Holds the next request that fits, or its answer; or every one that fits. Resolves when one is held. */
  async hold(where: Hold['where'], fits: Hold['fits'], which: Hold['which'] = 'next'): Promise<Held> {
    return new Promise((onHeld) => void this.#holds.add({ fits, where, which, onHeld }));
  }

  /** Holds nothing more. */
  letAllPass(): void {
    this.#holds.clear();
  }

  async close(): Promise<void> {
    await this.#listener.close();
  }

  async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = await text(incoming);
      const { method = 'GET', url = '/' } = incoming;
      const seen = { method, path: new URL(url, this.url).pathname, body };
      const hold = [...this.#holds].find(({ fits }) => fits(seen));
      if (hold?.which === 'next') this.#holds.delete(hold);
      if (hold?.where === 'request') await standStill(hold);
      const answer = await this.#passOn(incoming, body);
      const finished = new Promise<void>((resolve) => void outgoing.once('finish', resolve));
      if (hold?.where === 'answer') await standStill(hold, finished);
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body);
    } catch {
      // The server behind is away, or the one who asked was killed.
      outgoing.destroy();
    }
  }

  async #passOn({ method, url, headers }: IncomingMessage, body: string) {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { hostname, port } = this.#target;
      sendRequest({ hostname, port, method, path: url, headers, agent: false }, resolve)
        .once('error', reject)
        .end(body);
    });
    const { statusCode: status = 502, headers: given } = answer;
    const { 'transfer-encoding': _none, connection: _nothing, ...kept } = given;
    return { status, headers: kept, body: await buffer(answer) };
  }
}

async function standStill({ onHeld }: Hold, passedOn: Promise<void> = Promise.resolve()): Promise<void> {
  await new Promise<void>((goOn) => {
    onHeld({
      letGo: async () => {
        goOn();
        await passedOn;
      },
    });
  });
}
