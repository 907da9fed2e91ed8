// A small eval, written without a budget in mind: it asks a model twelve questions, four at a time, and prints the
// answers. Nothing here knows about Token Budget.
const QUESTIONS = [
  'What is the capital of France?',
  'How high is Mount Everest?',
  'What do mitochondria do?',
  'When did people first walk on the Moon?',
  'Who wrote The Trial?',
  'What is the speed of light?',
  'Which planet has the most moons?',
  'What does DNA stand for?',
  'Who painted Guernica?',
  'What is the boiling point of water on Everest?',
  'How many bones has a human hand?',
  'What is the largest desert?',
];

async function ask(question) {
  const response = await fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      max_completion_tokens: 250,
      messages: [{ role: 'user', content: question }],
    }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`${response.status} ${body.error.message}`);
  return body.choices[0].message.content;
}

let answered = 0;
for (let i = 0; i < QUESTIONS.length; i += 4) {
  await Promise.all(
    QUESTIONS.slice(i, i + 4).map(async (question, j) => {
      const row = String(i + j + 1).padStart(2);
      try {
        console.log(`row ${row}  ok      ${question} → ${await ask(question)}`);
        answered += 1;
      } catch (error) {
        console.log(`row ${row}  FAILED  ${error.message}`);
      }
    }),
  );
}
console.log(`${answered} of ${QUESTIONS.length} rows answered`);
