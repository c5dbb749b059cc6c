/** Writes the compiled schemas beside the built ones, or to the file that is named: part of `npm run build`. */
import { writeFileSync } from 'node:fs';
import { schemaCode } from '../src/config/schema-code.ts';

writeFileSync(process.argv[2] ?? 'dist/config/schema/compiled.js', await schemaCode());
