// Prints what the official parser says of an AsyncAPI document: node validate.mjs DOCUMENT
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { Parser } = createRequire(`${process.cwd()}/`)('@asyncapi/parser');
const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
const said = diagnostics.map(({ severity, code, path, message }) => ({ severity, code, path: path.join('.'), message }));
const counted = document && {
  channels: document.allChannels().length,
  operations: document.allOperations().length,
  messages: document.allMessages().length,
};
console.log(JSON.stringify({ said, counted }));
