"""An eval as in MLflow's own guide: a function that asks a model, and judges that are models too.

Nothing here knows about Token Budget.
"""

import mlflow
from mlflow.genai.scorers import Correctness, Guidelines
from openai import OpenAI

QUESTIONS = {
    "What is the capital of France?": "Paris",
    "How high is Mount Everest?": "About 8,849 metres",
    "What do mitochondria do?": "They make the energy that a cell uses",
    "When did people first walk on the Moon?": "In 1969",
    "Who wrote The Trial?": "Franz Kafka",
    "What is the speed of light?": "About 299,792 kilometres per second",
    "Which planet has the most moons?": "Saturn",
    "What does DNA stand for?": "Deoxyribonucleic acid",
    "Who painted Guernica?": "Pablo Picasso",
    "How many bones has a human hand?": "27",
    "What is the largest desert?": "Antarctica",
    "What is the smallest prime number?": "2",
}
JUDGE = "openai:/gpt-4o-mini"

mlflow.set_experiment("mlflow-evaluate")
mlflow.openai.autolog()
client = OpenAI()


def answer(question: str) -> str:
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        max_completion_tokens=250,
        messages=[{"role": "user", "content": question}],
    )
    return completion.choices[0].message.content


result = mlflow.genai.evaluate(
    data=[
        {"inputs": {"question": question}, "expectations": {"expected_response": expected}}
        for question, expected in QUESTIONS.items()
    ],
    predict_fn=answer,
    scorers=[
        Correctness(model=JUDGE),
        Guidelines(name="concise", guidelines="The answer is at most two sentences long.", model=JUDGE),
    ],
)
print(result.metrics)
