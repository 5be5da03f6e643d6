// Bundles JupyterLab into build/, beside the settings' schemas that its server hands out. Pictures are text where code imports them and addresses in styles.
import { build } from 'esbuild';
import { cp, mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

const pictures = {
  name: 'pictures',
  setup(bundle) {
    bundle.onResolve({ filter: /\.(svg|png|gif|ttf|eot|woff2?)(\?.*)?$/ }, ({ path: file, resolveDir, kind }) => {
      if (kind !== 'url-token') return;
      return { path: path.resolve(resolveDir, file.replace(/[?#].*/, '')), namespace: 'address' };
    });
    bundle.onLoad({ filter: /.*/, namespace: 'address' }, async ({ path: file }) => ({ contents: await readFile(file), loader: 'dataurl' }));
  }
};

await build({
  entryPoints: { index: 'index.js', 'themes/@jupyterlab/theme-light-extension/index': 'node_modules/@jupyterlab/theme-light-extension/style/theme.css' },
  outdir: 'build', bundle: true, minify: true, format: 'iife', logLevel: 'error',
  loader: { '.svg': 'text', '.md': 'text', '.raw': 'text' }, define: { 'process.env.NODE_ENV': '"production"', global: 'window' }, plugins: [pictures]
});

const packages = 'node_modules/@jupyterlab';
for (const name of await readdir(packages)) {
  const schema = path.join(packages, name, 'schema');
  const target = path.join('build', 'schemas', '@jupyterlab', name);
  await mkdir(target, { recursive: true });
  await cp(schema, target, { recursive: true }).catch(error => { if (error.code !== 'ENOENT') throw error; });
  await cp(path.join(packages, name, 'package.json'), path.join(target, 'package.json.orig'));
}
