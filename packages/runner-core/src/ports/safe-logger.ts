import type { Logger } from './logger.js';

/** The same logger, whose failures (a closed pipe, a full disk) end neither the agent nor its shutdown. */
export function safeLogger(logger: Logger): Logger {
  const safely =
    <Parameters extends unknown[]>(write: (...parameters: Parameters) => unknown) =>
    (...parameters: Parameters): void => {
      try {
        const written = write(...parameters);
        // One that writes in the background may fail there.
        if (written instanceof Promise) written.catch(() => undefined);
      } catch {
        // There is nowhere to report it.
      }
    };
  return {
    error: safely((message, fields) => logger.error(message, fields)),
    warn: safely((message, fields) => logger.warn(message, fields)),
    info: safely((message, fields) => logger.info(message, fields)),
    debug: safely((message, fields) => logger.debug(message, fields)),
    setLevel: safely((level) => logger.setLevel(level)),
  };
}
