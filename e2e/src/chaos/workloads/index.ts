/** Every workload of a run. */
import { itemBank } from './item-bank.ts';
import { itemLists } from './item-lists.ts';
import { itemRegisters } from './item-registers.ts';
import { objectRegisters, objects } from './objects.ts';
import { nameRegisters, roleRegisters } from './registers.ts';
import { sessions } from './sessions.ts';
import { readers, users } from './users.ts';
import type { Workload } from './workload.ts';

// Registers first: their roles are what sessions assume.
export const WORKLOADS: readonly Workload[] = [
  roleRegisters,
  users,
  readers,
  sessions,
  nameRegisters,
  objects,
  objectRegisters,
  itemRegisters,
  itemLists,
  itemBank,
];
