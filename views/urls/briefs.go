package urls

import (
	"strconv"

	"rotunda/models"
)

// Briefs, while they are written and once they are published.
const (
	BriefsPath             = "/briefs"
	BriefNewPath           = "/briefs/new"
	BriefPath              = "/briefs/:id"
	BriefEditPath          = "/briefs/:id/edit"
	BriefPreviewPath       = "/briefs/:id/preview"
	BriefMaterialPath      = "/briefs/:id/material"
	BriefSubmitPath        = "/briefs/:id/submit"
	BriefApprovePath       = "/briefs/:id/approve"
	BriefPublishPath       = "/briefs/:id/publish"
	BriefWithdrawPath      = "/briefs/:id/withdraw"
	BriefReviewPath        = "/briefs/:id/review"
	BriefReviewedPath      = "/briefs/:id/reviewed"
	BriefCommentPath       = "/briefs/:id/comments"
	BriefResolvePath       = "/briefs/:id/comments/:comment/resolve"
	BriefLintPath          = "/briefs/:id/finding"
	BriefWordPath          = "/briefs/:id/brief.docx"
	BriefPrintPath         = "/briefs/:id/brief.pdf"
	BriefDataPath          = "/briefs/:id/data.csv"
	PublicBriefPath        = "/public/briefs/:slug"
	PublicBriefVersionPath = "/public/briefs/:slug/v/:n"
	PublicBriefDataPath    = "/public/briefs/:slug/data.csv"
	PublicBriefWordPath    = "/public/briefs/:slug/brief.docx"
	PublicBriefPrintPath   = "/public/briefs/:slug/brief.pdf"
)

// Brief is a brief as its readers see it.
func Brief(id models.ID) string { return fill(BriefPath, id.String()) }

// BriefEdit is where a brief is written.
func BriefEdit(id models.ID) string { return fill(BriefEditPath, id.String()) }

// BriefPreview shows what is typed as it will be read.
func BriefPreview(id models.ID) string { return fill(BriefPreviewPath, id.String()) }

// BriefMaterial searches the insights that a brief is written from.
func BriefMaterial(id models.ID) string { return fill(BriefMaterialPath, id.String()) }

// BriefSubmit puts a brief up for review.
func BriefSubmit(id models.ID) string { return fill(BriefSubmitPath, id.String()) }

// BriefApprove approves a brief.
func BriefApprove(id models.ID) string { return fill(BriefApprovePath, id.String()) }

// BriefPublish publishes a brief.
func BriefPublish(id models.ID) string { return fill(BriefPublishPath, id.String()) }

// BriefWithdraw takes a published brief back.
func BriefWithdraw(id models.ID) string { return fill(BriefWithdrawPath, id.String()) }

// BriefReview asks a colleague to read a brief.
func BriefReview(id models.ID) string { return fill(BriefReviewPath, id.String()) }

// BriefReviewed notes that a colleague has read it.
func BriefReviewed(id models.ID) string { return fill(BriefReviewedPath, id.String()) }

// BriefComment adds a comment.
func BriefComment(id models.ID) string { return fill(BriefCommentPath, id.String()) }

// BriefResolve settles a comment.
func BriefResolve(id, comment models.ID) string {
	return fill(BriefResolvePath, id.String(), comment.String())
}

// PublicBrief is a published brief, its newest version.
func PublicBrief(slug string) string { return fill(PublicBriefPath, slug) }

// PublicBriefVersion is one version of a published brief.
func PublicBriefVersion(slug string, n int) string {
	return fill(PublicBriefVersionPath, slug, strconv.Itoa(n))
}

// PublicBriefData is the data behind a version of a published brief.
func PublicBriefData(slug string, n int) string {
	return With(fill(PublicBriefDataPath, slug), "v", strconv.Itoa(n))
}

// BriefData is the data that would be published with a brief now.
func BriefData(id models.ID) string { return fill(BriefDataPath, id.String()) }

// PublicBriefWord is a version of a published brief for a word processor.
func PublicBriefWord(slug string, n int) string {
	return With(fill(PublicBriefWordPath, slug), "v", strconv.Itoa(n))
}

// PublicBriefPrint is a version of a published brief for the printer.
func PublicBriefPrint(slug string, n int) string {
	return With(fill(PublicBriefPrintPath, slug), "v", strconv.Itoa(n))
}

// BriefLint overrules a finding of the leak lint.
func BriefLint(id models.ID) string { return fill(BriefLintPath, id.String()) }

// BriefWord is a brief as it would be published now, for a word processor.
func BriefWord(id models.ID) string { return fill(BriefWordPath, id.String()) }

// BriefPrint is a brief as it would be published now, for the printer.
func BriefPrint(id models.ID) string { return fill(BriefPrintPath, id.String()) }
