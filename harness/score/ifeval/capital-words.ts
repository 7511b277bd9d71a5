import { isUpper } from "../python-text.ts";

/** What parts words in Penn Treebank tokenization, besides white space. */
const separators = /[\s;@#$%&*?!()[\]{}<>"“”‘’«»„`…]+|--+|\.{2,}|[:,](?=\D|$)/u;

/** Contractions that count as two words. */
const contractions = /(?<=[^'])(?:'(?:[sSmMdD]|ll|LL|re|RE|ve|VE)|n't|N'T)$/;
const joined =
  /^(?:can(?=not$)|gim(?=me$)|gon(?=na$)|got(?=ta$)|lem(?=me$)|wan(?=na$)|'t(?=is$|was$)|d(?='ye$)|more(?='n$))/i;

/** Words in all capitals, where "CAN'T" is two words and "U.S." is one, as the Penn Treebank's rules have it. */
export function countCapitalWords(text: string): number {
  let count = 0;
  for (const word of text.split(separators)) count += partsOf(word).filter(isUpper).length;
  return count;
}

function partsOf(word: string): string[] {
  const bare = word.replace(/\.$/, "");
  const at = joined.exec(bare)?.[0].length ?? contractions.exec(bare)?.index;
  return at === undefined ? [bare] : [bare.slice(0, at), bare.slice(at)];
}
