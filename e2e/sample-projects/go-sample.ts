import type { Sample } from './sample.ts'

const source = `// Package spans merges time spans.
package spans

import "sort"

// Span covers the minutes from Start up to End.
type Span struct{ Start, End int }

// Merge returns the spans in order; those that overlap or touch become one.
func Merge(spans []Span) []Span {
	merged := []Span{}
	for _, span := range spans {
		last := len(merged) - 1
		if last >= 0 && span.Start < merged[last].End {
			merged[last].End = span.End
			continue
		}
		merged = append(merged, span)
	}
	sort.Slice(merged, func(i, j int) bool { return merged[i].Start < merged[j].Start })
	return merged
}
`

const test = `package spans

import (
	"reflect"
	"testing"
)

func TestMerge(t *testing.T) {
	cases := map[string]struct{ given, want []Span }{
		"nothing":   {[]Span{}, []Span{}},
		"overlap":   {[]Span{{1, 4}, {3, 6}}, []Span{{1, 6}}},
		"touching":  {[]Span{{1, 3}, {3, 5}}, []Span{{1, 5}}},
		"inside":    {[]Span{{1, 9}, {2, 3}}, []Span{{1, 9}}},
		"unordered": {[]Span{{5, 8}, {1, 2}, {7, 9}}, []Span{{1, 2}, {5, 9}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Merge(c.given); !reflect.DeepEqual(got, c.want) {
				t.Errorf("Merge(%v) = %v, want %v", c.given, got, c.want)
			}
		})
	}
}
`

export const goSample: Sample = {
  name: 'spans',
  files: {
    'go.mod': 'module example.org/spans\n\ngo 1.19\n',
    'README.md': '# spans\n\nRun the tests with `go test ./...`.\n',
    'spans.go': source,
    'spans_test.go': test,
  },
  task: 'Merge loses minutes when spans touch, lie inside each other or come unordered. Make the tests pass; do not change them.',
  // The cache is named, as a sandbox may have no writable home folder.
  check: 'GOCACHE="${GOCACHE:-/tmp/go-cache}" GOFLAGS=-mod=mod go test ./...',
  source: 'spans.go',
  wrongEdit: {
    old_text: '		if last >= 0 && span.Start < merged[last].End {\n			merged[last].End = span.End\n',
    new_text:
      '		if last >= 0 && span.Start <= merged[last].End {\n			if span.End > merged[last].End {\n				merged[last].End = span.End\n			}\n',
  },
  rightEdit: {
    old_text: '	merged := []Span{}\n	for _, span := range spans {\n',
    new_text:
      '	ordered := append([]Span{}, spans...)\n	sort.Slice(ordered, func(i, j int) bool { return ordered[i].Start < ordered[j].Start })\n	merged := []Span{}\n	for _, span := range ordered {\n',
  },
  title: 'Merge touching, nested and unordered spans',
  summary: 'A copy of the spans is ordered before merging, touching spans count as overlapping, and the later end wins.',
}
