import type { Sample } from './sample.ts'

const source = `"""Readable parts of addresses."""


def slugify(text):
    """Lower-case ASCII words of the text, joined by single dashes."""
    return text.lower().replace(" ", "-")
`

const test = `import unittest

from slugs import slugify


class SlugifyTest(unittest.TestCase):
    def test_joins_words_with_dashes(self):
        self.assertEqual(slugify("Hello World"), "hello-world")

    def test_drops_punctuation_at_the_ends(self):
        self.assertEqual(slugify("  What's new?  "), "what-s-new")

    def test_keeps_the_letters_below_accents(self):
        self.assertEqual(slugify("Crème brûlée"), "creme-brulee")


if __name__ == "__main__":
    unittest.main()
`

export const pythonSample: Sample = {
  name: 'slugs',
  files: {
    'README.md': '# slugs\n\nRun the tests with `python3 -m unittest`.\n',
    '.gitignore': '__pycache__/\n',
    'slugs.py': source,
    'test_slugs.py': test,
  },
  task: 'slugify keeps punctuation and accents. Make the tests in test_slugs.py pass without changing them and without new dependencies.',
  check: 'python3 -m unittest -v',
  source: 'slugs.py',
  wrongEdit: {
    old_text: '    return text.lower().replace(" ", "-")\n',
    new_text: '    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")\n',
  },
  rightEdit: {
    old_text:
      '"""Readable parts of addresses."""\n\n\ndef slugify(text):\n    """Lower-case ASCII words of the text, joined by single dashes."""\n',
    new_text:
      '"""Readable parts of addresses."""\n\nimport re\nimport unicodedata\n\n\ndef slugify(text):\n    """Lower-case ASCII words of the text, joined by single dashes."""\n    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")\n',
  },
  title: 'Make slugify drop punctuation and accents',
  summary: 'Text is decomposed first, so that accents fall away and their letters stay; every run of other characters becomes one dash.',
}
