// OpenAI's own package for Node against /v1/responses of a running silo.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI, { BadRequestError, NotFoundError } from 'openai';

const openai = new OpenAI({ apiKey: 'none', baseURL: new URL('v1', process.env.LLMOS_ADDRESS).href, maxRetries: 0 });
const model = 'tools';
const look = {
  type: 'function', name: 'look', description: 'Looks something up.', strict: true,
  parameters: { type: 'object', properties: { place: { enum: ['here', 'there'] } }, required: ['place'], additionalProperties: false },
};

test('a response is given, kept, read again and deleted', async () => {
  const response = await openai.responses.create({ model, instructions: 'You talk.', input: 'Hello.', max_output_tokens: 5, metadata: { a: 'b' } });
  assert.equal(response.status, 'incomplete');
  assert.equal(response.incomplete_details.reason, 'max_output_tokens');
  assert.ok(response.output_text.length > 0);
  assert.equal(response.usage.output_tokens, 5);
  const again = await openai.responses.retrieve(response.id);
  assert.equal(again.output_text, response.output_text);
  assert.deepEqual(again.metadata, { a: 'b' });
  const items = [];
  for await (const item of openai.responses.inputItems.list(response.id)) items.push(item);
  assert.equal(items[0].content[0].text, 'Hello.');
  await openai.responses.delete(response.id);
  await assert.rejects(openai.responses.retrieve(response.id), error => error instanceof NotFoundError);
});

test('what is not to be stored is not', async () => {
  const response = await openai.responses.create({ model, input: 'Hello.', max_output_tokens: 2, store: false });
  await assert.rejects(openai.responses.retrieve(response.id), error => error instanceof NotFoundError);
});

test('the stream helper gathers the events', async () => {
  const types = [];
  const stream = openai.responses.stream({ model, input: [{ role: 'user', content: 'Hello.' }], max_output_tokens: 8 });
  let text = '';
  let last = -1;
  for await (const event of stream) {
    types.push(event.type);
    assert.equal(event.sequence_number, ++last);
    if (event.type === 'response.output_text.delta') text += event.delta;
  }
  assert.deepEqual(types.filter(type => type !== 'response.output_text.delta'), [
    'response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added', 'response.output_text.done',
    'response.content_part.done', 'response.output_item.done', 'response.incomplete']);
  const response = await openai.responses.create({ model, input: 'x', max_output_tokens: 2 });
  assert.ok(response.id !== undefined && text.length > 0);
});

test('a conversation goes on, and may go on twice from one place', async () => {
  const body = { model, instructions: 'You talk.', max_output_tokens: 4 };
  const first = await openai.responses.create({ ...body, input: 'One.' });
  const second = await openai.responses.create({ ...body, input: 'Two.', previous_response_id: first.id });
  const branch = await openai.responses.create({ ...body, input: 'Two.', previous_response_id: first.id });
  assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  assert.equal(branch.usage.input_tokens, second.usage.input_tokens);
  const third = await openai.responses.create({ ...body, input: 'Three.', previous_response_id: second.id });
  assert.ok(third.usage.input_tokens > second.usage.input_tokens);
  await assert.rejects(openai.responses.create({ ...body, input: 'x', previous_response_id: 'resp_nothing' }), error =>
    error instanceof NotFoundError && error.code === 'previous_response_not_found');
});

test('functions are called and their outputs answered', async () => {
  const called = await openai.responses.parse({ model, input: 'Look.', tools: [look], tool_choice: { type: 'function', name: 'look' }, max_output_tokens: 200 });
  const call = called.output.find(item => item.type === 'function_call');
  assert.equal(call.name, 'look');
  assert.ok(['here', 'there'].includes(call.parsed_arguments.place));
  const next = await openai.responses.create({
    model, previous_response_id: called.id, tools: [look], tool_choice: 'none', max_output_tokens: 3,
    input: [{ type: 'function_call_output', call_id: call.call_id, output: 'found' }],
  });
  assert.equal(next.status, 'incomplete');
  const streamed = await openai.responses.stream({ model, input: 'Look.', tools: [look], tool_choice: 'required', max_output_tokens: 200 }).finalResponse();
  assert.equal(streamed.output[0].type, 'function_call');
});

test('a schema is held', async () => {
  const response = await openai.responses.parse({
    model, input: 'A number.', max_output_tokens: 200,
    text: { format: { type: 'json_schema', name: 'n', strict: true, schema: { type: 'object', properties: { n: { type: 'integer', minimum: 0, maximum: 9 } }, required: ['n'], additionalProperties: false } } },
  });
  assert.ok(JSON.parse(response.output_text).n <= 9);
});

test('errors name the field', async () => {
  const rejects = (body, param) => assert.rejects(openai.responses.create(body), error => error instanceof BadRequestError && error.param === param);
  await rejects({ model, input: 'x', background: true }, 'background');
  await rejects({ model, input: [] }, 'input');
  await rejects({ model, input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] }, 'input[0].content[0].type');
  await rejects({ model, input: 'x', tools: [{ type: 'web_search' }] }, 'tools[0].type');
  await rejects({ model, input: 'x', conversation: 'conv_1' }, 'conversation');
});
