// @ts-nocheck because what ajv writes is untyped; its two exports are declared in full.
// Generated from schema/token-budget.schema.json by scripts/generate.mjs; run `npm run generate` after a change there.
import type { ErrorObject } from 'ajv';
const schema6 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://raw.githubusercontent.com/token-budget/token-budget/main/schema/token-budget.schema.json","type":"object","additionalProperties":false,"required":["version"],"properties":{"version":{"const":1},"run":{"type":["string","array"],"pattern":"^(?!\\s*$)[^\\u0000]+$","minItems":1,"items":{"type":["string","number"],"pattern":"^[^\\u0000]*$"}},"limits":{"$ref":"#/definitions/limits"},"on_exceed":{"enum":["raise","warn","halt"]},"warn_at":{"type":["number","string"],"minimum":0,"maximum":1,"pattern":"^(100(\\.0+)?|\\d{1,2}(\\.\\d+)?)%$"},"rates":{"type":"object","propertyNames":{"$ref":"#/definitions/model_pattern"},"additionalProperties":{"$ref":"#/definitions/rate"}},"cost_per_1k_tokens":{"$ref":"#/definitions/usd"},"prices":{"$ref":"#/definitions/prices"},"unpriced":{"$ref":"#/definitions/unpriced"},"metering":{"enum":["known","strict"]},"reserve":{"$ref":"#/definitions/reserve"},"journal":{"$ref":"#/definitions/journal"},"counter":{"enum":["o200k_base","cl100k_base","whitespace"]},"upstreams":{"type":"object","propertyNames":{"$ref":"#/definitions/host_pattern"},"additionalProperties":{"$ref":"#/definitions/upstream"}},"keys":{"enum":["command","gateway"]},"mlflow":{"$ref":"#/definitions/mlflow"}},"definitions":{"count":{"type":["number","string"],"minimum":0,"maximum":9007199254740991,"multipleOf":1,"pattern":"^\\d+(_\\d+)*(\\.\\d+)?[kKM]?$"},"usd":{"type":["number","string"],"minimum":0,"pattern":"^\\d+(_\\d+)*(\\.\\d+)?[kKM]?$"},"factor":{"type":["number","string"],"minimum":0,"maximum":100,"pattern":"^\\d{1,3}(\\.\\d+)?$"},"model_pattern":{"type":"string","pattern":"^(?!(?:[^*]*\\*){5})[^\\s\\u0000-\\u001f\\u007f]{1,200}$"},"provider_pattern":{"type":"string","pattern":"^(?!(?:[^*]*\\*){5})[a-z0-9*][a-z0-9._*-]{0,63}$"},"model_name":{"type":"string","pattern":"^[^\\s*\\u0000-\\u001f\\u007f]{1,200}$"},"host_pattern":{"type":"string","pattern":"^(?!(?:[^*]*\\*){5})(?=[^:\\]]*[A-Za-z0-9]|\\[)([A-Za-z0-9._*-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[1-9][0-9]{0,4})?$"},"limits":{"type":"object","additionalProperties":false,"properties":{"tokens":{"$ref":"#/definitions/count"},"input_tokens":{"$ref":"#/definitions/count"},"output_tokens":{"$ref":"#/definitions/count"},"calls":{"$ref":"#/definitions/count"},"cost_usd":{"$ref":"#/definitions/usd"},"per_call":{"$ref":"#/definitions/ceilings"},"per_row":{"$ref":"#/definitions/ceilings"},"models":{"type":"object","propertyNames":{"$ref":"#/definitions/model_pattern"},"additionalProperties":{"$ref":"#/definitions/ceilings"}},"providers":{"type":"object","propertyNames":{"$ref":"#/definitions/provider_pattern"},"additionalProperties":{"$ref":"#/definitions/ceilings"}}}},"ceilings":{"type":"object","additionalProperties":false,"properties":{"tokens":{"$ref":"#/definitions/count"},"input_tokens":{"$ref":"#/definitions/count"},"output_tokens":{"$ref":"#/definitions/count"},"calls":{"$ref":"#/definitions/count"},"cost_usd":{"$ref":"#/definitions/usd"}}},"rate":{"type":["number","object"],"minimum":0,"maximum":0,"minProperties":1,"additionalProperties":false,"dependencies":{"input":["output"],"output":["input"],"cache_read":["input","output"],"cache_write":["input","output"],"cache_write_1h":["input","output"],"audio_input":["input","output"],"image_input":["input","output"],"audio_output":["input","output"],"image_output":["input","output"],"service_tiers":["input","output"],"cost_per_1k_tokens":{"maxProperties":1}},"properties":{"input":{"$ref":"#/definitions/usd"},"output":{"$ref":"#/definitions/usd"},"cache_read":{"$ref":"#/definitions/usd"},"cache_write":{"$ref":"#/definitions/usd"},"cache_write_1h":{"$ref":"#/definitions/usd"},"audio_input":{"$ref":"#/definitions/usd"},"image_input":{"$ref":"#/definitions/usd"},"audio_output":{"$ref":"#/definitions/usd"},"image_output":{"$ref":"#/definitions/usd"},"fees":{"$ref":"#/definitions/fees"},"service_tiers":{"$ref":"#/definitions/service_tiers"},"cost_per_1k_tokens":{"$ref":"#/definitions/usd"}}},"fees":{"type":"object","additionalProperties":false,"properties":{"call":{"$ref":"#/definitions/usd"},"search":{"$ref":"#/definitions/usd"},"file_search":{"$ref":"#/definitions/usd"},"map_search":{"$ref":"#/definitions/usd"},"enterprise_search":{"$ref":"#/definitions/usd"},"container":{"$ref":"#/definitions/usd"},"tool_call":{"$ref":"#/definitions/usd"},"page":{"$ref":"#/definitions/usd"},"annotated_page":{"$ref":"#/definitions/usd"},"second":{"$ref":"#/definitions/usd"},"character":{"$ref":"#/definitions/usd"},"image":{"$ref":"#/definitions/usd"},"search_unit":{"$ref":"#/definitions/usd"}}},"service_tiers":{"type":"object","additionalProperties":false,"properties":{"flex":{"$ref":"#/definitions/factor"},"batch":{"$ref":"#/definitions/factor"},"priority":{"$ref":"#/definitions/factor"},"fast":{"$ref":"#/definitions/factor"},"ultrafast":{"$ref":"#/definitions/factor"},"other":{"$ref":"#/definitions/factor"}}},"reserve":{"type":"object","additionalProperties":false,"properties":{"output_tokens":{"$ref":"#/definitions/count"},"wait":{"type":["number","string"],"minimum":0,"maximum":3600,"pattern":"^\\d+(\\.\\d+)?(ms|s|m)$"},"clamp":{"type":"boolean"}}},"journal":{"type":"object","additionalProperties":false,"properties":{"fsync":{"type":"boolean"}}},"upstream":{"type":"object","additionalProperties":false,"properties":{"forward_to":{"type":"string"},"dialect":{"enum":["openai-chat","openai-responses","openai-completions","openai-embeddings","openai-images","openai-audio","anthropic","gemini","gemini-interactions","mistral","cohere","ollama","tgi"]},"provider":{"type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,63}$"},"models":{"type":"object","propertyNames":{"$ref":"#/definitions/model_name"},"additionalProperties":{"$ref":"#/definitions/model_name"}},"key_variable":{"type":"string","pattern":"^[A-Z_][A-Z0-9_]{0,127}$"}}},"prices":{"type":["string","object"],"pattern":"^\\S(.*\\S)?$","additionalProperties":false,"properties":{"file":{"type":"string","pattern":"^\\S(.*\\S)?$"},"sha256":{"type":"string","pattern":"^[0-9a-fA-F]{64}$"}}},"unpriced":{"type":["string","object"],"pattern":"^(refuse|warn|stated)$","additionalProperties":false,"properties":{"stated":{"$ref":"#/definitions/usd"}}},"mlflow":{"type":["string","object"],"pattern":"^off$","additionalProperties":false,"properties":{"tracking_uri":{"type":"string","pattern":"^(?!\\w+://[^/?#]*@)[^\\s\\u0000-\\u001f\\u007f]{1,2000}$"},"experiment":{"type":"string","pattern":"^(?!\\s*$)[^\\u0000-\\u001f\\u007f]{1,500}$"},"scorers":{"enum":["auto","off"]}}}}};
const func2 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^(?!\\s*$)[^\\u0000]+$", "u");
const pattern1 = new RegExp("^[^\\u0000]*$", "u");
const pattern6 = new RegExp("^(100(\\.0+)?|\\d{1,2}(\\.\\d+)?)%$", "u");
const schema7 = {"type":"object","additionalProperties":false,"properties":{"tokens":{"$ref":"#/definitions/count"},"input_tokens":{"$ref":"#/definitions/count"},"output_tokens":{"$ref":"#/definitions/count"},"calls":{"$ref":"#/definitions/count"},"cost_usd":{"$ref":"#/definitions/usd"},"per_call":{"$ref":"#/definitions/ceilings"},"per_row":{"$ref":"#/definitions/ceilings"},"models":{"type":"object","propertyNames":{"$ref":"#/definitions/model_pattern"},"additionalProperties":{"$ref":"#/definitions/ceilings"}},"providers":{"type":"object","propertyNames":{"$ref":"#/definitions/provider_pattern"},"additionalProperties":{"$ref":"#/definitions/ceilings"}}}};
const schema8 = {"type":["number","string"],"minimum":0,"maximum":9007199254740991,"multipleOf":1,"pattern":"^\\d+(_\\d+)*(\\.\\d+)?[kKM]?$"};
const pattern2 = new RegExp("^\\d+(_\\d+)*(\\.\\d+)?[kKM]?$", "u");

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!((typeof data == "number") && (isFinite(data)))) && (typeof data !== "string")){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema8.type}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((typeof data == "number") && (isFinite(data))){
if(data > 9007199254740991 || isNaN(data)){
const err1 = {instancePath,schemaPath:"#/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data < 0 || isNaN(data)){
const err2 = {instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
let res0;
if((1 === 0 || (res0 = data/1, res0 !== parseInt(res0)))){
const err3 = {instancePath,schemaPath:"#/multipleOf",keyword:"multipleOf",params:{multipleOf: 1}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(typeof data === "string"){
if(!pattern2.test(data)){
const err4 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^\\d+(_\\d+)*(\\.\\d+)?[kKM]?$"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
validate23.errors = vErrors;
return errors === 0;
}

const schema9 = {"type":["number","string"],"minimum":0,"pattern":"^\\d+(_\\d+)*(\\.\\d+)?[kKM]?$"};

function validate28(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!((typeof data == "number") && (isFinite(data)))) && (typeof data !== "string")){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema9.type}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((typeof data == "number") && (isFinite(data))){
if(data < 0 || isNaN(data)){
const err1 = {instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(typeof data === "string"){
if(!pattern2.test(data)){
const err2 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^\\d+(_\\d+)*(\\.\\d+)?[kKM]?$"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
validate28.errors = vErrors;
return errors === 0;
}

const schema10 = {"type":"object","additionalProperties":false,"properties":{"tokens":{"$ref":"#/definitions/count"},"input_tokens":{"$ref":"#/definitions/count"},"output_tokens":{"$ref":"#/definitions/count"},"calls":{"$ref":"#/definitions/count"},"cost_usd":{"$ref":"#/definitions/usd"}}};

function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "tokens") || (key0 === "input_tokens")) || (key0 === "output_tokens")) || (key0 === "calls")) || (key0 === "cost_usd"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.tokens !== undefined){
if(!(validate23(data.tokens, {instancePath:instancePath+"/tokens",parentData:data,parentDataProperty:"tokens",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.input_tokens !== undefined){
if(!(validate23(data.input_tokens, {instancePath:instancePath+"/input_tokens",parentData:data,parentDataProperty:"input_tokens",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.output_tokens !== undefined){
if(!(validate23(data.output_tokens, {instancePath:instancePath+"/output_tokens",parentData:data,parentDataProperty:"output_tokens",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.calls !== undefined){
if(!(validate23(data.calls, {instancePath:instancePath+"/calls",parentData:data,parentDataProperty:"calls",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.cost_usd !== undefined){
if(!(validate28(data.cost_usd, {instancePath:instancePath+"/cost_usd",parentData:data,parentDataProperty:"cost_usd",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate30.errors = vErrors;
return errors === 0;
}

const schema11 = {"type":"string","pattern":"^(?!(?:[^*]*\\*){5})[^\\s\\u0000-\\u001f\\u007f]{1,200}$"};
const pattern4 = new RegExp("^(?!(?:[^*]*\\*){5})[^\\s\\u0000-\\u001f\\u007f]{1,200}$", "u");

function validate38(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern4.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?!(?:[^*]*\\*){5})[^\\s\\u0000-\\u001f\\u007f]{1,200}$"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate38.errors = vErrors;
return errors === 0;
}

const schema12 = {"type":"string","pattern":"^(?!(?:[^*]*\\*){5})[a-z0-9*][a-z0-9._*-]{0,63}$"};
const pattern5 = new RegExp("^(?!(?:[^*]*\\*){5})[a-z0-9*][a-z0-9._*-]{0,63}$", "u");

function validate41(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern5.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?!(?:[^*]*\\*){5})[a-z0-9*][a-z0-9._*-]{0,63}$"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate41.errors = vErrors;
return errors === 0;
}


function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema7.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.tokens !== undefined){
if(!(validate23(data.tokens, {instancePath:instancePath+"/tokens",parentData:data,parentDataProperty:"tokens",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.input_tokens !== undefined){
if(!(validate23(data.input_tokens, {instancePath:instancePath+"/input_tokens",parentData:data,parentDataProperty:"input_tokens",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.output_tokens !== undefined){
if(!(validate23(data.output_tokens, {instancePath:instancePath+"/output_tokens",parentData:data,parentDataProperty:"output_tokens",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.calls !== undefined){
if(!(validate23(data.calls, {instancePath:instancePath+"/calls",parentData:data,parentDataProperty:"calls",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.cost_usd !== undefined){
if(!(validate28(data.cost_usd, {instancePath:instancePath+"/cost_usd",parentData:data,parentDataProperty:"cost_usd",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.per_call !== undefined){
if(!(validate30(data.per_call, {instancePath:instancePath+"/per_call",parentData:data,parentDataProperty:"per_call",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
if(data.per_row !== undefined){
if(!(validate30(data.per_row, {instancePath:instancePath+"/per_row",parentData:data,parentDataProperty:"per_row",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
if(data.models !== undefined){
let data7 = data.models;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
for(const key1 in data7){
const _errs11 = errors;
if(!(validate38(key1, {instancePath:instancePath+"/models",parentData:data7,parentDataProperty:"models",rootData}))){
vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
errors = vErrors.length;
}
var valid1 = _errs11 === errors;
if(!valid1){
const err1 = {instancePath:instancePath+"/models",schemaPath:"#/properties/models/propertyNames",keyword:"propertyNames",params:{propertyName: key1}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
for(const key2 in data7){
if(!(validate30(data7[key2], {instancePath:instancePath+"/models/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data7,parentDataProperty:key2,rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
}
else {
const err2 = {instancePath:instancePath+"/models",schemaPath:"#/properties/models/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.providers !== undefined){
let data9 = data.providers;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key3 in data9){
const _errs16 = errors;
if(!(validate41(key3, {instancePath:instancePath+"/providers",parentData:data9,parentDataProperty:"providers",rootData}))){
vErrors = vErrors === null ? validate41.errors : vErrors.concat(validate41.errors);
errors = vErrors.length;
}
var valid3 = _errs16 === errors;
if(!valid3){
const err3 = {instancePath:instancePath+"/providers",schemaPath:"#/properties/providers/propertyNames",keyword:"propertyNames",params:{propertyName: key3}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
for(const key4 in data9){
if(!(validate30(data9[key4], {instancePath:instancePath+"/providers/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data9,parentDataProperty:key4,rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
}
}
else {
const err4 = {instancePath:instancePath+"/providers",schemaPath:"#/properties/providers/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
else {
const err5 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}

const schema13 = {"type":["number","object"],"minimum":0,"maximum":0,"minProperties":1,"additionalProperties":false,"dependencies":{"input":["output"],"output":["input"],"cache_read":["input","output"],"cache_write":["input","output"],"cache_write_1h":["input","output"],"audio_input":["input","output"],"image_input":["input","output"],"audio_output":["input","output"],"image_output":["input","output"],"service_tiers":["input","output"],"cost_per_1k_tokens":{"maxProperties":1}},"properties":{"input":{"$ref":"#/definitions/usd"},"output":{"$ref":"#/definitions/usd"},"cache_read":{"$ref":"#/definitions/usd"},"cache_write":{"$ref":"#/definitions/usd"},"cache_write_1h":{"$ref":"#/definitions/usd"},"audio_input":{"$ref":"#/definitions/usd"},"image_input":{"$ref":"#/definitions/usd"},"audio_output":{"$ref":"#/definitions/usd"},"image_output":{"$ref":"#/definitions/usd"},"fees":{"$ref":"#/definitions/fees"},"service_tiers":{"$ref":"#/definitions/service_tiers"},"cost_per_1k_tokens":{"$ref":"#/definitions/usd"}}};
const schema14 = {"type":"object","additionalProperties":false,"properties":{"call":{"$ref":"#/definitions/usd"},"search":{"$ref":"#/definitions/usd"},"file_search":{"$ref":"#/definitions/usd"},"map_search":{"$ref":"#/definitions/usd"},"enterprise_search":{"$ref":"#/definitions/usd"},"container":{"$ref":"#/definitions/usd"},"tool_call":{"$ref":"#/definitions/usd"},"page":{"$ref":"#/definitions/usd"},"annotated_page":{"$ref":"#/definitions/usd"},"second":{"$ref":"#/definitions/usd"},"character":{"$ref":"#/definitions/usd"},"image":{"$ref":"#/definitions/usd"},"search_unit":{"$ref":"#/definitions/usd"}}};

function validate56(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema14.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.call !== undefined){
if(!(validate28(data.call, {instancePath:instancePath+"/call",parentData:data,parentDataProperty:"call",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.search !== undefined){
if(!(validate28(data.search, {instancePath:instancePath+"/search",parentData:data,parentDataProperty:"search",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.file_search !== undefined){
if(!(validate28(data.file_search, {instancePath:instancePath+"/file_search",parentData:data,parentDataProperty:"file_search",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.map_search !== undefined){
if(!(validate28(data.map_search, {instancePath:instancePath+"/map_search",parentData:data,parentDataProperty:"map_search",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.enterprise_search !== undefined){
if(!(validate28(data.enterprise_search, {instancePath:instancePath+"/enterprise_search",parentData:data,parentDataProperty:"enterprise_search",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.container !== undefined){
if(!(validate28(data.container, {instancePath:instancePath+"/container",parentData:data,parentDataProperty:"container",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.tool_call !== undefined){
if(!(validate28(data.tool_call, {instancePath:instancePath+"/tool_call",parentData:data,parentDataProperty:"tool_call",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.page !== undefined){
if(!(validate28(data.page, {instancePath:instancePath+"/page",parentData:data,parentDataProperty:"page",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.annotated_page !== undefined){
if(!(validate28(data.annotated_page, {instancePath:instancePath+"/annotated_page",parentData:data,parentDataProperty:"annotated_page",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.second !== undefined){
if(!(validate28(data.second, {instancePath:instancePath+"/second",parentData:data,parentDataProperty:"second",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.character !== undefined){
if(!(validate28(data.character, {instancePath:instancePath+"/character",parentData:data,parentDataProperty:"character",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.image !== undefined){
if(!(validate28(data.image, {instancePath:instancePath+"/image",parentData:data,parentDataProperty:"image",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.search_unit !== undefined){
if(!(validate28(data.search_unit, {instancePath:instancePath+"/search_unit",parentData:data,parentDataProperty:"search_unit",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate56.errors = vErrors;
return errors === 0;
}

const schema15 = {"type":"object","additionalProperties":false,"properties":{"flex":{"$ref":"#/definitions/factor"},"batch":{"$ref":"#/definitions/factor"},"priority":{"$ref":"#/definitions/factor"},"fast":{"$ref":"#/definitions/factor"},"ultrafast":{"$ref":"#/definitions/factor"},"other":{"$ref":"#/definitions/factor"}}};
const schema16 = {"type":["number","string"],"minimum":0,"maximum":100,"pattern":"^\\d{1,3}(\\.\\d+)?$"};
const pattern7 = new RegExp("^\\d{1,3}(\\.\\d+)?$", "u");

function validate72(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!((typeof data == "number") && (isFinite(data)))) && (typeof data !== "string")){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema16.type}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((typeof data == "number") && (isFinite(data))){
if(data > 100 || isNaN(data)){
const err1 = {instancePath,schemaPath:"#/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data < 0 || isNaN(data)){
const err2 = {instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(typeof data === "string"){
if(!pattern7.test(data)){
const err3 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^\\d{1,3}(\\.\\d+)?$"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
validate72.errors = vErrors;
return errors === 0;
}


function validate71(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "flex") || (key0 === "batch")) || (key0 === "priority")) || (key0 === "fast")) || (key0 === "ultrafast")) || (key0 === "other"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.flex !== undefined){
if(!(validate72(data.flex, {instancePath:instancePath+"/flex",parentData:data,parentDataProperty:"flex",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
if(data.batch !== undefined){
if(!(validate72(data.batch, {instancePath:instancePath+"/batch",parentData:data,parentDataProperty:"batch",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
if(data.priority !== undefined){
if(!(validate72(data.priority, {instancePath:instancePath+"/priority",parentData:data,parentDataProperty:"priority",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
if(data.fast !== undefined){
if(!(validate72(data.fast, {instancePath:instancePath+"/fast",parentData:data,parentDataProperty:"fast",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
if(data.ultrafast !== undefined){
if(!(validate72(data.ultrafast, {instancePath:instancePath+"/ultrafast",parentData:data,parentDataProperty:"ultrafast",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
if(data.other !== undefined){
if(!(validate72(data.other, {instancePath:instancePath+"/other",parentData:data,parentDataProperty:"other",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate71.errors = vErrors;
return errors === 0;
}


function validate46(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!((typeof data == "number") && (isFinite(data)))) && (!(data && typeof data == "object" && !Array.isArray(data)))){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema13.type}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((typeof data == "number") && (isFinite(data))){
if(data > 0 || isNaN(data)){
const err1 = {instancePath,schemaPath:"#/maximum",keyword:"maximum",params:{comparison: "<=", limit: 0}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data < 0 || isNaN(data)){
const err2 = {instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length < 1){
const err3 = {instancePath,schemaPath:"#/minProperties",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema13.properties, key0))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.input !== undefined){
if(data.output === undefined){
const err5 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "input",
    missingProperty: "output",
    depsCount: 1,
    deps: "output"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.output !== undefined){
if(data.input === undefined){
const err6 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "output",
    missingProperty: "input",
    depsCount: 1,
    deps: "input"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.cache_read !== undefined){
if(data.input === undefined){
const err7 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "cache_read",
    missingProperty: "input",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data.output === undefined){
const err8 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "cache_read",
    missingProperty: "output",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.cache_write !== undefined){
if(data.input === undefined){
const err9 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "cache_write",
    missingProperty: "input",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data.output === undefined){
const err10 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "cache_write",
    missingProperty: "output",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.cache_write_1h !== undefined){
if(data.input === undefined){
const err11 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "cache_write_1h",
    missingProperty: "input",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data.output === undefined){
const err12 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "cache_write_1h",
    missingProperty: "output",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.audio_input !== undefined){
if(data.input === undefined){
const err13 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "audio_input",
    missingProperty: "input",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data.output === undefined){
const err14 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "audio_input",
    missingProperty: "output",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.image_input !== undefined){
if(data.input === undefined){
const err15 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "image_input",
    missingProperty: "input",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data.output === undefined){
const err16 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "image_input",
    missingProperty: "output",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.audio_output !== undefined){
if(data.input === undefined){
const err17 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "audio_output",
    missingProperty: "input",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(data.output === undefined){
const err18 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "audio_output",
    missingProperty: "output",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.image_output !== undefined){
if(data.input === undefined){
const err19 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "image_output",
    missingProperty: "input",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data.output === undefined){
const err20 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "image_output",
    missingProperty: "output",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.service_tiers !== undefined){
if(data.input === undefined){
const err21 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "service_tiers",
    missingProperty: "input",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data.output === undefined){
const err22 = {instancePath,schemaPath:"#/dependencies",keyword:"dependencies",params:{property: "service_tiers",
    missingProperty: "output",
    depsCount: 2,
    deps: "input, output"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.cost_per_1k_tokens !== undefined){
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length > 1){
const err23 = {instancePath,schemaPath:"#/dependencies/cost_per_1k_tokens/maxProperties",keyword:"maxProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
if(data.input !== undefined){
if(!(validate28(data.input, {instancePath:instancePath+"/input",parentData:data,parentDataProperty:"input",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.output !== undefined){
if(!(validate28(data.output, {instancePath:instancePath+"/output",parentData:data,parentDataProperty:"output",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.cache_read !== undefined){
if(!(validate28(data.cache_read, {instancePath:instancePath+"/cache_read",parentData:data,parentDataProperty:"cache_read",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.cache_write !== undefined){
if(!(validate28(data.cache_write, {instancePath:instancePath+"/cache_write",parentData:data,parentDataProperty:"cache_write",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.cache_write_1h !== undefined){
if(!(validate28(data.cache_write_1h, {instancePath:instancePath+"/cache_write_1h",parentData:data,parentDataProperty:"cache_write_1h",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.audio_input !== undefined){
if(!(validate28(data.audio_input, {instancePath:instancePath+"/audio_input",parentData:data,parentDataProperty:"audio_input",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.image_input !== undefined){
if(!(validate28(data.image_input, {instancePath:instancePath+"/image_input",parentData:data,parentDataProperty:"image_input",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.audio_output !== undefined){
if(!(validate28(data.audio_output, {instancePath:instancePath+"/audio_output",parentData:data,parentDataProperty:"audio_output",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.image_output !== undefined){
if(!(validate28(data.image_output, {instancePath:instancePath+"/image_output",parentData:data,parentDataProperty:"image_output",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.fees !== undefined){
if(!(validate56(data.fees, {instancePath:instancePath+"/fees",parentData:data,parentDataProperty:"fees",rootData}))){
vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
errors = vErrors.length;
}
}
if(data.service_tiers !== undefined){
if(!(validate71(data.service_tiers, {instancePath:instancePath+"/service_tiers",parentData:data,parentDataProperty:"service_tiers",rootData}))){
vErrors = vErrors === null ? validate71.errors : vErrors.concat(validate71.errors);
errors = vErrors.length;
}
}
if(data.cost_per_1k_tokens !== undefined){
if(!(validate28(data.cost_per_1k_tokens, {instancePath:instancePath+"/cost_per_1k_tokens",parentData:data,parentDataProperty:"cost_per_1k_tokens",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
}
validate46.errors = vErrors;
return errors === 0;
}

const schema17 = {"type":["string","object"],"pattern":"^\\S(.*\\S)?$","additionalProperties":false,"properties":{"file":{"type":"string","pattern":"^\\S(.*\\S)?$"},"sha256":{"type":"string","pattern":"^[0-9a-fA-F]{64}$"}}};
const pattern8 = new RegExp("^\\S(.*\\S)?$", "u");
const pattern10 = new RegExp("^[0-9a-fA-F]{64}$", "u");

function validate83(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((typeof data !== "string") && (!(data && typeof data == "object" && !Array.isArray(data)))){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema17.type}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(typeof data === "string"){
if(!pattern8.test(data)){
const err1 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^\\S(.*\\S)?$"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "file") || (key0 === "sha256"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.file !== undefined){
let data0 = data.file;
if(typeof data0 === "string"){
if(!pattern8.test(data0)){
const err3 = {instancePath:instancePath+"/file",schemaPath:"#/properties/file/pattern",keyword:"pattern",params:{pattern: "^\\S(.*\\S)?$"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.sha256 !== undefined){
let data1 = data.sha256;
if(typeof data1 === "string"){
if(!pattern10.test(data1)){
const err5 = {instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F]{64}$"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
validate83.errors = vErrors;
return errors === 0;
}

const schema18 = {"type":["string","object"],"pattern":"^(refuse|warn|stated)$","additionalProperties":false,"properties":{"stated":{"$ref":"#/definitions/usd"}}};
const pattern11 = new RegExp("^(refuse|warn|stated)$", "u");

function validate85(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((typeof data !== "string") && (!(data && typeof data == "object" && !Array.isArray(data)))){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema18.type}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(typeof data === "string"){
if(!pattern11.test(data)){
const err1 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(refuse|warn|stated)$"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "stated")){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.stated !== undefined){
if(!(validate28(data.stated, {instancePath:instancePath+"/stated",parentData:data,parentDataProperty:"stated",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
}
validate85.errors = vErrors;
return errors === 0;
}

const schema19 = {"type":"object","additionalProperties":false,"properties":{"output_tokens":{"$ref":"#/definitions/count"},"wait":{"type":["number","string"],"minimum":0,"maximum":3600,"pattern":"^\\d+(\\.\\d+)?(ms|s|m)$"},"clamp":{"type":"boolean"}}};
const pattern12 = new RegExp("^\\d+(\\.\\d+)?(ms|s|m)$", "u");

function validate88(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "output_tokens") || (key0 === "wait")) || (key0 === "clamp"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.output_tokens !== undefined){
if(!(validate23(data.output_tokens, {instancePath:instancePath+"/output_tokens",parentData:data,parentDataProperty:"output_tokens",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.wait !== undefined){
let data1 = data.wait;
if((!((typeof data1 == "number") && (isFinite(data1)))) && (typeof data1 !== "string")){
const err1 = {instancePath:instancePath+"/wait",schemaPath:"#/properties/wait/type",keyword:"type",params:{type: schema19.properties.wait.type}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 3600 || isNaN(data1)){
const err2 = {instancePath:instancePath+"/wait",schemaPath:"#/properties/wait/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data1 < 0 || isNaN(data1)){
const err3 = {instancePath:instancePath+"/wait",schemaPath:"#/properties/wait/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(typeof data1 === "string"){
if(!pattern12.test(data1)){
const err4 = {instancePath:instancePath+"/wait",schemaPath:"#/properties/wait/pattern",keyword:"pattern",params:{pattern: "^\\d+(\\.\\d+)?(ms|s|m)$"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
if(data.clamp !== undefined){
if(typeof data.clamp !== "boolean"){
const err5 = {instancePath:instancePath+"/clamp",schemaPath:"#/properties/clamp/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
validate88.errors = vErrors;
return errors === 0;
}

const schema20 = {"type":"object","additionalProperties":false,"properties":{"fsync":{"type":"boolean"}}};

function validate91(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "fsync")){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.fsync !== undefined){
if(typeof data.fsync !== "boolean"){
const err1 = {instancePath:instancePath+"/fsync",schemaPath:"#/properties/fsync/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
else {
const err2 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
validate91.errors = vErrors;
return errors === 0;
}

const schema21 = {"type":"string","pattern":"^(?!(?:[^*]*\\*){5})(?=[^:\\]]*[A-Za-z0-9]|\\[)([A-Za-z0-9._*-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[1-9][0-9]{0,4})?$"};
const pattern13 = new RegExp("^(?!(?:[^*]*\\*){5})(?=[^:\\]]*[A-Za-z0-9]|\\[)([A-Za-z0-9._*-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[1-9][0-9]{0,4})?$", "u");

function validate93(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern13.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?!(?:[^*]*\\*){5})(?=[^:\\]]*[A-Za-z0-9]|\\[)([A-Za-z0-9._*-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[1-9][0-9]{0,4})?$"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate93.errors = vErrors;
return errors === 0;
}

const schema22 = {"type":"object","additionalProperties":false,"properties":{"forward_to":{"type":"string"},"dialect":{"enum":["openai-chat","openai-responses","openai-completions","openai-embeddings","openai-images","openai-audio","anthropic","gemini","gemini-interactions","mistral","cohere","ollama","tgi"]},"provider":{"type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,63}$"},"models":{"type":"object","propertyNames":{"$ref":"#/definitions/model_name"},"additionalProperties":{"$ref":"#/definitions/model_name"}},"key_variable":{"type":"string","pattern":"^[A-Z_][A-Z0-9_]{0,127}$"}}};
const pattern14 = new RegExp("^[a-z0-9][a-z0-9._-]{0,63}$", "u");
const pattern16 = new RegExp("^[A-Z_][A-Z0-9_]{0,127}$", "u");
const schema23 = {"type":"string","pattern":"^[^\\s*\\u0000-\\u001f\\u007f]{1,200}$"};
const pattern15 = new RegExp("^[^\\s*\\u0000-\\u001f\\u007f]{1,200}$", "u");

function validate96(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern15.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^[^\\s*\\u0000-\\u001f\\u007f]{1,200}$"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate96.errors = vErrors;
return errors === 0;
}


function validate95(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "forward_to") || (key0 === "dialect")) || (key0 === "provider")) || (key0 === "models")) || (key0 === "key_variable"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.forward_to !== undefined){
if(typeof data.forward_to !== "string"){
const err1 = {instancePath:instancePath+"/forward_to",schemaPath:"#/properties/forward_to/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.dialect !== undefined){
let data1 = data.dialect;
if(!(((((((((((((data1 === "openai-chat") || (data1 === "openai-responses")) || (data1 === "openai-completions")) || (data1 === "openai-embeddings")) || (data1 === "openai-images")) || (data1 === "openai-audio")) || (data1 === "anthropic")) || (data1 === "gemini")) || (data1 === "gemini-interactions")) || (data1 === "mistral")) || (data1 === "cohere")) || (data1 === "ollama")) || (data1 === "tgi"))){
const err2 = {instancePath:instancePath+"/dialect",schemaPath:"#/properties/dialect/enum",keyword:"enum",params:{allowedValues: schema22.properties.dialect.enum}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.provider !== undefined){
let data2 = data.provider;
if(typeof data2 === "string"){
if(!pattern14.test(data2)){
const err3 = {instancePath:instancePath+"/provider",schemaPath:"#/properties/provider/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,63}$"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/provider",schemaPath:"#/properties/provider/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.models !== undefined){
let data3 = data.models;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key1 in data3){
const _errs9 = errors;
if(!(validate96(key1, {instancePath:instancePath+"/models",parentData:data3,parentDataProperty:"models",rootData}))){
vErrors = vErrors === null ? validate96.errors : vErrors.concat(validate96.errors);
errors = vErrors.length;
}
var valid1 = _errs9 === errors;
if(!valid1){
const err5 = {instancePath:instancePath+"/models",schemaPath:"#/properties/models/propertyNames",keyword:"propertyNames",params:{propertyName: key1}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
for(const key2 in data3){
if(!(validate96(data3[key2], {instancePath:instancePath+"/models/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data3,parentDataProperty:key2,rootData}))){
vErrors = vErrors === null ? validate96.errors : vErrors.concat(validate96.errors);
errors = vErrors.length;
}
}
}
else {
const err6 = {instancePath:instancePath+"/models",schemaPath:"#/properties/models/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.key_variable !== undefined){
let data5 = data.key_variable;
if(typeof data5 === "string"){
if(!pattern16.test(data5)){
const err7 = {instancePath:instancePath+"/key_variable",schemaPath:"#/properties/key_variable/pattern",keyword:"pattern",params:{pattern: "^[A-Z_][A-Z0-9_]{0,127}$"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/key_variable",schemaPath:"#/properties/key_variable/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
validate95.errors = vErrors;
return errors === 0;
}

const schema24 = {"type":["string","object"],"pattern":"^off$","additionalProperties":false,"properties":{"tracking_uri":{"type":"string","pattern":"^(?!\\w+://[^/?#]*@)[^\\s\\u0000-\\u001f\\u007f]{1,2000}$"},"experiment":{"type":"string","pattern":"^(?!\\s*$)[^\\u0000-\\u001f\\u007f]{1,500}$"},"scorers":{"enum":["auto","off"]}}};
const pattern17 = new RegExp("^off$", "u");
const pattern18 = new RegExp("^(?!\\w+://[^/?#]*@)[^\\s\\u0000-\\u001f\\u007f]{1,2000}$", "u");
const pattern19 = new RegExp("^(?!\\s*$)[^\\u0000-\\u001f\\u007f]{1,500}$", "u");

function validate100(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((typeof data !== "string") && (!(data && typeof data == "object" && !Array.isArray(data)))){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema24.type}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(typeof data === "string"){
if(!pattern17.test(data)){
const err1 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^off$"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((key0 === "tracking_uri") || (key0 === "experiment")) || (key0 === "scorers"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.tracking_uri !== undefined){
let data0 = data.tracking_uri;
if(typeof data0 === "string"){
if(!pattern18.test(data0)){
const err3 = {instancePath:instancePath+"/tracking_uri",schemaPath:"#/properties/tracking_uri/pattern",keyword:"pattern",params:{pattern: "^(?!\\w+://[^/?#]*@)[^\\s\\u0000-\\u001f\\u007f]{1,2000}$"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/tracking_uri",schemaPath:"#/properties/tracking_uri/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.experiment !== undefined){
let data1 = data.experiment;
if(typeof data1 === "string"){
if(!pattern19.test(data1)){
const err5 = {instancePath:instancePath+"/experiment",schemaPath:"#/properties/experiment/pattern",keyword:"pattern",params:{pattern: "^(?!\\s*$)[^\\u0000-\\u001f\\u007f]{1,500}$"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/experiment",schemaPath:"#/properties/experiment/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.scorers !== undefined){
let data2 = data.scorers;
if(!((data2 === "auto") || (data2 === "off"))){
const err7 = {instancePath:instancePath+"/scorers",schemaPath:"#/properties/scorers/enum",keyword:"enum",params:{allowedValues: schema24.properties.scorers.enum}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
validate100.errors = vErrors;
return errors === 0;
}


function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="https://raw.githubusercontent.com/token-budget/token-budget/main/schema/token-budget.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.version === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "version"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema6.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.version !== undefined){
if(1 !== data.version){
const err2 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/const",keyword:"const",params:{allowedValue: 1}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.run !== undefined){
let data1 = data.run;
if((typeof data1 !== "string") && (!(Array.isArray(data1)))){
const err3 = {instancePath:instancePath+"/run",schemaPath:"#/properties/run/type",keyword:"type",params:{type: schema6.properties.run.type}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
const err4 = {instancePath:instancePath+"/run",schemaPath:"#/properties/run/pattern",keyword:"pattern",params:{pattern: "^(?!\\s*$)[^\\u0000]+$"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(Array.isArray(data1)){
if(data1.length < 1){
const err5 = {instancePath:instancePath+"/run",schemaPath:"#/properties/run/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if((typeof data2 !== "string") && (!((typeof data2 == "number") && (isFinite(data2))))){
const err6 = {instancePath:instancePath+"/run/" + i0,schemaPath:"#/properties/run/items/type",keyword:"type",params:{type: schema6.properties.run.items.type}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
const err7 = {instancePath:instancePath+"/run/" + i0,schemaPath:"#/properties/run/items/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000]*$"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
}
}
if(data.limits !== undefined){
if(!(validate22(data.limits, {instancePath:instancePath+"/limits",parentData:data,parentDataProperty:"limits",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data.on_exceed !== undefined){
let data4 = data.on_exceed;
if(!(((data4 === "raise") || (data4 === "warn")) || (data4 === "halt"))){
const err8 = {instancePath:instancePath+"/on_exceed",schemaPath:"#/properties/on_exceed/enum",keyword:"enum",params:{allowedValues: schema6.properties.on_exceed.enum}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.warn_at !== undefined){
let data5 = data.warn_at;
if((!((typeof data5 == "number") && (isFinite(data5)))) && (typeof data5 !== "string")){
const err9 = {instancePath:instancePath+"/warn_at",schemaPath:"#/properties/warn_at/type",keyword:"type",params:{type: schema6.properties.warn_at.type}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 1 || isNaN(data5)){
const err10 = {instancePath:instancePath+"/warn_at",schemaPath:"#/properties/warn_at/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data5 < 0 || isNaN(data5)){
const err11 = {instancePath:instancePath+"/warn_at",schemaPath:"#/properties/warn_at/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(typeof data5 === "string"){
if(!pattern6.test(data5)){
const err12 = {instancePath:instancePath+"/warn_at",schemaPath:"#/properties/warn_at/pattern",keyword:"pattern",params:{pattern: "^(100(\\.0+)?|\\d{1,2}(\\.\\d+)?)%$"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
if(data.rates !== undefined){
let data6 = data.rates;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
const _errs13 = errors;
if(!(validate38(key1, {instancePath:instancePath+"/rates",parentData:data6,parentDataProperty:"rates",rootData}))){
vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
errors = vErrors.length;
}
var valid3 = _errs13 === errors;
if(!valid3){
const err13 = {instancePath:instancePath+"/rates",schemaPath:"#/properties/rates/propertyNames",keyword:"propertyNames",params:{propertyName: key1}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
for(const key2 in data6){
if(!(validate46(data6[key2], {instancePath:instancePath+"/rates/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data6,parentDataProperty:key2,rootData}))){
vErrors = vErrors === null ? validate46.errors : vErrors.concat(validate46.errors);
errors = vErrors.length;
}
}
}
else {
const err14 = {instancePath:instancePath+"/rates",schemaPath:"#/properties/rates/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.cost_per_1k_tokens !== undefined){
if(!(validate28(data.cost_per_1k_tokens, {instancePath:instancePath+"/cost_per_1k_tokens",parentData:data,parentDataProperty:"cost_per_1k_tokens",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
if(data.prices !== undefined){
if(!(validate83(data.prices, {instancePath:instancePath+"/prices",parentData:data,parentDataProperty:"prices",rootData}))){
vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors);
errors = vErrors.length;
}
}
if(data.unpriced !== undefined){
if(!(validate85(data.unpriced, {instancePath:instancePath+"/unpriced",parentData:data,parentDataProperty:"unpriced",rootData}))){
vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors);
errors = vErrors.length;
}
}
if(data.metering !== undefined){
let data11 = data.metering;
if(!((data11 === "known") || (data11 === "strict"))){
const err15 = {instancePath:instancePath+"/metering",schemaPath:"#/properties/metering/enum",keyword:"enum",params:{allowedValues: schema6.properties.metering.enum}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.reserve !== undefined){
if(!(validate88(data.reserve, {instancePath:instancePath+"/reserve",parentData:data,parentDataProperty:"reserve",rootData}))){
vErrors = vErrors === null ? validate88.errors : vErrors.concat(validate88.errors);
errors = vErrors.length;
}
}
if(data.journal !== undefined){
if(!(validate91(data.journal, {instancePath:instancePath+"/journal",parentData:data,parentDataProperty:"journal",rootData}))){
vErrors = vErrors === null ? validate91.errors : vErrors.concat(validate91.errors);
errors = vErrors.length;
}
}
if(data.counter !== undefined){
let data14 = data.counter;
if(!(((data14 === "o200k_base") || (data14 === "cl100k_base")) || (data14 === "whitespace"))){
const err16 = {instancePath:instancePath+"/counter",schemaPath:"#/properties/counter/enum",keyword:"enum",params:{allowedValues: schema6.properties.counter.enum}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.upstreams !== undefined){
let data15 = data.upstreams;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
for(const key3 in data15){
const _errs25 = errors;
if(!(validate93(key3, {instancePath:instancePath+"/upstreams",parentData:data15,parentDataProperty:"upstreams",rootData}))){
vErrors = vErrors === null ? validate93.errors : vErrors.concat(validate93.errors);
errors = vErrors.length;
}
var valid5 = _errs25 === errors;
if(!valid5){
const err17 = {instancePath:instancePath+"/upstreams",schemaPath:"#/properties/upstreams/propertyNames",keyword:"propertyNames",params:{propertyName: key3}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
for(const key4 in data15){
if(!(validate95(data15[key4], {instancePath:instancePath+"/upstreams/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data15,parentDataProperty:key4,rootData}))){
vErrors = vErrors === null ? validate95.errors : vErrors.concat(validate95.errors);
errors = vErrors.length;
}
}
}
else {
const err18 = {instancePath:instancePath+"/upstreams",schemaPath:"#/properties/upstreams/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.keys !== undefined){
let data17 = data.keys;
if(!((data17 === "command") || (data17 === "gateway"))){
const err19 = {instancePath:instancePath+"/keys",schemaPath:"#/properties/keys/enum",keyword:"enum",params:{allowedValues: schema6.properties.keys.enum}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.mlflow !== undefined){
if(!(validate100(data.mlflow, {instancePath:instancePath+"/mlflow",parentData:data,parentDataProperty:"mlflow",rootData}))){
vErrors = vErrors === null ? validate100.errors : vErrors.concat(validate100.errors);
errors = vErrors.length;
}
}
}
else {
const err20 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}
export const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  "PolicyFile": [
    "version",
    "run",
    "limits",
    "on_exceed",
    "warn_at",
    "rates",
    "cost_per_1k_tokens",
    "prices",
    "unpriced",
    "metering",
    "reserve",
    "journal",
    "counter",
    "upstreams",
    "keys",
    "mlflow"
  ],
  "Limits": [
    "tokens",
    "input_tokens",
    "output_tokens",
    "calls",
    "cost_usd",
    "per_call",
    "per_row",
    "models",
    "providers"
  ],
  "Ceilings": [
    "tokens",
    "input_tokens",
    "output_tokens",
    "calls",
    "cost_usd"
  ],
  "Rate": [
    "input",
    "output",
    "cache_read",
    "cache_write",
    "cache_write_1h",
    "audio_input",
    "image_input",
    "audio_output",
    "image_output",
    "fees",
    "service_tiers",
    "cost_per_1k_tokens"
  ],
  "Fees": [
    "call",
    "search",
    "file_search",
    "map_search",
    "enterprise_search",
    "container",
    "tool_call",
    "page",
    "annotated_page",
    "second",
    "character",
    "image",
    "search_unit"
  ],
  "ServiceTiers": [
    "flex",
    "batch",
    "priority",
    "fast",
    "ultrafast",
    "other"
  ],
  "Reserve": [
    "output_tokens",
    "wait",
    "clamp"
  ],
  "JournalOptions": [
    "fsync"
  ],
  "UpstreamHost": [
    "forward_to",
    "dialect",
    "provider",
    "models",
    "key_variable"
  ],
  "Prices": [
    "file",
    "sha256"
  ],
  "Unpriced": [
    "stated"
  ],
  "Mlflow": [
    "tracking_uri",
    "experiment",
    "scorers"
  ]
};
/** All that the schema finds wrong, in no particular order; empty where the data is a PolicyFile. */
export function schemaErrors(data: unknown): readonly ErrorObject[] {
  return validate21(data) ? [] : validate21.errors;
}
