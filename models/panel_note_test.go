package models

import (
	"strings"
	"testing"
)

func TestPanelNote_saysTheRoundsThatWereHeld(t *testing.T) {
	if note := PanelNote(nil); note != "" {
		t.Errorf("of no recommendation: %q", note)
	}
	for _, c := range []struct {
		panels []PanelRounds
		says   []string
		not    string
	}{
		{[]PanelRounds{{5, 3}}, []string{"One recommendation was scored in two rounds: blind by 5 evaluators, of whom 3 scored again after a discussion."}, "one blind round"},
		{[]PanelRounds{{4, 0}}, []string{"One recommendation was scored in one blind round, without a second, by 4 evaluators."}, "two rounds"},
		{[]PanelRounds{{5, 3}, {6, 2}, {1, 0}, {0, 0}, {0, 0}, {7, 7}}, []string{
			"3 recommendations were scored in two rounds: blind by 5, 6 and 7 evaluators, of whom 3, 2 and 7 scored again",
			"One recommendation was scored in one blind round, without a second, by 1 evaluator.", "2 recommendations were not evaluated as",
		}, "average of"},
	} {
		note := PanelNote(c.panels)
		for _, say := range c.says {
			if !strings.Contains(note, say) {
				t.Errorf("%v: %q lacks %q", c.panels, note, say)
			}
		}
		if strings.Contains(note, c.not) {
			t.Errorf("%v: %q says %q", c.panels, note, c.not)
		}
	}
}
