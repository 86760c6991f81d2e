import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import { type Exit, Program } from '@serve.zone/baseos-testing/processes/program';

export interface CloudlyServerOptions {
  /** The built program of the stand-alone Cloudly. */
  cliPath: string;
  /** Where its fleet is: what `serve` and the commands beside it are given. */
  storage: readonly string[];
  /** What Node itself is given. */
  nodeFlags?: readonly string[];
}

/** A process of `cloudly-standalone serve`, at the same address however often it is started. */
export class CloudlyServer {
  readonly url: string;
  readonly #argv: readonly string[];
  #process: Program | undefined;
  #up = latch();

  static async start(options: CloudlyServerOptions): Promise<CloudlyServer> {
    const server = new CloudlyServer(options, await freePort());
    await server.startAgain();
    return server;
  }

  private constructor({ cliPath, storage, nodeFlags = [] }: CloudlyServerOptions, port: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.#argv = [...nodeFlags, cliPath, 'serve', '--port', String(port), ...storage];
  }

  get process(): Program {
    if (!this.#process) throw new Error('The server was never started.');
    return this.#process;
  }

  /** Resolves once it listens; at once where it does. */
  get up(): Promise<void> {
    return this.#up.opened;
  }

  async startAgain(): Promise<void> {
    this.#process = new Program(this.#argv);
    await this.#process.logged(new RegExp(`${new URL(this.url).host}\\b`));
    this.#up.open();
  }

  /** It can do nothing more. */
  async kill(): Promise<void> {
    this.#up = latch();
    await this.process.end('SIGKILL');
  }

  async stop(): Promise<Exit> {
    this.#up = latch();
    return this.process.end('SIGTERM');
  }
}

function latch(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
