import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import type { Identity } from './certificate-authority.js';

/** TLS in front of a Cloudly that speaks plain http, as in a load balancer, with a replaceable certificate. */
export class TlsFront {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async open(targetUrl: string, identity: Identity): Promise<TlsFront> {
    const front = new TlsFront(Number(new URL(targetUrl).port), identity);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  private constructor(targetPort: number, identity: Identity) {
    this.#server = createServer(identity, (socket) => {
      const onward = connect(targetPort, '127.0.0.1');
      onward.on('error', () => socket.destroy());
      socket
        .on('error', () => undefined)
        .pipe(onward)
        .pipe(socket);
      socket.on('close', () => onward.destroy());
      onward.on('close', () => socket.destroy());
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** For every connection from now on; those that are open are ended. */
  show(identity: Identity): void {
    this.#server.setSecureContext(identity);
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
