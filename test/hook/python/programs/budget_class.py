"""Forty calls of a model from twenty threads, and some others, by the class. Prints what it counted as JSON."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import openai
from token_budget import TokenBudgetEvaluator

BODY = {"model": "gpt-4o-mini", "max_tokens": 50}


def counts(budget):
    return [budget.input_tokens, budget.output_tokens, budget.calls]


def ask(question):
    client = openai.OpenAI(api_key="sk-test")
    answer = client.chat.completions.create(messages=[{"role": "user", "content": question}], **BODY)
    return answer.choices[0].message.content


async def ask_later(question):
    client = openai.AsyncOpenAI(api_key="sk-test")
    answer = await client.chat.completions.create(messages=[{"role": "user", "content": question}], **BODY)
    return answer.choices[0].message.content


def fail_after(question):
    ask(question)
    raise KeyError(question)


budget = TokenBudgetEvaluator(ask, max_tokens=1_000_000)
with ThreadPoolExecutor(20) as pool:
    list(pool.map(budget, ["what is row %d" % n for n in range(40)]))
threads = counts(budget)

budget.reset()
asyncio.run(budget.wrap(ask_later)("what is it"))
# A plain function that returns what is to be awaited.
asyncio.run(budget.wrap(lambda question: ask_later(question))("what is it"))
later = counts(budget)

budget.reset()
try:
    budget.wrap(fail_after)("what is it")
except KeyError:
    pass
failed = counts(budget)

budget.reset()
# Three words in and two out, of which no provider knows.
budget.wrap(lambda question: "by heart")("what is it")
words = counts(budget)

print(json.dumps({"threads": threads, "later": later, "failed": failed, "words": words}))
