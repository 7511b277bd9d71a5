type Detector = typeof import("eld/medium")["eld"];

let detector: Promise<Detector> | undefined;

/** Loaded on first use: the model is some megabytes that only two kinds of instruction need. */
function load(): Promise<Detector> {
  detector ??= import("eld/medium").then((module) => module.eld);
  return detector;
}

/** Longer texts add nothing to the verdict and cost time. */
const longest = 20_000;

/** Frequent words of the two languages of IFEval that the model doesn't know. */
const frequentWords: Record<string, ReadonlySet<string>> = {
  sw: new Set(
    "na ya wa kwa ni katika la za cha vya kuwa hii hiyo yake yangu wake sana lakini pia kama ambayo ili au hili hilo kila".split(
      " ",
    ),
  ),
  ne: new Set("छ छन् छु थियो थिए हुन्छ भयो पनि गर्न गरेको मैले मेरो तपाईं तपाईंको हामी लागि भने धेरै र यो छैन सकिन्छ".split(" ")),
};

/** Share of a text's words above which it is in that language. */
const telling = 0.12;

/** The language of a text as an ISO 639-1 code; `null` where nothing tells it. */
export async function detectLanguage(text: string): Promise<string | null> {
  const head = text.slice(0, longest);
  const words = head.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  for (const [language, frequent] of Object.entries(frequentWords))
    if (words.filter((word) => frequent.has(word)).length > telling * words.length) return language;
  const { language } = (await load()).detect(head);
  return language === "" ? null : language;
}
