/** Money that transactions move between accounts is all there at every moment, and no account owes any. */
import { type Checker, finding } from './checker.ts';

export const moneyIsKept: Checker = entries => {
  const problems: string[] = [];
  let [totals, transfers] = [0, 0];
  let expected: number | undefined;
  for (const entry of entries) {
    if (entry.type !== 'operation' || entry.outcome !== 'ok' || entry.refusal !== undefined) continue;
    if (entry.action === 'transfer') transfers++;
    if (entry.action !== 'total') continue;
    totals++;
    const accounts = (entry.value ?? '').split(' ').map(Number);
    const total = accounts.reduce((sum, each) => sum + each, 0);
    expected ??= Number(entry.key);
    if (total !== expected || accounts.some(each => !(each >= 0)))
      problems.push(
        `${accounts} are ${total} in place of ${expected}, as ${entry.process} saw at ${entry.until.toFixed(0)} ms`,
      );
  }
  return finding('money', totals, problems, { totals, transfers });
};
