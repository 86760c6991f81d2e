import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Fault } from '@serve.zone/baseos-testing/network/socket-faults';

/** The connection from a device to its Cloudly. It forwards bytes until it is told to fail. */
export class FaultyWay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #struck: Socket[] = [];
  #fault: Fault | undefined;
  #closedPort = 0;

  static async open(targetUrl: string): Promise<FaultyWay> {
    const way = new FaultyWay(Number(new URL(targetUrl).port));
    way.#server.listen(0, '127.0.0.1');
    await once(way.#server, 'listening');
    return way;
  }

  private constructor(targetPort: number) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      // A fault breaks connections. That does not concern the test.
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      if (this.#fault) this.#strike(socket, this.#fault);
      else passThrough(socket, targetPort);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** From now on every connection meets the fault, once a request is there. Those that are open are ended. */
  fail(fault: Fault): void {
    this.#fault = fault;
    this.#struck = [];
    for (const socket of this.#sockets) socket.end();
  }

  /** Everything goes through again. */
  heal(): void {
    this.#fault = undefined;
    for (const socket of this.#struck) socket.destroy();
  }

  /** How many connections met the fault. */
  get strikes(): number {
    return this.#struck.length;
  }

  /** The most bytes that one of them accepted. */
  get bytesTakenMax(): number {
    return Math.max(0, ...this.#struck.map(({ bytesWritten, writableLength }) => bytesWritten - writableLength));
  }

  /** After `close()`, at the same port. */
  async reopen(): Promise<void> {
    this.#server.listen(this.#closedPort, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#closedPort = this.port;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #strike(socket: Socket, fault: Fault): void {
    this.#struck.push(socket);
    socket.once('data', () => fault(socket));
    socket.resume();
  }
}

function passThrough(socket: Socket, port: number): void {
  const onward = connect(port, '127.0.0.1');
  onward.on('error', () => socket.destroy());
  socket.pipe(onward).pipe(socket);
  socket.on('close', () => onward.destroy());
  onward.on('close', () => socket.destroy());
}
