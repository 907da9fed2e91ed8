// Runs one SDK's calls, twice over, and prints, a line of JSON each, what its user would have: the text, or the error.
const { whole, stream } = await import(`./sdks/${process.argv[2]}.mjs`);

for (const call of [whole, stream, whole, stream]) {
  try {
    console.log(JSON.stringify({ text: await call() }));
  } catch (error) {
    const { message, status, statusCode } = error;
    const code = status ?? statusCode ?? error.$metadata?.httpStatusCode ?? error.status_code ?? error.code;
    console.log(JSON.stringify({ error: error.constructor.name, message, status: code }));
  }
}
