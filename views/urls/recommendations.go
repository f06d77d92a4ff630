package urls

import "rotunda/models"

// The paths of recommendations and their evaluation.
const (
	RecommendationsPath          = "/recommendations"
	RecommendationNewPath        = "/recommendations/new"
	RecommendationPath           = "/recommendations/:id"
	RecommendationEditPath       = "/recommendations/:id/edit"
	RecommendationHistoryPath    = "/recommendations/:id/history"
	RecommendationArchivePath    = "/recommendations/:id/archive"
	RecommendationDecidePath     = "/recommendations/:id/decide"
	RecommendationFollowUpPath   = "/recommendations/:id/follow-up"
	RecommendationPanelPath      = "/recommendations/:id/panel"
	RecommendationStagePath      = "/recommendations/:id/panel/stage"
	RecommendationEvaluatorPath  = "/recommendations/:id/panel/evaluators"
	RecommendationEvaluatorXPath = "/recommendations/:id/panel/evaluators/:evaluator/remove"
	RecommendationScorePath      = "/recommendations/:id/scores"
	RecommendationRemarkPath     = "/recommendations/:id/remarks"
	RecommendationLintPath       = "/recommendations/:id/finding"
	EvaluatePath                 = "/evaluate/:token"
	EvaluateRemarkPath           = "/evaluate/:token/remarks"
)

// Recommendation is a recommendation with its evaluation.
func Recommendation(id models.ID) string { return fill(RecommendationPath, id.String()) }

// RecommendationEdit is the form that changes a recommendation.
func RecommendationEdit(id models.ID) string { return fill(RecommendationEditPath, id.String()) }

// RecommendationHistory lists a recommendation's wordings.
func RecommendationHistory(id models.ID) string { return fill(RecommendationHistoryPath, id.String()) }

// RecommendationArchive takes a recommendation out of the lists, or puts it back.
func RecommendationArchive(id models.ID) string { return fill(RecommendationArchivePath, id.String()) }

// RecommendationDecide adopts a recommendation, or not.
func RecommendationDecide(id models.ID) string { return fill(RecommendationDecidePath, id.String()) }

// RecommendationFollowUp notes what became of a recommendation.
func RecommendationFollowUp(id models.ID) string {
	return fill(RecommendationFollowUpPath, id.String())
}

// RecommendationPanel leads a recommendation's evaluation.
func RecommendationPanel(id models.ID) string { return fill(RecommendationPanelPath, id.String()) }

// RecommendationStage takes an evaluation on to its next stage.
func RecommendationStage(id models.ID) string { return fill(RecommendationStagePath, id.String()) }

// RecommendationEvaluator invites an evaluator.
func RecommendationEvaluator(id models.ID) string {
	return fill(RecommendationEvaluatorPath, id.String())
}

// RecommendationEvaluatorRemove takes an evaluator off the panel.
func RecommendationEvaluatorRemove(id, evaluator models.ID) string {
	return fill(RecommendationEvaluatorXPath, id.String(), evaluator.String())
}

// RecommendationScore keeps the viewer's own scores.
func RecommendationScore(id models.ID) string { return fill(RecommendationScorePath, id.String()) }

// RecommendationRemark adds to the discussion.
func RecommendationRemark(id models.ID) string { return fill(RecommendationRemarkPath, id.String()) }

// Evaluate is where an evaluator from outside reads and scores.
func Evaluate(token string) string { return fill(EvaluatePath, token) }

// EvaluateRemark adds to the discussion from outside.
func EvaluateRemark(token string) string { return fill(EvaluateRemarkPath, token) }

// RecommendationLint overrules a finding of the leak lint.
func RecommendationLint(id models.ID) string { return fill(RecommendationLintPath, id.String()) }
