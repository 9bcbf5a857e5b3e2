/** Several PEM blocks as one text, without the line end behind the last, as AWS writes them. */
export const pemText = (...blocks: readonly string[]): string => blocks.map(block => block.trim()).join('\n');
