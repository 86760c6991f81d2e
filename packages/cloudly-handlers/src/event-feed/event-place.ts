/** How far somebody has read: positions of another epoch mean other events. */
export interface EventPlace {
  epoch: string;
  position: number;
}

const place = /^([\w-]{1,64})-(0|[1-9]\d{0,14})$/;

/** `undefined` for a text that `formatPlace` did not make. */
export function parsePlace(text: string): EventPlace | undefined {
  const [, epoch, position] = place.exec(text) ?? [];
  return epoch === undefined ? undefined : { epoch, position: Number(position) };
}

export function formatPlace({ epoch, position }: EventPlace): string {
  return `${epoch}-${position}`;
}
