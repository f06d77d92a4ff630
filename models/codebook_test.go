package models

import "testing"

func TestDefaultCodes_areCompleteAndInCodebookOrder(t *testing.T) {
	count := map[CodeKind]int{}
	seen := map[string]string{}
	last := CodeNone
	for _, c := range DefaultCodes() {
		if c.Kind < last {
			t.Errorf("%s stands after a later part", c.Key)
		}
		last = c.Kind
		count[c.Kind]++
		for _, s := range []string{c.Key, c.Name, c.Definition, c.UseWhen, c.DoNotUseWhen, c.Example} {
			if s == "" {
				t.Errorf("%s %s lacks a text", c.Kind.Key(), c.Key)
			}
		}
		for _, w := range append([]string{c.Key}, c.Aliases...) {
			k := c.Kind.Key() + " " + wordKey(w)
			if was, ok := seen[k]; ok && was != c.Key {
				t.Errorf("%s means %s and %s", k, was, c.Key)
			}
			seen[k] = c.Key
		}
		if wantsPillar := c.Kind == CodePillar || c.Kind == CodeAction; (c.Pillar != PillarNone) != wantsPillar {
			t.Errorf("%s has pillar %s", c.Key, c.Pillar.Name())
		}
	}
	want := map[CodeKind]int{CodePillar: 5, CodeAction: 5, CodeFront: 4, CodeForum: 10}
	for kind, n := range want {
		if count[kind] != n {
			t.Errorf("%d of %s, want %d", count[kind], kind.Key(), n)
		}
	}
	for _, k := range CodeKinds {
		if got, ok := ParseCodeKind(k.Key()); !ok || got != k {
			t.Errorf("%s is not read back", k.Key())
		}
	}
}
