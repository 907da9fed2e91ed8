"""bedrock.py NAME URL: makes one kind of call to Bedrock at a URL and prints what came of it as JSON."""

import json
import sys

import boto3

MODEL = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "2+2"}]}]
RAW = {"modelId": MODEL, "contentType": "application/json", "body": json.dumps({"messages": MESSAGES})}


def converse(client):
    answer = client.converse(modelId=MODEL, messages=MESSAGES)
    return {"text": answer["output"]["message"]["content"][0]["text"], "output": answer["usage"]["outputTokens"]}


def converse_stream(client):
    events = list(client.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"])
    text = "".join(event.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for event in events)
    return {"text": text, "output": events[-1]["metadata"]["usage"]["outputTokens"]}


def invoke(client):
    answer = client.invoke_model(**RAW)
    count = answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-bedrock-output-token-count"]
    return {"text": json.loads(answer["body"].read())["output"]["message"]["content"][0]["text"], "output": int(count)}


def invoke_stream(client):
    body = client.invoke_model_with_response_stream(**RAW)["body"]
    parts = [json.loads(event["chunk"]["bytes"]) for event in body]
    text = "".join(part.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for part in parts)
    return {"text": text, "output": parts[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"]}


def refused(client):
    try:
        return converse(client)
    except client.exceptions.ServiceQuotaExceededException as error:
        return {"message": error.response["Error"]["Message"], "retries": error.response["ResponseMetadata"]["RetryAttempts"]}


if __name__ == "__main__":
    client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=sys.argv[2])
    print(json.dumps(globals()[sys.argv[1]](client)))
