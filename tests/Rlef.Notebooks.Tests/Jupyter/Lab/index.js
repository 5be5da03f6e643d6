// JupyterLab with the parts that a notebook needs.
import { JupyterLab } from '@jupyterlab/application';
import * as application from '@jupyterlab/application-extension';
import * as apputils from '@jupyterlab/apputils-extension';
import * as codemirror from '@jupyterlab/codemirror-extension';
import * as completer from '@jupyterlab/completer-extension';
import * as docmanager from '@jupyterlab/docmanager-extension';
import * as documentsearch from '@jupyterlab/documentsearch-extension';
import * as filebrowser from '@jupyterlab/filebrowser-extension';
import * as mainmenu from '@jupyterlab/mainmenu-extension';
import * as markedparser from '@jupyterlab/markedparser-extension';
import * as notebook from '@jupyterlab/notebook-extension';
import * as rendermime from '@jupyterlab/rendermime-extension';
import * as shortcuts from '@jupyterlab/shortcuts-extension';
import * as statusbar from '@jupyterlab/statusbar-extension';
import * as themelight from '@jupyterlab/theme-light-extension';
import * as toc from '@jupyterlab/toc-extension';
import * as translation from '@jupyterlab/translation-extension';
import * as uicomponents from '@jupyterlab/ui-components-extension';
import '@jupyterlab/application-extension/style/index.js';
import '@jupyterlab/notebook-extension/style/index.js';
import '@jupyterlab/filebrowser-extension/style/index.js';

const modules = [
  application, apputils, codemirror, completer, docmanager, documentsearch, filebrowser, mainmenu, markedparser, notebook, rendermime, shortcuts, statusbar,
  themelight, toc, translation, uicomponents
];

window.addEventListener('load', async () => {
  const lab = new JupyterLab();
  for (const module of modules) {
    const plugins = Array.isArray(module.default) ? module.default : [module.default];
    // What needs a language server, or a server newer than Debian's, is left out.
    lab.registerPlugins(plugins.filter(({ id }) => !/language-server|:announcements|:update-raw-mimetype|extensionmanager/.test(id)));
  }
  await lab.start();
  await lab.restored;
  window.lab = lab;
});
