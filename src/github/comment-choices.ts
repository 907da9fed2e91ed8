/**
 * The input `comment`:
 * - `update`: one comment, edited in place.
 * - `delete-and-new`: a new comment at the end of the conversation, the earlier ones deleted.
 * - `hide-and-new`: the same, the earlier ones folded away as outdated.
 * - `new`: a new comment for each run.
 * - `off`: none.
 */
export const COMMENT_MODES = ['update', 'delete-and-new', 'hide-and-new', 'new', 'off'] as const;

/** When to comment: the input `comment-when`. */
export const COMMENT_WHEN = ['always', 'on-exceed', 'on-change', 'on-failure'] as const;

/** What a user chooses of the comment. */
export interface CommentChoices {
  /** Empty where none was given: nothing is looked up or written. */
  readonly token: string;
  /** The pull request to comment on; the event's own where undefined. */
  readonly prNumber: number | undefined;
  readonly comment: (typeof COMMENT_MODES)[number];
  readonly commentWhen: (typeof COMMENT_WHEN)[number];
  /** Tells this comment from others; empty: made of workflow, job, policy and matrix. */
  readonly commentKey: string;
  /** The job's matrix values as JSON. */
  readonly matrix: string;
}
