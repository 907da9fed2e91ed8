import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute or so each, by what they start. */
const SLOW = /mlflow|matrix|kills|hook\/python\/clients|python\/package|action\/(action|inputs|policy)/;

/**
 * The slow files first: one that starts last keeps one worker busy while the other has nothing left. A machine that has run
 * them before knows their times, and a new one only their sizes, which tell little.
 */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
