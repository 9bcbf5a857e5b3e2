/**
 * How a container says that it is well: a file that is young. Looking at a file costs the machine far less than a
 * program that asks over the network, and dozens of containers are asked every few seconds.
 */
import { rmSync, writeFileSync } from 'node:fs';
import type { Cancel, Clock } from '@stormglass/base';

const EVERY_MS = 2000;

/** Keeps the file young while `isWell`, and removes it when that ends; returns how to stop. */
export function keepHealthFile(path: string, isWell: () => boolean, clock: Clock): Cancel {
  let cancel: Cancel = () => {};
  const look = () => {
    if (isWell()) writeFileSync(path, '');
    else rmSync(path, { force: true });
    cancel = clock.after(isWell() ? EVERY_MS : EVERY_MS / 10, look);
  };
  look();
  return () => {
    cancel();
    rmSync(path, { force: true });
  };
}
