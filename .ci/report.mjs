// Reads the JSON report of a vitest run: prints what failed, and hands `PASSED FAILED` to descriptor 3. A run that ended
// badly with no failed test, or without a report, counts as one failure. Runs on the machine's own Node.
import { readFileSync, writeSync } from 'node:fs';

const [path, exitCode] = process.argv.slice(2);
const LINES = 40;

const tail = text => String(text).trimEnd().split('\n').slice(-LINES).join('\n');

function read() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.log(`!!! no report of its tests (${error.code ?? error.message}); exit code ${exitCode}`);
    return undefined;
  }
}

const failures = [];
let passed = 0;
const report = read();
for (const { name, status, message, assertionResults } of report?.testResults ?? []) {
  const own = assertionResults.filter(test => test.status === 'failed');
  passed += assertionResults.filter(test => test.status === 'passed').length;
  for (const test of own) failures.push([`${name} > ${test.fullName}`, test.failureMessages.join('\n')]);
  // A file that cannot be loaded, or whose hooks fail, has no failed test.
  if (status === 'failed' && own.length === 0) failures.push([name, message]);
}
for (const [name, message] of failures) console.log(`\n!!! ${name}\n${tail(message)}`);
if (failures.length === 0 && exitCode !== '0') {
  if (report !== undefined) console.log(`!!! no test failed, and yet the exit code is ${exitCode}; see above`);
  failures.push(['run', '']);
}
writeSync(3, `${passed} ${failures.length}`);
