import type { Doorbell } from '../../fleet/doorbell.js';
import { isNews } from './event-news.js';
import type { Line } from './line.js';

/** A doorbell on the line between the processes: a message is the ID of a node. */
export function createPostgresDoorbell({ send, listen, isHeard }: Line): Doorbell {
  return {
    ring: send,
    listen: (onRing) => listen((message) => isNews(message) || onRing(message)),
    isHeard,
  };
}
