import { expect, it } from 'vitest';
import { IamState } from './state.ts';

const ACCOUNT = '123456789012';

it('keeps the version of tokens that an account chose, in snapshots too', () => {
  const state = new IamState();
  expect(state.view.globalEndpointTokenVersion(ACCOUNT)).toBe(1);
  const command = { type: 'SetTokenVersion', accountId: ACCOUNT, version: 2 } as const;
  expect(state.apply({ seq: 1, now: 0 }, command)).toEqual({ ok: true, value: null });
  expect(state.view.globalEndpointTokenVersion(ACCOUNT)).toBe(2);
  expect(state.view.globalEndpointTokenVersion('000000000000')).toBe(1);

  const other = new IamState();
  other.install(state.snapshot());
  expect(other.view.globalEndpointTokenVersion(ACCOUNT)).toBe(2);
});
