package models

import (
	"strconv"
	"strings"
)

// PanelRounds is how the panel of one recommendation went: how many evaluators
// scored, and how many of them scored again in a second round. Zero evaluators
// is no closed evaluation of the wording.
type PanelRounds struct{ Evaluators, Again int }

// PanelNote says in plain text how the recommendations of a brief were
// evaluated, as it really was; nothing of none.
func PanelNote(panels []PanelRounds) string {
	if len(panels) == 0 {
		return ""
	}
	var once, by, again []int
	none := 0
	for _, p := range panels {
		switch {
		case p.Evaluators == 0:
			none++
		case p.Again == 0:
			once = append(once, p.Evaluators)
		default:
			by, again = append(by, p.Evaluators), append(again, p.Again)
		}
	}
	parts := []string{"A recommendation is judged by a panel on three criteria, each for itself and never averaged together, on a scale from 1 to 9. " +
		"It meets a criterion with a median of 7 or more and no disagreement, and fails it with 3 or less and none."}
	if len(by) > 0 {
		parts = append(parts, recommendationsWere(len(by))+" scored in two rounds: blind by "+evaluators(by)+", of whom "+inWords(again)+" scored again after a discussion.")
	}
	if len(once) > 0 {
		parts = append(parts, recommendationsWere(len(once))+" scored in one blind round, without a second, by "+evaluators(once)+".")
	}
	if none == 1 {
		parts = append(parts, "One recommendation was not evaluated as it reads here.")
	} else if none > 1 {
		parts = append(parts, recommendationsWere(none)+" not evaluated as they read here.")
	}
	return strings.Join(parts, " ")
}

func recommendationsWere(n int) string {
	if n == 1 {
		return "One recommendation was"
	}
	return strconv.Itoa(n) + " recommendations were"
}

func evaluators(counts []int) string {
	if len(counts) == 1 && counts[0] == 1 {
		return "1 evaluator"
	}
	return inWords(counts) + " evaluators"
}

// inWords lists numbers: "5, 6 and 4".
func inWords(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " and " + words[last]
	}
	return strings.Join(words, "")
}
