import { NodeHttpHandler } from '@smithy/node-http-handler';
import { callsOf, clientOf } from './bedrock.mjs';

export const { whole, stream } = callsOf(clientOf({ requestHandler: new NodeHttpHandler() }));
