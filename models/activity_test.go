package models

import "testing"

func TestActivityWords_sayWhatWasChangedAndForWhom(t *testing.T) {
	for _, c := range []struct{ action, detail, want string }{
		{"roundtable.update", `{"fields":["time"]}`, "changed the time"},
		{"roundtable.update", `{"fields":["time","place","deadline"]}`, "changed the time, place and deadline"},
		{"roundtable.update", `{"fields":["title"],"from":"record","to":"chatham"}`, "changed the title; set the attribution rule to Chatham House Rule"},
		{"insight.export", `{"audience":"public","format":"csv"}`, "exported insights for the public, as CSV"},
		{"insight.export", `{"audience":"team","format":"xlsx"}`, "exported insights for the roundtable's team, as Excel (XLSX)"},
		{"insight.export", `{"audience":"","format":"csv"}`, "exported insights"},
		{"insight.export", `not JSON`, "exported insights"},
	} {
		if got := ActivityWords(c.action, c.detail); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.action, c.detail, got, c.want)
		}
	}
}
