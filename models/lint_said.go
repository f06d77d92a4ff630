package models

// sayingVerbs follow who speaks. What is also a noun is left out: "Will claims
// be paid".
var sayingVerbs = lintSet(`said says asked asks argued argues noted added adds replied answered explained explains suggested suggests
	warned warns told tells thinks believes believed agreed agrees disagreed disagrees objected claimed insisted insists mentioned
	proposed proposes stressed wondered commented remarked responded recalled admitted conceded countered concluded`)

// sayingBefore stand before who speaks: "said Mark".
var sayingBefore = lintSet(`said says asked replied told`)

// sayingBetween may stand between who speaks and the verb: "Mark also said".
var sayingBetween = lintSet(`also then has had have later once just rightly`)

// saysBeside reports whether the words at tokens i to j stand beside a verb of
// saying: "Mark said", "as Mark put it", "said Mark", "according to Mark".
func saysBeside(tokens []lintToken, i, j int) bool {
	word := func(at int) string {
		if at < 0 || at >= len(tokens) {
			return ""
		}
		return tokens[at].fold
	}
	next := word(j + 1)
	if sayingBetween()[next] && !tokens[j+1].upper {
		next = word(j + 2)
	}
	return sayingVerbs()[next] || next == "put" && (word(i-1) == "as" || word(j+2) == "it") ||
		sayingBefore()[word(i-1)] || word(i-1) == "to" && word(i-2) == "according"
}
