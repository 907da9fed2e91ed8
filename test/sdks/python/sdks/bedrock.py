"""boto3."""

import boto3

CLIENT = boto3.client(
    "bedrock-runtime", region_name="us-east-1", aws_access_key_id="AKIATEST", aws_secret_access_key="test"
)
ASKED = {
    "modelId": "amazon.nova-lite-v1:0",
    "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
    "inferenceConfig": {"maxTokens": 60},
}


def whole():
    return CLIENT.converse(**ASKED)["output"]["message"]["content"][0]["text"]


def stream():
    events = CLIENT.converse_stream(**ASKED)["stream"]
    return "".join(event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event)
