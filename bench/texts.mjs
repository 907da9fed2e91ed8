// Texts of three kinds as prompts hold them, with their tokens by a rebuild of Claude's tokenizer: the maker publishes
// none. Each is a prompt of eight times its text. PyPI `ctok` 1.3.0, version 4.7 of it, counted on 2026-11-28; not confirmed by the maker.
const TIMES = 8;

export const TEXTS = [
  {
    kind: 'English prose',
    tokens: 1066,
    text: `The committee met on Tuesday to discuss the new proposal, which had been circulated among its members two weeks before. Several of them asked whether the costs had been estimated with enough care; Mr. Whitfield, who had prepared the figures, replied that they included every item known at the time. "We cannot promise more than that," he said. After an hour the chair closed the debate, and the proposal was adopted by nine votes to three.\n\n`,
  },
  {
    kind: 'code',
    tokens: 1290,
    text: `export async function readAll(stream: ReadableStream<Uint8Array>, limit = 1_000_000): Promise<string> {\n  const decoder = new TextDecoder('utf-8', { fatal: true });\n  let text = '';\n  for await (const chunk of stream) {\n    text += decoder.decode(chunk, { stream: true });\n    if (text.length > limit) throw new RangeError(\`more than \${limit} characters\`);\n  }\n  return text + decoder.decode();\n}\n\n`,
  },
  {
    kind: 'Hindi prose',
    tokens: 1858,
    text: `समिति की बैठक मंगलवार को हुई, जिसमें नए प्रस्ताव पर चर्चा की गई। कई सदस्यों ने पूछा कि क्या लागत का अनुमान पर्याप्त सावधानी से लगाया गया है। श्री वर्मा ने, जिन्होंने आँकड़े तैयार किए थे, उत्तर दिया कि उनमें उस समय ज्ञात हर मद शामिल है। एक घंटे के बाद अध्यक्ष ने बहस समाप्त की और प्रस्ताव तीन के मुकाबले नौ मतों से स्वीकार कर लिया गया।\n\n`,
  },
].map(({ text, ...rest }) => ({ ...rest, text: text.repeat(TIMES) }));
