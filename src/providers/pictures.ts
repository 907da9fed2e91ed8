/** What stands for a picture that is made and billed each, among the tools of a request and of a provider, by its size. */
export const PICTURE = 'picture:1k';
/** The same for a picture with a side of 3,000 pixels or more, or of a high quality. */
export const LARGE_PICTURE = 'picture:4k';
