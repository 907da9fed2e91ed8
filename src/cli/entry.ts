#!/usr/bin/env node
// What users start, and no more than decides whether this process starts over: that loads it twice.
import { startSmall } from '../run/restart/heap.js';

const [command] = process.argv.slice(2);
if (command === 'run' || command === 'demo') startSmall(process.env);
await import('./command-line.js');
