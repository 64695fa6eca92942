// Monaco's helper, beside the page: finds characters that look like others.

import 'monaco-editor/editor/editor.worker.js'
