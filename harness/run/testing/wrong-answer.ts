const opposites: Record<string, string> = {
  True: "False",
  False: "True",
  Yes: "No",
  No: "Yes",
  yes: "no",
  no: "yes",
  valid: "invalid",
  invalid: "valid",
};

/** An answer of the same kind that is wrong: another letter, another number, the opposite, the words the other way round. */
export function wrongAnswer(right: string): string {
  const letter = /^(\(?)([A-J])(\)?\.?)$/.exec(right);
  if (letter) return `${letter[1]}${letter[2] === "A" ? "B" : "A"}${letter[3]}`;
  if (/^-?[\d,]+(?:\.\d+)?$/.test(right)) return String(Number(right.replaceAll(",", "")) + 7);
  if (opposites[right]) return opposites[right];
  const words = right.split(" ");
  return words.length > 1 ? words.reverse().join(" ") : `${right}${right}`;
}
