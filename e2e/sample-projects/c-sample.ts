import type { Sample } from './sample.ts'

const source = `#include "words.h"

size_t count_words(const char *text)
{
    size_t words = 1;
    for (; *text != '\\0'; text++)
        if (*text == ' ')
            words++;
    return words;
}
`

const test = `#include "words.h"
#include <stdio.h>

static int failures;

static void expect(const char *text, size_t wanted)
{
    size_t got = count_words(text);
    if (got == wanted)
        return;
    failures++;
    printf("FAIL count_words(\\"%s\\") = %zu, want %zu\\n", text, got, wanted);
}

int main(void)
{
    expect("", 0);
    expect("one", 1);
    expect("two words", 2);
    expect("  spaces   everywhere  ", 2);
    expect("lines\\nand\\ttabs", 3);
    printf("%d failed\\n", failures);
    return failures != 0;
}
`

const makefile = `CFLAGS ?= -std=c11 -Wall -Wextra -Werror

test: build/test
	./build/test

build/test: words.c words.h words_test.c
	mkdir -p build
	$(CC) $(CFLAGS) -o $@ words.c words_test.c

.PHONY: test
`

export const cSample: Sample = {
  name: 'words',
  files: {
    Makefile: makefile,
    'README.md': '# words\n\nRun the tests with `make test`.\n',
    '.gitignore': 'build/\n',
    'words.h':
      '#ifndef WORDS_H\n#define WORDS_H\n\n#include <stddef.h>\n\n/* Number of words in the text; white space separates them. */\nsize_t count_words(const char *text);\n\n#endif\n',
    'words.c': source,
    'words_test.c': test,
  },
  task: 'count_words counts spaces instead of words. Make `make test` pass without touching the test.',
  check: 'make test',
  source: 'words.c',
  wrongEdit: {
    old_text: "    size_t words = 1;\n    for (; *text != '\\0'; text++)\n        if (*text == ' ')\n            words++;\n",
    new_text:
      "    size_t words = 0;\n    int in_word = 0;\n    for (; *text != '\\0'; text++) {\n        int is_space = *text == ' ';\n        if (!is_space && !in_word)\n            words++;\n        in_word = !is_space;\n    }\n",
  },
  rightEdit: { old_text: "int is_space = *text == ' ';", new_text: "int is_space = *text == ' ' || (*text >= '\\t' && *text <= '\\r');" },
  title: 'Count words, not spaces',
  summary: 'A word begins where white space ends. Tabs and line ends count as white space, like in the C locale of `isspace`.',
}
