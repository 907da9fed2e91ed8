/**
 * Hosts that look like providers of models and are not in the list of those that we meter: names that are known, and
 * the shapes that such names have. What is listed is looked for first, so that a pattern here may cover it too.
 */
export const SUSPECT_HOSTS: readonly string[] = [
  ...['*.mistral.ai', '*.cohere.com', '*.cohere.ai', '*.x.ai'],
  ...['generativelanguage.*.googleapis.com', '*aiplatform.*.googleapis.com'],
  ...[
    'bedrock-*.amazonaws.com',
    '*.bedrock-runtime*.amazonaws.com',
    'bedrock-*.api.aws',
    '*.sagemaker.*.amazonaws.com',
  ],
  ...['*.openai.azure.com', '*.inference.ai.azure.com', '*.inference.ml.azure.com'],
  ...['api.githubcopilot.com', 'ai-gateway.vercel.sh', 'gateway.ai.cloudflare.com'],
  ...[
    'router.huggingface.co',
    'api-inference.huggingface.co',
    '*.endpoints.huggingface.cloud',
    'integrate.api.nvidia.com',
  ],
  ...[
    'api.ai21.com',
    'api.deepinfra.com',
    'api.replicate.com',
    'api.sambanova.ai',
    'api.novita.ai',
    'api.hyperbolic.xyz',
  ],
  ...[
    'inference.baseten.co',
    '*.api.baseten.co',
    'api.studio.nebius.*',
    'api.voyageai.com',
    'api.jina.ai',
    '*.modal.run',
  ],
  ...['api.moonshot.*', 'api.minimax.*', 'dashscope*.aliyuncs.com', 'open.bigmodel.cn', 'api.z.ai', 'ark.*.volces.com'],
  ...[
    'api.elevenlabs.io',
    'api.deepgram.com',
    'api.assemblyai.com',
    'api.stability.ai',
    '*.watsonx.ai',
    '*.ml.cloud.ibm.com',
  ],
  ...['llm.*', '*-llm.*', 'inference.*', '*.inference.*'],
];
