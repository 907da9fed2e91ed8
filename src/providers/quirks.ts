/**
 * How a provider's servers differ from others that speak the same wire format: what a format asks when it reads a request
 * or writes to one. What is left out is as with most servers.
 */
export interface Quirks {
  /** The provider's id: in the price table, in limits by provider, in the report. */
  readonly name: string;
  /** Knows `max_completion_tokens`, OpenAI's newer name for the bound of a chat; other servers may ignore it. */
  readonly knowsCompletionTokens?: true;
  /** Takes that name alone for models that think, and refuses it beside a predicted answer: OpenAI and Azure. */
  readonly wantsCompletionTokens?: true;
  /** Reports usage in every stream, or has a schema too strict to be asked for it. */
  readonly reportsUnasked?: true;
  /** Serves models of many makers, of which Mistral's are strict: those are not asked for usage. */
  readonly servesStrictModels?: true;
  /**
   * Shape of its errors in OpenAI's format, which its own clients check: `flat` has all at the top with a code that is
   * text; `numbered` has a number as code, and the rest under `metadata`.
   */
  readonly errorShape?: 'flat' | 'numbered';
}
