import { setTimeout as pause } from 'node:timers/promises';
import type { Victim } from '../processes/victim.js';
import type { Ledger } from '../load/ledger.js';
import { between } from '@serve.zone/baseos-testing/chance/seeded-random';

/** A kill comes after so many acknowledgements since the last one, and so many milliseconds: anywhere in what is under way. */
const ACKNOWLEDGEMENTS = { least: 10, most: 150 };
const MILLISECONDS = { least: 0, most: 15 };

/** Kills one of the victims in the middle of the load, again and again, at moments that a seed decides. */
export async function killAgainAndAgain({
  victims,
  kills,
  ledger,
  random,
}: {
  victims: readonly Victim[];
  kills: number;
  ledger: Ledger;
  /** From 0 up to 1. */
  random: () => number;
}): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    await ledger.more(between(random, ACKNOWLEDGEMENTS.least, ACKNOWLEDGEMENTS.most));
    await pause(between(random, MILLISECONDS.least, MILLISECONDS.most));
    const victim = victims[between(random, 0, victims.length - 1)];
    await victim?.kill();
    await victim?.startAgain();
  }
}
