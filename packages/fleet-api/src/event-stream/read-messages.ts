import type { SseMessage } from './sse-message.js';

/** Takes the bytes of a stream as they come, and gives the messages that end in them. @throws Error for one that is too long */
export type TakeBytes = (bytes: Uint8Array) => SseMessage[];

/** Far more than an event has. */
const MESSAGE_MAX_LENGTH = 1024 * 1024;

/** Reads one stream. What comes after the last message is no message, because it may not be whole. */
export function createMessageReader(): TakeBytes {
  const decoder = new TextDecoder();
  let isHalfEnded = false;
  let rest = '';
  let message: SseMessage = {};

  return (bytes) => {
    const text = `${isHalfEnded ? '\r' : ''}${decoder.decode(bytes, { stream: true })}`;
    // Only what follows shows whether that is all of a line's end.
    isHalfEnded = text.endsWith('\r');
    const [first = '', ...others] = (isHalfEnded ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    const lines = [rest + first, ...others];
    rest = lines.pop() ?? '';
    if (rest.length + (message.data?.length ?? 0) > MESSAGE_MAX_LENGTH) throw new Error('A message is too long');
    return lines.flatMap((line) => {
      if (line !== '') {
        message = withLine(message, line);
        return [];
      }
      const ended = message;
      message = {};
      return Object.keys(ended).length > 0 ? [ended] : [];
    });
  };
}

function withLine(message: SseMessage, line: string): SseMessage {
  const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
  if (field === 'data') return { ...message, data: message.data === undefined ? value : `${message.data}\n${value}` };
  if (field === 'event') return { ...message, event: value };
  // https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
  return field === 'id' && !value.includes('\0') ? { ...message, id: value } : message;
}
