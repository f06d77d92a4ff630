package urls

import "rotunda/models"

// InsightLintPath overrules a finding of the leak lint of an insight.
const InsightLintPath = "/insights/:id/finding"

// InsightLint is where overruling a finding of an insight is sent to.
func InsightLint(id models.ID) string { return fill(InsightLintPath, id.String()) }

// InsightStrikePath asks whether an insight is to be struck, and strikes it.
const InsightStrikePath = "/insights/:id/strike"

// InsightStrike is where an insight is struck.
func InsightStrike(id models.ID) string { return fill(InsightStrikePath, id.String()) }
