/** Ids of Route 53: drawn for what is new, and read with or without the path that answers put before them. */
import { type Random, randomInt } from '@stormglass/base';

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LENGTH = 20;

function drawn(random: Random, prefix: string): string {
  let id = prefix;
  for (let i = 0; i < LENGTH; i++) id += CHARACTERS[randomInt(random, CHARACTERS.length)]!;
  return id;
}

export const newZoneId = (random: Random): string => drawn(random, 'Z');
export const newChangeId = (random: Random): string => drawn(random, 'C');

/** `/hostedzone/Z123` and `/change/C123` are `Z123` and `C123`. */
export const plainId = (id: string): string => id.replace(/^\/?(?:hostedzone|change|healthcheck)\//, '');

export const zonePath = (id: string): string => `/hostedzone/${id}`;
export const changePath = (id: string): string => `/change/${id}`;

const API = 'https://route53.amazonaws.com/2013-04-01';

/** The `Location` of something that was made. */
export const locationOf = (kind: 'hostedzone' | 'healthcheck', id: string): string => `${API}/${kind}/${id}`;
