/** Bundle the extension as dist/extension.js, with the licenses of the packages in it as dist/licenses.txt. */

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

/** Return the folders of the packages whose files are in a bundle, such as `node_modules/semver`. */
function packagesOf(inputs) {
  const folders = Object.keys(inputs).map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter(Boolean))].sort();
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!file) throw new Error(`${folder} has no license file`);
  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
}

const { metafile } = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  minify: true,
  metafile: true,
});
writeFileSync(
  "dist/licenses.txt",
  packagesOf(metafile.inputs)
    .map(licenseOf)
    .join(`\n${"-".repeat(80)}\n\n`),
);
