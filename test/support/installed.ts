/** Before each file of tests that may need what `install.ts` installs. */
import { installed } from './install.js';

await installed();
