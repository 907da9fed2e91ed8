// Starts a program twice removed, in a session of its own, writing to a file; waits until that holds a line, and ends.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

const [file, stay, ...words] = process.argv.slice(2);
const log = openSync(file, 'a');
const script = '"$@" & echo "pid $!"';
spawn('sh', ['-c', script, 'sh', ...words], { stdio: ['ignore', log, log], detached: true }).unref();
closeSync(log);
const wait = () => {
  if (stay === 'stay' || !readFileSync(file, 'utf8').includes('row 3 ok')) setTimeout(wait, 20);
};
wait();
