import * as core from '@actions/core';
import { runAction } from './run.js';
import { readPayload } from '../github/event.js';
import { startOverWithout, takeOver } from '../run/restart/handover.js';
import { staySmall } from '../run/restart/heap.js';

const startedOver = takeOver(process.env);
staySmall();

await runAction({
  core,
  env: process.env,
  startOverWithout: startedOver
    ? undefined
    : (names) => {
        startOverWithout(names, process.env);
      },
  payload: readPayload(process.env.GITHUB_EVENT_PATH),
  assets: import.meta.dirname,
  write: (text) => void process.stdout.write(text),
});
// What is left of kept-alive connections must not hold the step open.
process.exit();
