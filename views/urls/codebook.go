package urls

import (
	"strconv"

	"rotunda/models"
)

// The codebook.
const (
	CodebookPath         = "/codebook"
	CodeNewPath          = "/codebook/new"
	CodeMergePath        = "/codebook/merge"
	CodeArchivePath      = "/codebook/archive"
	CodebookExportPath   = "/codebook/export"
	CodebookVersionsPath = "/codebook/versions"
	CodebookVersionPath  = "/codebook/versions/:version"
	CodePath             = "/codebook/:id"
	CodeEditPath         = "/codebook/:id/edit"
	CodeMovePath         = "/codebook/:id/move"
	CodeSplitPath        = "/codebook/:id/split"
)

// Code is the page of one code.
func Code(id models.ID) string { return fill(CodePath, id.String()) }

// CodeEdit is the form that changes a code.
func CodeEdit(id models.ID) string { return fill(CodeEditPath, id.String()) }

// CodeArchive archives one code, or restores it.
func CodeArchive(id models.ID) string { return With(CodeArchivePath, "code", id.String()) }

// CodeMove puts a code elsewhere among those of its kind.
func CodeMove(id models.ID) string { return fill(CodeMovePath, id.String()) }

// CodeSplit takes a code apart.
func CodeSplit(id models.ID) string { return fill(CodeSplitPath, id.String()) }

// CodesOf lists the codes of a kind.
func CodesOf(kind models.CodeKind) string { return With(CodebookPath, "kind", kind.Key()) }

// CodeNew is the form for a new code of a kind.
func CodeNew(kind models.CodeKind) string { return With(CodeNewPath, "kind", kind.Key()) }

// CodeMerge shows what merging codes would do.
func CodeMerge(ids ...models.ID) string {
	var pairs []string
	for _, id := range ids {
		pairs = append(pairs, "id", id.String())
	}
	return With(CodeMergePath, pairs...)
}

// CodebookVersion is the codebook as a brief froze it.
func CodebookVersion(n int) string { return fill(CodebookVersionPath, strconv.Itoa(n)) }
